"""Turn a choice into one of as many pairs as possible: few steps where few pairs are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wayfellow.matching.solve.arcs import Arcs

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Ints

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Hold whose arc each is, and everybody's arcs: those of person p are ``arcs[ends[p] : ends[p + 1]]``."""

    person: Ints
    arcs: NDArray[np.int32] | None
    ends: Ints

    def of(self, people: Ints) -> Ints:
        """Return the arcs of some people."""
        length = self.ends[people + 1] - self.ends[people]
        place: Ints = np.arange(length.sum()) + np.repeat(self.ends[people] - (np.cumsum(length) - length), length)
        return place if self.arcs is None else self.arcs[place].astype(np.int64)


class Pool:
    """Hold arcs so that augmenting paths are found from either end."""

    def __init__(self, arcs: Arcs) -> None:
        n, m = len(arcs.wanted), len(arcs.room)
        starts = np.searchsorted(arcs.mentee, np.arange(n + 1))
        table = csr_array((np.arange(len(arcs), dtype=np.int32), arcs.mentor, starts), shape=(n, m)).tocsc()
        self.mentees = _Side(arcs.mentee, None, starts)
        self.mentors = _Side(arcs.mentor, table.data, table.indptr.astype(np.int64))

    def enlarge(self, chosen: Bools, usable: Bools, wanted: Ints, room: Ints, enough: int) -> Bools:
        """Return a choice of ``enough`` pairs, or of as many as possible, all usable, given one to begin with.

        Each mentee is in ``wanted`` at most, each mentor in ``room``. As long as a path leads from a mentee who lacks
        a pair to a mentor with room, every second step of it a chosen one, the others can be chosen instead (Berge
        1957); disjoint paths of the shortest kind are taken at a time (Hopcroft and Karp 1973). They are looked for
        from the side that has less to give.
        """
        chosen = chosen.copy()
        lacks = wanted - np.bincount(self.mentees.person[chosen], minlength=len(wanted))
        empty = room - np.bincount(self.mentors.person[chosen], minlength=len(room))
        count = int(chosen.sum())
        sides = (self.mentees, lacks), (self.mentors, empty)
        here, there = sides if lacks.sum() < empty.sum() else sides[::-1]
        while count < enough and (paths := _shortest(*here, *there, chosen, usable)):
            for path in paths[: enough - count]:
                chosen[path] ^= True
            count += len(paths)
        return chosen


def _shortest(here: _Side, lacks: Ints, there: _Side, room: Ints, chosen: Bools, usable: Bools) -> list[list[int]]:
    """Return disjoint paths, as arcs, all of them shortest; ``lacks`` and ``room`` are lowered by what they use."""
    came = np.full(len(lacks), -1, np.int64)
    reached = np.full(len(room), -1, np.int64)
    seen = lacks > 0
    layer = np.flatnonzero(seen)
    while len(layer):
        arcs = here.of(layer)
        arcs = arcs[usable[arcs] & ~chosen[arcs] & (reached[there.person[arcs]] < 0)]
        reached[there.person[arcs]] = arcs
        found = np.unique(there.person[arcs])
        ends = found[room[found] > 0]
        if len(ends):
            return _disjoint(ends.tolist(), came, reached, here, lacks, there, room)
        arcs = there.of(found)
        arcs = arcs[chosen[arcs]]
        arcs = arcs[~seen[here.person[arcs]]]
        layer = here.person[arcs]
        came[layer], seen[layer] = arcs, True
        layer = np.unique(layer)
    return []


def _disjoint(
    ends: list[int], came: Ints, reached: Ints, here: _Side, lacks: Ints, there: _Side, room: Ints
) -> list[list[int]]:
    """Return the paths to these ends that use no arc of one before, back to somebody who still lacks a pair."""
    used: set[int] = set()
    found = []
    for end in ends:
        path = [int(reached[end])]
        person = here.person[path[0]]
        while came[person] >= 0 and path[-1] not in used:
            held = int(came[person])
            path += [held, int(reached[there.person[held]])]
            person = here.person[path[-1]]
        if used.isdisjoint(path) and lacks[person] > 0:
            used.update(path)
            found.append(path)
            lacks[person] -= 1
            room[end] -= 1
    return found


def within(arcs: Arcs, chosen: Bools, wanted: Ints, room: Ints) -> Bools:
    """Return the choice without the pairs by which somebody is chosen more often than this."""
    kept = np.flatnonzero(chosen)
    for person, most in (arcs.mentee, wanted), (arcs.mentor, room):
        kept = kept[np.argsort(person[kept], kind="stable")]
        own = person[kept]
        kept = kept[np.arange(len(own)) - np.searchsorted(own, own) < most[own]]
    fewer = np.zeros(len(chosen), dtype=bool)
    fewer[kept] = True
    return fewer
