"""Hold what a match run comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.causes import Cause
from wayfellow.matching.reasons import BarredMentor, Fairness, Relaxation, Unpriced, WhyNot
from wayfellow.matching.settings import Mode
from wayfellow.matching.solve import in_pairs
from wayfellow.types import JSON, Assignment, Contribution, MatchProblem

#: A mentor's position, the score with a mentee, and the rank for that mentee.
Ranked = tuple[int, float, int]


@dataclass(frozen=True, slots=True)
class UnmatchedMentee:
    """Hold a mentee without a mentor (position in the pool), the binding cause, and the reason in a sentence."""

    mentee: int
    cause: Cause
    reason: str


@dataclass(frozen=True, slots=True)
class ScorerPart:
    """Hold one scorer's part of a pair's score.

    ``weight`` in [0, 1], ``score`` the scorer's own in [0, 1]; the shares of ``terms`` add up to weight times score, so
    that those of all parts add up to the pair's score.
    """

    scorer: str
    weight: float
    score: float
    terms: tuple[Contribution, ...]

    def as_json(self) -> dict[str, JSON]:
        """Return the part as it is stored with a candidate."""
        return {
            "scorer": self.scorer,
            "weight": round(self.weight, 6),
            "score": round(self.score, 6),
            "terms": [
                [one.label, round(one.share, 6), one.mentee_field, one.mentor_field, one.shared] for one in self.terms
            ],
        }


@dataclass(frozen=True, slots=True)
class Quality:
    """Hold the figures of a run.

    ``matched`` people in so many ``pairs``; ``places`` all mentors offer; ``total`` of the chosen scores;
    ``upper_bound`` that no assignment of as many people can exceed; ``percent`` of it reached: at 100 the pairs are
    proven to be the best; ``ceiling`` what as many people could reach if no mentor were ever full; ``worst``,
    ``median`` and ``tenth`` percentile of the chosen scores, None without pairs. ``floor`` is the lowest score given to
    a pair that was not locked, None when no floor was asked for, and ``floor_price`` what the total gave up for it.
    ``short`` keys of mentors below their minimum; ``current`` pairs of before whose people both take part, and how many
    of them ``moved``; ``quotas`` as they were asked for, and how many people each counts.
    """

    people: int
    mentors: int
    places: int
    matched: int
    total: float
    upper_bound: float
    percent: float
    ceiling: float
    worst: float | None
    median: float | None
    tenth: float | None
    pairs: int
    floor: float | None
    floor_price: float
    short: tuple[str, ...]
    current: int
    moved: int
    quotas: tuple[tuple[str, int], ...] = ()

    @property
    def floor_price_percent(self) -> float:
        """Return what the floor gave up, in percent of the total without it."""
        before = self.total + self.floor_price
        return 100 * self.floor_price / before if before else 0.0


@dataclass(frozen=True, slots=True)
class Reasons:
    """Hold what a run found out about pairs that it did not make; people are positions in the pools.

    ``why_not`` by (mentee, mentor), for mentors who scored higher than the one the mentee got, who stand in ``better``
    by mentee as (mentor, score, rank), the best first; ``barred`` by mentee, those whom a rule forbids; ``alternates``
    like ``better``, those who would still have a place. ``mentor_ranks`` by (mentee, mentor): the mentee's rank, from
    1, among all for whom the mentor is a candidate. ``relaxations`` would give more people a mentor; where
    ``unpriced`` says why, these and what other pairs would have cost were not worked out.
    """

    why_not: Mapping[tuple[int, int], WhyNot]
    better: Mapping[int, tuple[Ranked, ...]]
    barred: Mapping[int, tuple[BarredMentor, ...]]
    alternates: Mapping[int, tuple[Ranked, ...]]
    mentor_ranks: Mapping[tuple[int, int], int]
    relaxations: tuple[Relaxation, ...]
    unpriced: Unpriced | None = None

    def find_alternates(self, candidates: Candidates) -> Ints:
        """Return where the alternates of all mentees stand among candidates, by mentee, the best first."""
        pairs = [(mentee, one[0]) for mentee, own in self.alternates.items() for one in own]
        mentee, mentor = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return candidates.find(mentee, mentor)


@dataclass(frozen=True, slots=True, eq=False)
class MatchResult:
    """Hold all that a run found out.

    ``pairs`` int64 (k,): where each pair of ``assignment`` stands among ``candidates``, which hold its score and rank.
    ``explanations`` by (mentee, mentor) positions. ``weights`` add up to 1 over the scorers that answered. ``degraded``
    names scorers that failed, and why. ``reasons`` says why not others and what would help.
    ``seconds`` by stage. ``versions`` of Wayfellow, plugins and the solver.
    """

    problem: MatchProblem
    candidates: Candidates
    assignment: Assignment
    pairs: Ints
    explanations: Mapping[tuple[int, int], tuple[ScorerPart, ...]]
    unmatched: tuple[UnmatchedMentee, ...]
    quality: Quality
    fairness: Fairness
    reasons: Reasons
    weights: Mapping[str, float]
    degraded: Mapping[str, str]
    seconds: Mapping[str, float]
    versions: Mapping[str, str]
    input_hash: str
    mode: str = Mode.PAIRS

    @property
    def scores(self) -> NDArray[np.float64]:
        """Return the score of each chosen pair."""
        return self.candidates.score[self.pairs]

    @property
    def once(self) -> NDArray[np.bool_]:
        """Tell which chosen pairs to count: of peers, who are there both ways, one."""
        if self.mode != Mode.PEERS:
            return np.ones(len(self.pairs), dtype=bool)
        first: NDArray[np.bool_] = self.assignment.mentee < self.assignment.mentor
        return first

    @property
    def ranks(self) -> Ints:
        """Return, for each chosen pair, the mentor's rank for the mentee, from 1."""
        return self.candidates.rank[self.pairs]

    @property
    def alternates(self) -> Ints:
        """Return where the alternates of all mentees stand among the candidates."""
        return self.reasons.find_alternates(self.candidates)

    @property
    def locked(self) -> NDArray[np.bool_]:
        """Tell for each chosen pair whether it was locked."""
        return in_pairs(self.assignment.mentee, self.assignment.mentor, self.problem.locked)

    def why(self, mentee: int, mentor: int) -> str:
        """Return a pair's reasons in a line, such as "forecasting (32%), demand (21%)", "" when there are none."""
        terms = [term for part in self.explanations.get((mentee, mentor), ()) for term in part.terms]
        total = sum(term.share for term in terms)
        if total <= 0:
            return ""
        ordered = sorted(terms, key=lambda term: (not term.shared, -term.share))
        return ", ".join(f"{term.label} ({term.share / total:.0%})" for term in ordered)
