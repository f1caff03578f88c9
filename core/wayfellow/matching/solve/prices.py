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

    Prices are 0 or more; ``without`` may be less, and is NEVER where nobody is. They are ``settled`` where nobody
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


def prices(arcs: Arcs, chosen: NDArray[np.bool_]) -> Prices:
    """Return the least prices at which nobody would rather have another of the arcs than one of their own.

    They are the longest ways along which one could take the place of the next: from an empty place, where prices are
    0, and from being without a mentor, or with one fewer than wanted. Neither way leads back to where it starts when
    the choice is the best of as many pairs, so each kind is found by itself and the two are put together.
    Of another choice there may be none; then they stop somewhere. Work is bounded.
    Source: potentials of residual networks, Ahuja, Magnanti and Orlin, Network Flows (1993), chapters 5 and 9.
    """
    market = _Market(arcs, chosen)
    places = market.raised(np.zeros(len(arcs.room), np.int64))
    lacks = np.bincount(arcs.mentee[chosen], minlength=len(arcs.wanted)) < arcs.wanted
    if not lacks.any() or not chosen.any():
        return Prices(places, NEVER, market.settled)
    bids = np.flatnonzero(lacks[arcs.mentee] & ~chosen)
    ahead = np.full(len(places), NEVER)
    np.maximum.at(ahead, arcs.mentor[bids], arcs.gain[bids])
    ahead = market.raised(ahead)
    without = (places[arcs.mentor[chosen]] - arcs.gain[chosen]).max()
    return Prices(np.maximum(places, ahead + without), without, market.settled)


class _Market:
    """Hold who has a place with each mentor (m, n), and what else they could have (n, m), with gains."""

    def __init__(self, arcs: Arcs, chosen: NDArray[np.bool_]) -> None:
        self.held = _table(arcs, np.flatnonzero(chosen)).T.tocsr()
        self.others = _table(arcs, np.flatnonzero(~chosen))
        self.work, self.settled = EFFORT * (len(arcs) + 1), True

    def raised(self, price: Ints) -> Ints:
        """Raise prices, in place, to what those bid who would else rather have another place, until nobody does."""
        changed = np.flatnonzero(price > NEVER)
        while len(changed):
            own = self.held[changed]
            others = self.others[own.indices]
            left = np.repeat(price[changed], np.diff(own.indptr)) - own.data
            bid = np.repeat(left, np.diff(others.indptr)) + others.data
            higher = bid > price[others.indices]
            mentor = others.indices[higher]
            np.maximum.at(price, mentor, bid[higher])
            changed = np.unique(mentor)
            self.work -= len(bid)
            if self.work < 0:
                self.settled = False
                break
        return price


def _table(arcs: Arcs, use: Ints) -> csr_array:
    ends = np.searchsorted(arcs.mentee[use], np.arange(len(arcs.wanted) + 1))
    return csr_array((arcs.gain[use], arcs.mentor[use], ends), shape=(len(arcs.wanted), len(arcs.room)))
