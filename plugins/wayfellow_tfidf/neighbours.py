"""Read each person together with the people whose texts are most like theirs.

Short texts about the same work often share no word. Those who write alike lend each other theirs, which is document
expansion (Tao, Wang, Mei & Zhai 2006, "Language model information retrieval with document expansion").
"""

import numpy as np
from scipy.sparse import csr_array, csr_matrix
from sparse_dot_topn import sp_matmul_topn  # type: ignore[import-untyped]

_THREADS = 2
"""From two on, sparse_dot_topn takes its faster path, and lets go of the interpreter's lock."""


def nearest(vectors: csr_array, pool: csr_array, k: int) -> csr_array:
    """Return the cosines with the k most similar rows of the pool, those above 0: float32 (n_rows, n_pool)."""
    turned = csr_matrix(pool.T)
    found = sp_matmul_topn(csr_matrix(vectors), turned, k, threshold=0.0, sort=True, n_threads=_THREADS)
    return csr_array(found)


def read_together(vectors: csr_array, pool: csr_array, k: int, weight: float, max_terms: int) -> csr_array:
    """Return each row plus ``weight`` times its neighbours' rows, each times its cosine; rows of length 1.

    Only a row's ``max_terms`` heaviest terms stay, all that tie for the last place among them. ``vectors``
    float32 (n_rows, n_terms) and ``pool`` float32 (n_pool, n_terms) have rows of length 1 or 0, as has the answer.
    """
    together = csr_array(vectors + np.float32(weight) * (nearest(vectors, pool, k) @ pool)) if k else vectors.copy()
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
