"""Turn people's documents into arrays of words."""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

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


def join(parts: Sequence[Tokens]) -> Tokens:
    """Return the tokens of all people, part after part."""
    number: dict[str, int] = {}
    spelling, ends, first = [np.zeros(0, np.int32)], [np.zeros(1, np.int64)], 0
    for part in parts:
        renumbered = np.array([number.setdefault(word, len(number)) for word in part.spellings], dtype=np.int32)
        spelling.append(renumbered[part.spelling])
        ends.append(first + part.ends[1:])
        first += len(part.spelling)
    before = np.cumsum([0, *(part.n_people for part in parts)])
    return Tokens(
        spellings=list(number),
        spelling=np.concatenate(spelling),
        ends=np.concatenate(ends),
        place=np.concatenate([np.zeros(0, np.int64), *(part.place for part in parts)]),
        person=np.concatenate([np.zeros(0, np.int64), *(p.person + n for p, n in zip(parts, before, strict=False))]),
        n_people=int(before[-1]),
    )


def pick(tokens: Tokens, people: NDArray[np.int64]) -> Tokens:
    """Return the tokens of some people in this order, and no spelling that only others use."""
    documents = ranges(*spans(np.searchsorted(tokens.person, np.arange(tokens.n_people + 1)), people))
    start, length = spans(tokens.ends, documents)
    spelling = tokens.spelling[ranges(start, length)]
    is_used = np.bincount(spelling, minlength=len(tokens.spellings)) > 0
    per_person = np.bincount(tokens.person, minlength=tokens.n_people)[people]
    return Tokens(
        spellings=list(compress(tokens.spellings, is_used)),
        spelling=(np.cumsum(is_used, dtype=np.int32) - 1)[spelling],
        ends=np.concatenate(([0], np.cumsum(length))),
        place=tokens.place[documents],
        person=np.repeat(np.arange(len(people)), per_person),
        n_people=len(people),
    )


def spans(ends: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where rows begin, and how long they are."""
    return ends[rows], ends[rows + 1] - ends[rows]


def ranges(start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return start, start + 1, ... of each range, one after the other."""
    numbers: NDArray[np.int64] = np.arange(length.sum()) + np.repeat(start - (np.cumsum(length) - length), length)
    return numbers


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
