"""Read each person together with the people whose texts are most like theirs.

Short texts about the same work often share no word. Those who write alike lend each other theirs, which is document
expansion (Tao, Wang, Mei & Zhai 2006, "Language model information retrieval with document expansion").
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix, diags_array, vstack
from sparse_dot_topn import sp_matmul_topn  # type: ignore[import-untyped]  # it brings no types

_THREADS = 2
"""From two on, sparse_dot_topn takes its faster path, and lets go of the interpreter's lock."""

_ROWS = 4096
"""Rows read at a time: with their neighbours' words they take ten times the room that they are left with."""

_TERMS = 25
"""Terms that tell who writes alike. A text of fewer is read by itself the more, the fewer they are: of ten words, two
in common are as often chance as not."""


def nearest(vectors: csr_array, pool: csr_array, k: int, places: NDArray[np.int64]) -> csr_array:
    """Return the cosines with the k - 1 most similar other rows of the pool: float32 (n_rows, n_pool).

    ``places`` int64 (n_rows,) says where in the pool each row stands itself, below 0 where it does not.
    """
    turned = csr_matrix(pool.T)
    found = csr_array(sp_matmul_topn(csr_matrix(vectors), turned, k, threshold=0.0, sort=True, n_threads=_THREADS))
    length = np.diff(found.indptr)
    itself = found.indices == np.repeat(places, length)
    # Where a row has not found itself it has found one other row too many, and that is its last.
    has_itself = np.bincount(np.repeat(np.arange(len(length)), length)[itself], minlength=len(length)) > 0
    found.data[itself] = 0
    found.data[(found.indptr[1:] - 1)[(length == k) & ~has_itself]] = 0
    found.eliminate_zeros()
    return found


def read_together(
    vectors: csr_array, pool: csr_array, k: int, weight: float, max_terms: int, places: NDArray[np.int64]
) -> csr_array:
    """Return each row plus ``weight`` times its neighbours' rows, each times its cosine; rows of length 1.

    The weight is less where a row has fewer than 25 terms, in proportion. A row is the nearest of its own ``k``
    neighbours, wherever the others come from. Only a row's ``max_terms`` heaviest terms stay, all that tie for the
    last place among them. ``vectors`` float32 (n_rows, n_terms) and ``pool`` float32 (n_pool, n_terms) have rows of
    length 1 or 0, as has the answer; for ``places`` see :func:`nearest`.
    """
    starts = range(0, max(vectors.shape[0], 1), _ROWS)
    parts = [_read(vectors[a : a + _ROWS], pool, k, weight, max_terms, places[a : a + _ROWS]) for a in starts]
    read = vstack(parts, format="csr")
    # Half the memory of the 64 bits that sums and products count in, and a sixth less time in later ones.
    return csr_array((read.data, read.indices.astype(np.int32), read.indptr.astype(np.int32)), shape=read.shape)


def _read(
    vectors: csr_array, pool: csr_array, k: int, weight: float, max_terms: int, places: NDArray[np.int64]
) -> csr_array:
    together = vectors.copy()
    if k:
        weights = (weight * np.minimum(1, np.diff(vectors.indptr) / _TERMS)).astype(np.float32)
        lent = nearest(vectors, pool, k, places) @ pool
        together = csr_array(diags_array(1 + weights) @ vectors + diags_array(weights) @ lent)
    _keep_heaviest(together, max_terms)
    together.sort_indices()
    row = np.repeat(np.arange(together.shape[0]), np.diff(together.indptr))
    length = np.sqrt(np.bincount(row, together.data.astype(np.float64) ** 2, minlength=together.shape[0]))
    together.data = (together.data / length[row]).astype(np.float32)
    return together


def _keep_heaviest(vectors: csr_array, n: int) -> None:
    for row in np.flatnonzero(np.diff(vectors.indptr) > n):
        weights = vectors.data[vectors.indptr[row] : vectors.indptr[row + 1]]
        weights[weights < np.partition(weights, -n)[-n]] = 0
    vectors.eliminate_zeros()
