"""Weigh people's words: one row per person."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wayfellow_tfidf.tokens import Tokens, count
from wayfellow_tfidf.vocabulary import Words


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Hold what people say of themselves.

    ``vectors`` float32 (n_people, n_terms), rows of length 1, or 0 where nothing is said. Aligned with
    ``vectors.data`` are, int32 each, ``documents``: in which of the person's documents the term weighs most; and
    ``words``: as which word it stands there, a position in ``names``.
    """

    vectors: csr_array
    documents: NDArray[np.int32]
    words: NDArray[np.int32]
    names: list[str]


def weigh(tokens: Tokens, words: Words, idf: NDArray[np.float64]) -> Profiles:
    """Weigh people's words.

    In each document a word that stands there n times weighs (1 + ln n) · idf of its term, times how alike it is to
    that; a person is the sum of the documents, scaled to length 1. Documents are fields that say different things of
    one person, so that adding them measures better than comparing them one by one.
    """
    counts = count(tokens.ends, words.columns, len(words.names))
    term = words.term[counts.indices]
    weight = (1 + np.log(counts.data.astype(np.float64))) * idf[term] * words.likeness[counts.indices]
    document = np.repeat(np.arange(len(tokens.person)), np.diff(counts.indptr))
    person, column, weight, entry = _by_person(tokens.person[document], term, weight, len(idf))
    row_ends = np.concatenate(([0], np.cumsum(np.bincount(person, minlength=tokens.n_people))))
    length = np.sqrt(np.bincount(person, weight**2, minlength=tokens.n_people))
    vectors = csr_array(
        ((weight / length[person]).astype(np.float32), column, row_ends), shape=(tokens.n_people, len(idf))
    )
    place = tokens.place[document[entry]]
    return Profiles(vectors, place.astype(np.int32), counts.indices[entry].astype(np.int32), words.names)


def _by_person(
    person: NDArray[np.int64], column: NDArray[np.int32], weight: NDArray[np.float64], n_columns: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64], NDArray[np.int64]]:
    """Add up a person's weights of a term, and return with them the first entry that weighs most."""
    key = person * n_columns + column
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    if len(first) == len(key):
        return person[order], column[order], weight[order], order
    weight = weight[order]
    heaviest = np.repeat(np.maximum.reduceat(weight, first), np.diff(first, append=len(key)))
    best = np.minimum.reduceat(np.where(weight == heaviest, np.arange(len(key)), len(key)), first)
    chosen = order[first]
    return person[chosen], column[chosen], np.add.reduceat(weight, first), order[best]
