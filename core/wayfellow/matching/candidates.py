"""Keep the best mentors of each mentee, and nothing of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MICRO = 1_000_000
#: The rank of a candidate of whom nobody has asked how many others are better; it comes after all others.
UNRANKED = 2**31
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Hold each mentee's candidates, best first: row i lies at ``indptr[i]:indptr[i + 1]``.

    ``mentor`` int64 positions; ``micro`` int64 scores in millionths, so that ties and sums are exact; ``rank`` int64
    counts from 1 over all mentors allowed for the mentee, or is UNRANKED; ``parts`` float32 scores of each
    scorer by itself.
    ``positive``, ``allowed`` and ``open`` int64 (n,) count, for each mentee, the mentors with a score above 0, those
    of them who are not forbidden, and those of these who offer a place at all. ``sought`` int64 (m,) counts, for each
    mentor, the mentees for whom they are allowed and score above 0. All arrays but indptr and the counts are aligned.
    """

    indptr: Ints
    mentor: Ints
    micro: Ints
    rank: Ints
    parts: Mapping[str, NDArray[np.float32]]
    positive: Ints
    allowed: Ints
    open: Ints
    sought: Ints

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def mentee(self) -> Ints:
        """Return the mentee's position of each candidate."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.indptr))

    @property
    def score(self) -> NDArray[np.float64]:
        """Return the combined score of each candidate, in [0, 1] with six digits."""
        return self.micro / MICRO

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Tell for each mentee whether every allowed mentor with a score above 0 is in the row."""
        stored = np.bincount(self.mentee[self.micro > 0], minlength=len(self))
        return stored >= self.allowed

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Tell for each mentor whether every mentee by whom they are sought has them in the row."""
        stored = np.bincount(self.mentor[self.micro > 0], minlength=len(self.sought))
        return stored >= self.sought

    @property
    def in_order(self) -> NDArray[np.bool_]:
        """Tell which candidates stand where their rank says: nobody whom the row lacks ranks before them."""
        place: Ints = np.arange(len(self.rank)) - self.indptr[:-1][self.mentee]
        in_order: NDArray[np.bool_] = self.rank == place + 1
        return in_order

    def only(self, keep: NDArray[np.bool_]) -> Candidates:
        """Return the candidates that ``keep`` marks, with the counts as they are."""
        filled = np.concatenate([[0], np.cumsum(keep)])
        return replace(
            self,
            indptr=filled[self.indptr].astype(np.int64),
            mentor=self.mentor[keep],
            micro=self.micro[keep],
            rank=self.rank[keep],
            parts={name: own[keep] for name, own in self.parts.items()},
        )

    def lowest(self, chosen: Ints) -> Ints:
        """Return the lowest score in millionths among the chosen ones of each mentee, 0 without any."""
        lowest = np.zeros(len(self), np.int64)
        # What is written last stays.
        high_first = chosen[np.argsort(-self.micro[chosen], kind="stable")]
        lowest[self.mentee[high_first]] = self.micro[high_first]
        return lowest

    def find(self, mentee: Ints, mentor: Ints) -> Ints:
        """Return where each pair stands among the candidates, -1 where it does not."""
        width = int(max(self.mentor.max(initial=0), mentor.max(initial=0))) + 1
        keys = self.mentee * width + self.mentor
        order = np.argsort(keys)
        wanted = mentee * width + mentor
        place = np.searchsorted(keys, wanted, sorter=order).clip(max=max(len(keys) - 1, 0))
        if not len(keys):
            return np.full(len(mentee), -1, np.int64)
        found = order[place]
        return np.where(keys[found] == wanted, found, -1)


def columns_of(scores: csr_array, whole: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints, Ints]:
    """Return (row, column, value, UNRANKED) of all values in the columns that ``whole`` marks, sorted as by top_k."""
    kept = np.flatnonzero(whole[scores.indices])
    row = np.searchsorted(scores.indptr, kept, side="right") - 1
    row, column, value = _sorted(row, scores.indices[kept], scores.data[kept], scores.shape[1])
    return row, column, value, np.full(len(row), UNRANKED)


def top_k(scores: csr_array, k: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return (row, column, value, rank from 1) of the k highest values of each row, best first.

    Equal values go by column. ``scores`` holds positive integers only, with sorted indices. Where a row is longer than
    k its k-th value is found by partition, so that only survivors are sorted.
    """
    indptr, value = scores.indptr.astype(np.int64), scores.data
    counts = np.diff(indptr)
    if len(counts) and counts.max() > k:
        kept = np.flatnonzero(value >= np.repeat(_kth_values(value, counts, k), counts))
    else:
        kept = np.arange(len(value))
    row = np.searchsorted(indptr, kept, side="right") - 1
    row, column, value = _sorted(row, scores.indices[kept], value[kept], scores.shape[1])
    rank = np.arange(len(row), dtype=np.int64) - np.searchsorted(row, row) + 1
    best = rank <= k
    return row[best], column[best], value[best], rank[best]


def _sorted(row: Ints, column: NDArray[np.int32], value: NDArray[np.int32], width: int) -> tuple[Ints, Ints, Ints]:
    """Return the entries by row, the highest value first, then by column: one sort of whole numbers that hold all."""
    top = int(value.max(initial=0))
    key = (row * (top + 1) + (top - value)) * max(width, 1) + column
    key.sort()
    rest, column_found = np.divmod(key, max(width, 1))
    row_found, below_top = np.divmod(rest, top + 1)
    return row_found, column_found, top - below_top


def _kth_values(value: NDArray[np.int32], counts: Ints, k: int) -> NDArray[np.int32]:
    """Return the k-th highest value of each row, 0 where a row holds fewer."""
    width = int(counts.max())
    padded = np.zeros((len(counts), width), dtype=np.int32)
    padded[np.arange(width) < counts[:, None]] = value
    padded.partition(width - k, axis=1)
    kth: NDArray[np.int32] = padded[:, width - k].copy()
    return kth
