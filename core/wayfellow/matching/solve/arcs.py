"""Say what a solver may still choose from, once the locked pairs have taken their places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.lottery import ranked_lots
from wayfellow.matching.settings import MatchSettings, Mode, Objective
from wayfellow.types import Assignment, MatchProblem

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Candidates, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Hold the pairs that may be chosen, int64 and aligned, by mentee and rank, and how often each person may be.

    ``score`` in millionths; ``gain`` the same with the bonus of pairs that are together now; ``wanted`` (n_mentees,)
    and ``room`` (n_mentors,) what locked pairs leave; ``minimum`` (n_mentors,) mentees that a mentor still lacks;
    ``alone`` (n_mentees,) says who has no locked mentor.
    """

    mentee: Ints
    mentor: Ints
    score: Ints
    gain: Ints
    wanted: Ints
    room: Ints
    minimum: Ints
    alone: NDArray[np.bool_]

    @property
    def is_even(self) -> bool:
        """Tell whether each pair adds a person, so that pairs and people are the same."""
        return bool((self.wanted <= self.alone).all())

    def __len__(self) -> int:
        return len(self.mentee)

    def only(self, keep: NDArray[np.bool_]) -> Arcs:
        """Return the arcs that ``keep`` marks."""
        return replace(
            self, mentee=self.mentee[keep], mentor=self.mentor[keep], score=self.score[keep], gain=self.gain[keep]
        )

    def first(self, k: int) -> NDArray[np.bool_]:
        """Tell which arcs are among the first k of their mentee."""
        starts = np.searchsorted(self.mentee, np.arange(len(self.wanted)))
        is_first: NDArray[np.bool_] = np.arange(len(self)) - starts[self.mentee] < k
        return is_first

    def unbiased(self) -> Arcs:
        """Return the same arcs without the bonus."""
        return replace(self, gain=self.score)

    def plain(self) -> Arcs:
        """Return the same arcs without bonus and minimum."""
        return replace(self, gain=self.score, minimum=np.zeros_like(self.minimum))


def free_arcs(problem: MatchProblem, candidates: Candidates) -> tuple[Arcs, NDArray[np.bool_]]:
    """Return the candidates that can still be chosen, and tell which they are; gains are the bare scores.

    A forbidden pair can't be chosen: it has no arc, whatever else is asked.
    """
    room = places_left(problem.capacity, problem.locked)
    have = np.bincount(problem.locked[:, 0], minlength=len(candidates))
    wanted = problem.wanted - have
    minimum = problem.minimum - np.bincount(problem.locked[:, 1], minlength=len(room))
    mentee, mentor, micro = candidates.mentee, candidates.mentor, candidates.micro
    use = (micro > 0) & (wanted[mentee] > 0) & (room[mentor] > 0)
    use &= ~in_pairs(mentee, mentor, problem.locked)
    score = micro[use]
    return Arcs(mentee[use], mentor[use], score, score, wanted, room, np.maximum(minimum, 0), have == 0), use


def open_arcs(problem: MatchProblem, candidates: Candidates, settings: MatchSettings) -> Arcs:
    """Return the candidates that can still be chosen, with what the settings make of their scores."""
    arcs, _ = free_arcs(problem, candidates)
    score = arcs.score
    if settings.mode == Mode.LOTTERY:
        score = ranked_lots(score, int(min(arcs.wanted.sum(), arcs.room.sum())), len(arcs.wanted) + len(arcs.room))
    bonus = np.rint(score * settings.incumbent_bonus).astype(np.int64)
    gain = score + np.where(in_pairs(arcs.mentee, arcs.mentor, problem.current), bonus, 0)
    return replace(arcs, score=score, gain=gain)


def places_left(capacity: NDArray[np.int16], taken: Ints) -> Ints:
    """Return each mentor's places (int64) that the pairs in ``taken`` (k, 2) leave."""
    return capacity.astype(np.int64) - np.bincount(taken[:, 1], minlength=len(capacity))


def in_pairs(mentee: Ints, mentor: Ints, pairs: Ints) -> NDArray[np.bool_]:
    """Tell which of the aligned positions are among ``pairs`` (k, 2)."""
    if not (len(mentee) and len(pairs)):
        return np.zeros(len(mentee), dtype=bool)
    return np.isin(mentee << 32 | mentor, pairs[:, 0] << 32 | pairs[:, 1])


def as_assignment(arcs: Arcs, chosen: NDArray[np.bool_], locked: Ints) -> Assignment:
    """Return the chosen arcs and the locked pairs, sorted by mentee and then mentor."""
    pairs = np.concatenate([np.stack([arcs.mentee[chosen], arcs.mentor[chosen]], axis=1), locked])
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return Assignment(mentee=pairs[:, 0].copy(), mentor=pairs[:, 1].copy())


def people_first(settings: MatchSettings) -> bool:
    """Tell whether as many people as possible come before the total."""
    return settings.objective == Objective.MOST_PEOPLE
