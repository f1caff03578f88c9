"""Find the pairs that score but are forbidden, and who forbids them, for people whom that may concern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.problem import same_person
from wayfellow.matching.reasons import NamedRule
from wayfellow.matching.scoring import ScorersChanged, Scoring
from wayfellow.matching.settings import BLOCK_ROWS
from wayfellow.types import MatchProblem

#: In larger pools only so many mentees are looked into, those without a mentor first.
PEOPLE = 2 * BLOCK_ROWS
SOME = 256
#: A plugin is asked about so many pairs at a time.
CHUNK = 8192
Say = Callable[[int, int], str]
#: By rule, which of some pairs it forbids (bool, aligned), and what says a finding.
Stands = dict[NamedRule, tuple[NDArray[np.bool_], Say]]
#: Stands for coordinators' exclusions, which no plugin brings.
EXCLUSION = NamedRule("")


@dataclass(frozen=True, slots=True, eq=False)
class Barred:
    """Hold forbidden pairs that score more than what the mentee got: int64 (k,), by mentee, the highest score first.

    ``micro`` in millionths. ``rules`` are the s different things that stand in the way, EXCLUSION for coordinators'
    exclusions, without a label where a plugin names no rule; ``stands`` bool (k, s) tells which of them stand in the
    way of a pair. ``says`` hold, for each, what says a finding. A block, and a person with themselves, are left out.
    """

    mentee: Ints
    mentor: Ints
    micro: Ints
    rules: tuple[NamedRule, ...]
    stands: NDArray[np.bool_]
    says: tuple[Say, ...]

    def __len__(self) -> int:
        return len(self.mentee)

    def of(self, place: int) -> tuple[bool, tuple[NamedRule, ...]]:
        """Tell whether a pair is excluded, and which rules forbid it, each with what it found."""
        here = np.flatnonzero(self.stands[place]).tolist()
        pair = int(self.mentee[place]), int(self.mentor[place])
        rules = [self.rules[s].found(self.says[s](*pair)) for s in here if self.rules[s] != EXCLUSION]
        return len(rules) < len(here), tuple(rules)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Hold the pairs of one block and what stands in their way."""

    pairs: Ints
    micro: Ints
    stands: Stands


def list_barred(scoring: Scoring, candidates: Candidates, chosen: Ints) -> Barred:
    """Return the forbidden pairs of those without a mentor and, in pools that are not large, of everybody.

    A scorer that fails now, after the run, leaves nothing to say.
    """
    got = candidates.lowest(chosen)
    try:
        parts = [
            _in_block(scoring, rows, got)
            for rows in _blocks(candidates, chosen)
            if (candidates.positive[rows] > candidates.allowed[rows]).any()
        ]
    except ScorersChanged:
        parts = []
    return _joined(parts)


def _blocks(candidates: Candidates, chosen: Ints) -> list[slice]:
    n = len(candidates)
    if n <= PEOPLE:
        return [slice(start, min(start + BLOCK_ROWS, n)) for start in range(0, n, BLOCK_ROWS)]
    alone = np.setdiff1d(np.arange(n), candidates.mentee[chosen])
    barred = alone[candidates.positive[alone] > candidates.allowed[alone]]
    return [slice(row, row + 1) for row in barred[:SOME].tolist()]


def _in_block(scoring: Scoring, rows: slice, got: Ints) -> _Part:
    problem, block = scoring.problem, scoring.problem.block(rows)
    scores = scoring.block(rows)[0].toarray()
    by_plugin: dict[str, NDArray[np.bool_]] = {name: a.toarray() for name, a in scoring.forbidden(rows).items()}
    excluded = _inside(problem.excluded, block)
    wanted = np.logical_or.reduce([excluded, *by_plugin.values()]) & (scores > got[rows][:, None])
    wanted &= ~(_inside(problem.private, block) | _inside(same_person(problem), block))
    row, mentor = wanted.nonzero()
    pairs = np.stack([row + rows.start, mentor], axis=1).astype(np.int64)
    stands: Stands = {}
    if excluded[row, mentor].any():
        stands[EXCLUSION] = excluded[row, mentor], _nothing
    forbidden = {name: mask[row, mentor] for name, mask in by_plugin.items()}
    return _Part(pairs, scores[row, mentor].astype(np.int64), stands | _rules(scoring, pairs, forbidden))


def _rules(scoring: Scoring, pairs: Ints, forbidden: dict[str, NDArray[np.bool_]]) -> Stands:
    """Return the rules of plugins with the pairs that each forbids; what none explains stands under a plugin's name."""
    found: Stands = {}
    unnamed = {name: mask.copy() for name, mask in forbidden.items()}
    for start in range(0, len(pairs), CHUNK):
        here = slice(start, start + CHUNK)
        for plugin, rules in scoring.host.explain_forbidden(scoring.problem, pairs[here]).items():
            for rule in rules if plugin in forbidden else ():
                mask, _ = found.setdefault(
                    NamedRule(plugin, rule.label), (np.zeros(len(pairs), bool), rule.say or _nothing)
                )
                mask[here] = rule.broken & forbidden[plugin][here]
                unnamed[plugin][here] &= ~rule.broken
    found |= {NamedRule(plugin): (mask, _nothing) for plugin, mask in unnamed.items()}
    return {rule: said for rule, said in found.items() if said[0].any()}


def _joined(parts: list[_Part]) -> Barred:
    rules = sorted({rule for part in parts for rule in part.stands})
    sizes = [len(part.pairs) for part in parts]
    pairs = np.concatenate([np.zeros((0, 2), np.int64), *(part.pairs for part in parts)])
    micro = np.concatenate([np.zeros(0, np.int64), *(part.micro for part in parts)])
    stands = np.zeros((len(pairs), len(rules)), bool)
    says: dict[NamedRule, Say] = {}
    for part, stop in zip(parts, np.cumsum(sizes, dtype=np.int64).tolist(), strict=True):
        for rule, (mask, say) in part.stands.items():
            stands[stop - len(part.pairs) : stop, rules.index(rule)] = mask
            says.setdefault(rule, say)
    order = np.lexsort((pairs[:, 1], -micro, pairs[:, 0]))
    said = tuple(says[rule] for rule in rules)
    return Barred(pairs[order, 0], pairs[order, 1], micro[order], tuple(rules), stands[order], said)


def _inside(pairs: Ints, block: MatchProblem) -> NDArray[np.bool_]:
    """Return which pairs of a block are among the pairs (k, 2)."""
    found = np.zeros(block.shape, bool)
    here = pairs[(pairs[:, 0] >= block.rows.start) & (pairs[:, 0] < block.rows.stop)]
    found[here[:, 0] - block.rows.start, here[:, 1]] = True
    return found


def _nothing(mentee: int, mentor: int) -> str:
    """Say nothing beside the rule's name."""
    return ""
