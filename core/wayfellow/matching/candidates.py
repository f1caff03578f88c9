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
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Hold each mentee's candidates, best first: row i lies at ``indptr[i]:indptr[i + 1]``.

    ``mentor`` int64 positions; ``micro`` int64 scores in millionths, so that ties and sums are exact; ``rank`` int64
    counts from 1 over all mentors allowed for the mentee; ``parts`` float32 scores of each scorer by itself.
    ``positive``, ``allowed`` and ``open`` int64 (n,) count, for each mentee, the mentors with a score above 0, those
    of them who are not forbidden, and those of these who offer a place at all. ``reached`` int64 (n,): how many of the
    allowed are in the row. All arrays but indptr and the counts are aligned.
    """

    indptr: Ints
    mentor: Ints
    micro: Ints
    rank: Ints
    parts: Mapping[str, NDArray[np.float32]]
    positive: Ints
    allowed: Ints
    open: Ints

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
    column, value = scores.indices[kept].astype(np.int64), value[kept].astype(np.int64)
    order = np.lexsort((column, -value, row))
    row, column, value = row[order], column[order], value[order]
    rank = np.arange(len(row), dtype=np.int64) - np.searchsorted(row, row) + 1
    best = rank <= k
    return row[best], column[best], value[best], rank[best]


def _kth_values(value: NDArray[np.int32], counts: Ints, k: int) -> NDArray[np.int32]:
    """Return the k-th highest value of each row, 0 where a row holds fewer."""
    width = int(counts.max())
    padded = np.zeros((len(counts), width), dtype=np.int32)
    padded[np.arange(width) < counts[:, None]] = value
    padded.partition(width - k, axis=1)
    kth: NDArray[np.int32] = padded[:, width - k].copy()
    return kth
