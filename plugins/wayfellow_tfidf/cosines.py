"""Multiply vectors, and keep of each row the best."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

_CELLS = 4_000_000
"""Scores made at a time, which bounds the memory that they take before the best are kept."""


def cosines(mentees: csr_array, mentor_terms: csr_array, most: int) -> tuple[csr_array, NDArray[np.float32]]:
    """Return the scores of each row's best mentors, and the lowest score that each row keeps.

    ``mentees`` float32 (n_mentees, n_terms) holds rows of length 1 or 0, ``mentor_terms`` float64 (n_terms,
    n_mentors) columns of length 1 or 0. The scores are float32 (n_mentees, n_mentors), indices sorted; a row has
    ``most`` of them, or more where several tie for the last place. The lowest is 0 where all are kept.
    """
    blocks = [_keep_best(block, most) for block in _products(mentees, mentor_terms)]
    lowest = np.concatenate([lowest for _, lowest in blocks])
    return csr_array(vstack([scores for scores, _ in blocks], format="csr")), lowest


def _products(mentees: csr_array, mentor_terms: csr_array) -> Iterator[csr_array]:
    rows = max(1, _CELLS // max(1, mentor_terms.shape[1]))
    for start in range(0, max(1, mentees.shape[0]), rows):
        # In float64, so that explanations add up to the score.
        product = mentees[start : start + rows].astype(np.float64) @ mentor_terms
        score = np.minimum(product.data.astype(np.float32), np.float32(1))
        yield csr_array((score, product.indices, product.indptr), shape=product.shape)


def _keep_best(scores: csr_array, most: int) -> tuple[csr_array, NDArray[np.float32]]:
    """Keep all that tie for the last place, because an order among them would be that of columns."""
    lowest = np.zeros(scores.shape[0], dtype=np.float32)
    for row in np.flatnonzero(np.diff(scores.indptr) > most):
        own = scores.data[scores.indptr[row] : scores.indptr[row + 1]]
        lowest[row] = np.partition(own, -most)[-most]
        own[own < lowest[row]] = 0
    scores.eliminate_zeros()
    # There and back is two counting sorts, which take half as long as sorting each row.
    return csr_array(scores.tocsc().tocsr()), lowest
