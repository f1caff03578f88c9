"""Weigh people's words: one row per person."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wayfellow_tfidf.tokens import Tokens
from wayfellow_tfidf.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Hold what people say of themselves.

    ``vectors`` float32 (n_people, n_terms), rows of length 1, or 0 where nothing is said; ``documents`` int64, aligned
    with ``vectors.data``: in which of the person's documents the term weighs most.
    """

    vectors: csr_array
    documents: NDArray[np.int64]


def weigh(tokens: Tokens, vocabulary: Vocabulary) -> Profiles:
    """Weigh people's words.

    In each document a term that stands there n times weighs (1 + ln n) · idf; a person is the sum of the documents,
    scaled to length 1. Documents are fields that say different things of one person, so that adding them measures
    better than comparing them one by one.
    """
    person, document, column, count = _count(tokens, vocabulary)
    weight = (1 + np.log(count)) * vocabulary.idf[column]
    order = np.lexsort((-weight, column, person))
    person, document, column, weight = person[order], document[order], column[order], weight[order]
    first = np.flatnonzero(np.diff(person * len(vocabulary) + column, prepend=-1))
    weight = np.add.reduceat(weight, first) if len(first) else weight
    person, column = person[first], column[first]
    length = np.sqrt(np.bincount(person, weight**2, minlength=tokens.n_people))
    vectors = csr_array(
        ((weight / length[person]).astype(np.float32), column, _row_ends(person, tokens.n_people)),
        shape=(tokens.n_people, len(vocabulary)),
    )
    return Profiles(vectors, document[first])


def _count(tokens: Tokens, vocabulary: Vocabulary) -> tuple[NDArray[np.int64], ...]:
    """Return person, document, term and number of times, int64 (n,) each, for each term of each document."""
    column = vocabulary.columns(tokens)
    known = column >= 0
    n_documents = int(tokens.document.max(initial=0)) + 1
    place = tokens.person * n_documents + tokens.document
    key, count = np.unique((place * len(vocabulary) + column)[known], return_counts=True)
    place, column = np.divmod(key, max(1, len(vocabulary)))
    return place // n_documents, place % n_documents, column, count


def _row_ends(row: NDArray[np.int64], n_rows: int) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(np.bincount(row, minlength=n_rows))))
