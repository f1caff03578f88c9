"""List what a run drafted, for the review board; each list takes a bounded number of SQL statements."""

from __future__ import annotations

from collections.abc import Sequence

from wayfellow.deployment import Transaction
from wayfellow.mentorships.views import (
    DraftCounts,
    DraftFilter,
    DraftSort,
    MentorLoad,
    PairView,
    ScoreBand,
    UnmatchedGroup,
    UnmatchedView,
)
from wayfellow.paging import Page


def list_drafts(
    tx: Transaction,
    run_id: int,
    *,
    filter: DraftFilter = DraftFilter.ALL,  # noqa: A002
    search: str = "",
    sort: DraftSort = DraftSort.SCORE,
    page: int = 1,
    size: int = 20,
) -> Page[PairView]:
    """List the live pairs of a run; ``search`` looks in both names. After publishing they are proposals."""
    raise NotImplementedError


def count_drafts(tx: Transaction, run_id: int) -> DraftCounts:
    """Count the pairs of each tab of the board."""
    raise NotImplementedError


def list_unmatched(
    tx: Transaction, run_id: int, *, cause: str | None = None, search: str = "", page: int = 1, size: int = 20
) -> Page[UnmatchedView]:
    """List the mentees without a mentor, by cause and name; ``cause`` keeps one group."""
    raise NotImplementedError


def group_unmatched(tx: Transaction, run_id: int, *, first: int = 5) -> Sequence[UnmatchedGroup]:
    """Group the mentees without a mentor by cause, the largest group first, with the ``first`` people of each."""
    raise NotImplementedError


def score_histogram(tx: Transaction, run_id: int, *, bands: int = 20) -> Sequence[ScoreBand]:
    """Count the live pairs per band of scores, from the lowest band with a pair to the highest."""
    raise NotImplementedError


def load_per_mentor(tx: Transaction, run_id: int) -> Sequence[MentorLoad]:
    """Count the cycle's mentors by how many mentees they would have once the run's drafts are accepted."""
    raise NotImplementedError
