"""Find the pairs that score but are forbidden, and who forbids them, for people whom that may concern."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.problem import same_person
from wayfellow.matching.reasons import Obstacle
from wayfellow.matching.scoring import ScorersChanged, Scoring
from wayfellow.matching.settings import BLOCK_ROWS

#: In larger pools only so many mentees are looked into, those without a mentor first.
PEOPLE = 2 * BLOCK_ROWS
SOME = 256


@dataclass(frozen=True, slots=True, eq=False)
class Barred:
    """Hold forbidden pairs that score above 0: int64 (k,), aligned, sorted by mentee and then the highest score.

    ``micro`` in millionths. ``source`` is Obstacle.EXCLUDED where only coordinators' exclusions stand in the way, or
    the name of the only plugin that does. What several forbid, a block, and a person with themselves are left out.
    """

    mentee: Ints
    mentor: Ints
    micro: Ints
    source: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.mentee)


def list_barred(scoring: Scoring, candidates: Candidates, chosen: Ints) -> Barred:
    """Return the forbidden pairs of those without a mentor and, in pools that are not large, of everybody.

    A scorer that fails now, after the run, leaves nothing to say.
    """
    try:
        found = [
            part
            for rows in _blocks(candidates, chosen)
            if (candidates.positive[rows] > candidates.allowed[rows]).any()
            for part in _in_block(scoring, rows)
        ]
    except ScorersChanged:
        found = []
    found.sort(key=lambda pair: (pair[0], -pair[2], pair[1]))
    columns = np.array([pair[:3] for pair in found], dtype=np.int64).reshape(-1, 3).T
    return Barred(columns[0], columns[1], columns[2], tuple(pair[3] for pair in found))


def _blocks(candidates: Candidates, chosen: Ints) -> list[slice]:
    n = len(candidates)
    if n <= PEOPLE:
        return [slice(start, min(start + BLOCK_ROWS, n)) for start in range(0, n, BLOCK_ROWS)]
    alone = np.setdiff1d(np.arange(n), candidates.mentee[chosen])
    barred = alone[candidates.positive[alone] > candidates.allowed[alone]]
    return [slice(row, row + 1) for row in barred[:SOME].tolist()]


def _in_block(scoring: Scoring, rows: slice) -> list[tuple[int, int, int, str]]:
    problem = scoring.problem
    scores, _ = scoring.block(rows)
    rules = {
        name: set(zip(*(axis.tolist() for axis in forbidden.nonzero()), strict=True))
        for name, forbidden in scoring.forbidden(rows).items()
    }
    excluded, private = _inside(problem.excluded, rows), _inside(same_person(problem), rows)
    private |= _inside(problem.private, rows)
    found = []
    for i, j in sorted((excluded | set().union(*rules.values())) - private):
        sources = [name for name, pairs in rules.items() if (i, j) in pairs]
        sources += [Obstacle.EXCLUDED] if (i, j) in excluded else []
        micro = int(scores[i, j])
        if micro and len(sources) == 1:
            found.append((i + rows.start, j, micro, sources[0]))
    return found


def _inside(pairs: Ints, rows: slice) -> set[tuple[int, int]]:
    here = pairs[(pairs[:, 0] >= rows.start) & (pairs[:, 0] < rows.stop)]
    return {(i - rows.start, j) for i, j in here.tolist()}
