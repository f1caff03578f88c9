"""Score people of one pool with one another: how well two fit does not depend on who is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from wayfellow.errors import InvalidInput
from wayfellow.host.records import ScoreAnswers
from wayfellow.matching.engines import each
from wayfellow.matching.result import Quality
from wayfellow.matching.scoring import Scoring
from wayfellow.matching.settings import BLOCK_ROWS
from wayfellow.types import Contribution, Explanation, MatchProblem

#: Larger pools would need a table of scores that is too large, and hours to choose.
MOST_PEERS = 10_000
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Hold what scorers say of all pairs both ways, float32 (n, n) by scorer, and which failed."""

    scores: Mapping[str, Floats]
    failures: Mapping[str, str]


class PeerScoring(Scoring):
    """Score peers: the mean of what a scorer says of two people one way and the other.

    What a plugin forbids one way is forbidden both ways. All pairs are scored before the first block is answered, since
    each row needs a column of every block: that takes 4 bytes times people squared for each scorer.
    """

    def forbidden(self, rows: slice) -> Mapping[str, csr_array]:
        """Return the pairs of a block that plugins forbid either way, bool, by the plugin's name."""
        whole = self.problem.once("peers.forbidden", self._forbidden_either_way)
        return {name: csr_array(table[rows]) for name, table in whole.items()}

    def explain(self, pairs: NDArray[np.int64]) -> Mapping[str, Sequence[Explanation]]:
        """Return what each scorer says of pairs (k, 2): half of each way, so that the shares add up to the mean."""
        there = self.host.explain_matches(self.problem, pairs)
        back = self.host.explain_matches(self.problem, pairs[:, ::-1])
        return {
            name: [_halves(one, other) for one, other in zip(there[name], back[name], strict=True)]
            for name in there.keys() & back.keys()
        }

    def _ask(self, block: MatchProblem) -> dict[str, csr_array]:
        table = self.problem.once("peers.scores", self._score_both_ways)
        parts = {name: scores for name, scores in table.scores.items() if name not in self.failures}
        self._update(table.failures, frozenset(parts))
        return {name: csr_array(scores[block.rows]) for name, scores in parts.items()}

    def _score_both_ways(self) -> _Table:
        scores: dict[str, Floats] = {}
        failures: dict[str, str] = {}
        n = len(self.problem.mentees)
        blocks = list(_blocks(n))
        for rows, answers in zip(blocks, each(self._score, blocks, self.settings.workers), strict=True):
            failures.update(answers.failures)
            for name, own in answers.scores:
                scores.setdefault(name, np.zeros((n, n), np.float32))[rows] = own.toarray()
        for name in failures:
            scores.pop(name, None)
        for table in scores.values():
            table += table.T
            table /= 2
        return _Table(scores, failures)

    def _score(self, rows: slice) -> ScoreAnswers:
        return self.host.score_matches(self.problem.block(rows))

    def _forbidden_either_way(self) -> dict[str, csr_array]:
        found: dict[str, list[csr_array]] = {}
        for rows in _blocks(len(self.problem.mentees)):
            for name, own in super().forbidden(rows).items():
                found.setdefault(name, []).append(own)
        return {name: _either_way(parts) for name, parts in found.items()}


def check_peers(problem: MatchProblem) -> None:
    """Raise InvalidInput where the problem is not one pool of at most :data:`MOST_PEERS` people, each in one pair."""
    if problem.mentees.keys != problem.mentors.keys or (problem.wanted > 1).any() or problem.minimum.any():
        raise InvalidInput("Peers are one pool, each in one pair; give one list of people and leave out the rest.")
    if len(problem.mentees) > MOST_PEERS:
        raise InvalidInput(
            f"There are {len(problem.mentees):,} people, and at most {MOST_PEERS:,} can be paired as peers at once; "
            "split them, by place or department for instance."
        )


def once_per_pair(quality: Quality) -> Quality:
    """Return the figures with each pair counted once, not once for each of its two people."""
    return replace(
        quality,
        pairs=quality.pairs // 2,
        total=quality.total / 2,
        upper_bound=quality.upper_bound / 2,
        ceiling=quality.ceiling / 2,
        current=quality.current // 2,
        moved=quality.moved // 2,
    )


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK_ROWS, n)) for start in range(0, n, BLOCK_ROWS))


def _either_way(parts: list[csr_array]) -> csr_array:
    whole = csr_array(vstack(parts, format="csr"))
    return csr_array((whole + whole.T).astype(bool))


def _halves(there: Explanation, back: Explanation) -> Explanation:
    """Return one explanation of two; of a reason that stands in both, the fields of the larger share are named."""
    turned = [replace(one, mentee_field=one.mentor_field, mentor_field=one.mentee_field) for one in back.contributions]
    found: dict[tuple[str, bool], Contribution] = {}
    for one in sorted([*there.contributions, *turned], key=lambda one: -abs(one.share)):
        key = one.label, one.shared
        known = found.get(key)
        share = one.share / 2 + (known.share if known else 0.0)
        found[key] = replace(known or one, share=share)
    return Explanation((there.score + back.score) / 2, tuple(found.values()))
