"""Price the places of mentors so that nobody would rather have another candidate: what proves a choice to be best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Ints
    from wayfellow.matching.solve.arcs import Arcs

NEVER = np.int64(-(2**40))
#: So many times each pair is looked at on average, at most; a best choice takes about three.
EFFORT = 100


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Hold the price of a place with each mentor, int64 (m,), and what being ``without`` a mentor is paid for.

    Prices are 0 or more; ``without`` may be less, and is NEVER where nobody has one. They are ``settled`` where nobody
    would rather have another of the candidates that they were found for.
    """

    places: Ints
    without: np.int64
    settled: bool

    def preference(self, arcs: Arcs, chosen: NDArray[np.bool_]) -> Ints:
        """Return by how much each arc is better for its mentee, prices paid, than what they have.

        Above 0 they would rather have it. Nobody may want several mentors.
        """
        kept = np.full(len(arcs.wanted), -self.without)
        kept[arcs.mentee[chosen]] = (arcs.gain - self.places[arcs.mentor])[chosen]
        better: Ints = arcs.gain - self.places[arcs.mentor] - kept[arcs.mentee]
        return better

    def unmet(self, arcs: Arcs, chosen: NDArray[np.bool_]) -> tuple[Ints, NDArray[np.bool_]]:
        """Return the mentees who would rather have another mentor or none, and tell which mentors have room at a price.

        Where there is neither, no other choice of as many pairs is better, since all that prices ask for is met.
        """
        better = self.preference(arcs, chosen) > 0
        dear = (arcs.gain - self.places[arcs.mentor])[chosen] < -self.without
        taken = np.bincount(arcs.mentor[chosen], minlength=len(arcs.room))
        return np.union1d(arcs.mentee[better], arcs.mentee[chosen][dear]), (taken < arcs.room) & (self.places > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Hold what the dearest way to a place with each mentor is worth, int64 (m,), along which all move up by one.

    ``from_empty`` is 0 or more: somebody takes an empty place, or one that counts as such; ``from_without``, NEVER
    where no way leads, counts from somebody who has no mentor, or one fewer than wanted.
    """

    from_empty: Ints
    from_without: Ints
    settled: bool


def prices(arcs: Arcs, chosen: NDArray[np.bool_]) -> Prices:
    """Return the least prices at which nobody would rather have another of the arcs than one of their own.

    Of a choice that is not the best of as many pairs there may be none; then they stop somewhere. Work is bounded.
    Source: potentials of residual networks, Ahuja, Magnanti and Orlin, Network Flows (1993), chapters 5 and 9.
    """
    ways = find_ways(arcs, chosen)
    if not chosen.any():
        return Prices(ways.from_empty, NEVER, ways.settled)
    without = (ways.from_empty[arcs.mentor[chosen]] - arcs.gain[chosen]).max()
    return Prices(np.maximum(ways.from_empty, ways.from_without + without), without, ways.settled)


def find_ways(arcs: Arcs, chosen: NDArray[np.bool_]) -> Ways:
    """Return the ways to each mentor; those of a best choice never lead back to where they start, and so end."""
    market = _Market(arcs, chosen)
    from_empty = market.raised(np.zeros(len(arcs.room), np.int64))
    lacks = np.bincount(arcs.mentee[chosen], minlength=len(arcs.wanted)) < arcs.wanted
    bids = np.flatnonzero(lacks[arcs.mentee] & ~chosen)
    from_without = np.full(len(from_empty), NEVER)
    np.maximum.at(from_without, arcs.mentor[bids], arcs.gain[bids])
    return Ways(from_empty, market.raised(from_without), market.settled)


class _Market:
    """Hold who has a place with each mentor (m, n), and what else they could have (n, m), with gains."""

    def __init__(self, arcs: Arcs, chosen: NDArray[np.bool_]) -> None:
        self.held = _table(arcs, np.flatnonzero(chosen)).T.tocsr()
        self.others = _table(arcs, np.flatnonzero(~chosen))
        self.work, self.settled = EFFORT * (len(arcs) + 1), True

    def raised(self, price: Ints) -> Ints:
        """Raise prices, in place, to what those bid who would else rather have another place, until nobody does."""
        changed = np.flatnonzero(price > NEVER)
        while len(changed) and self.settled:
            own = self.held[changed]
            others = self.others[own.indices]
            left = np.repeat(price[changed], np.diff(own.indptr)) - own.data
            bid = np.repeat(left, np.diff(others.indptr)) + others.data
            higher = bid > price[others.indices]
            mentor = others.indices[higher]
            np.maximum.at(price, mentor, bid[higher])
            changed = np.unique(mentor)
            self.work -= len(bid)
            self.settled = self.work >= 0
        return price


def _table(arcs: Arcs, use: Ints) -> csr_array:
    ends = np.searchsorted(arcs.mentee[use], np.arange(len(arcs.wanted) + 1))
    return csr_array((arcs.gain[use], arcs.mentor[use], ends), shape=(len(arcs.wanted), len(arcs.room)))
