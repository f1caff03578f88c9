"""Compare the pairs of two runs: who keeps a mentor, who gets another, who gains one and who is without one."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Generic, TypeVar

#: What identifies a person: the database's number, or the key of a file.
K = TypeVar("K", int, str)


class ChangeKind(StrEnum):
    """Name what became of a mentee between two runs; ``ABSENT`` had a mentor, and the later run left them aside."""

    STAYED = "stayed"
    MOVED = "moved"
    MATCHED = "matched"
    UNMATCHED = "unmatched"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Change(Generic[K]):
    """Hold what became of one mentee; mentor and score of a side are None where there was no pair."""

    kind: ChangeKind
    mentee: K
    before: K | None = None
    after: K | None = None
    score_before: float | None = None
    score_after: float | None = None

    @property
    def gain(self) -> float:
        """Return by how much the score rose, in [-1, 1]; no pair counts as 0."""
        return (self.score_after or 0.0) - (self.score_before or 0.0)


def compare_pairs(
    before: Mapping[tuple[K, K], float | None], after: Mapping[tuple[K, K], float | None], left_over: Container[K]
) -> list[Change[K]]:
    """Return what changed from one run to a later one, by mentee; the order of the input does not matter.

    ``before`` and ``after`` map (mentee, mentor) to the score, None where it is not known. ``left_over`` holds the
    mentees who took part in the later run and got nobody. A mentee of several mentors has a change for each.
    """
    had, has = _by_mentee(before), _by_mentee(after)
    return [change for mentee in sorted(had.keys() | has.keys()) for change in _of(mentee, had, has, left_over)]


def _by_mentee(pairs: Mapping[tuple[K, K], float | None]) -> dict[K, dict[K, float | None]]:
    found: dict[K, dict[K, float | None]] = {}
    for mentee, mentor in sorted(pairs):
        found.setdefault(mentee, {})[mentor] = pairs[mentee, mentor]
    return found


def _of(
    mentee: K,
    had: Mapping[K, dict[K, float | None]],
    has: Mapping[K, dict[K, float | None]],
    left_over: Container[K],
) -> Iterator[Change[K]]:
    old, new = had.get(mentee, {}), has.get(mentee, {})
    for mentor in sorted(old.keys() & new.keys()):
        yield Change(ChangeKind.STAYED, mentee, mentor, mentor, old[mentor], new[mentor])
    lost, won = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
    present = bool(new) or mentee in left_over
    for one, other in zip_longest(lost, won):
        scores = None if one is None else old[one], None if other is None else new[other]
        yield Change(_kind(one, other, present), mentee, one, other, *scores)


def _kind(one: K | None, other: K | None, present: bool) -> ChangeKind:
    if one is None:
        return ChangeKind.MATCHED
    if other is not None:
        return ChangeKind.MOVED
    return ChangeKind.UNMATCHED if present else ChangeKind.ABSENT
