"""Turn people's documents into arrays of words."""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wayfellow_tfidf.words import words

People = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """Hold every word that people wrote, document by document, person by person.

    ``spellings`` are the different words as written; ``spelling`` int32 (n_tokens,) says which of them a token is.
    Document d holds the tokens ``ends[d]:ends[d + 1]`` (int64), is number ``place[d]`` among the documents of its
    person, and its person is row ``person[d]`` (int64 (n_documents,) each).
    """

    spellings: list[str]
    spelling: NDArray[np.int32]
    ends: NDArray[np.int64]
    place: NDArray[np.int64]
    person: NDArray[np.int64]
    n_people: int


def tokenise(people: People) -> Tokens:
    """Cut all documents of all people into words."""
    number: defaultdict[str, int] = defaultdict(lambda: len(number))
    spelling, ends = array("i"), array("q", [0])
    for texts in people:
        for text in texts:
            spelling.extend(map(number.__getitem__, words(text)))
            ends.append(len(spelling))
    lengths = np.array([len(texts) for texts in people], dtype=np.int64)
    first = np.cumsum(lengths) - lengths
    return Tokens(
        spellings=list(number),
        spelling=np.array(spelling, dtype=np.int32),
        ends=np.array(ends, dtype=np.int64),
        place=np.arange(len(ends) - 1) - np.repeat(first, lengths),
        person=np.repeat(np.arange(len(people)), lengths),
        n_people=len(people),
    )


def count(ends: NDArray[np.int64], columns: NDArray[np.int32], n_columns: int) -> csr_array:
    """Return how often each row holds each column: float32 (n_rows, n_columns), indices sorted.

    Row r holds ``columns[ends[r]:ends[r + 1]]``, of which those below 0 are passed over.
    """
    known = columns >= 0
    before = np.concatenate(([0], np.cumsum(known)))
    ones = np.ones(before[-1], dtype=np.float32)
    counts = csr_array((ones, columns[known], before[ends]), shape=(len(ends) - 1, n_columns))
    counts.sum_duplicates()
    return counts
