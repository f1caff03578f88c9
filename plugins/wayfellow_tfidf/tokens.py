"""Turn people's documents into arrays of words, and words into stems."""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import Stemmer
from numpy.typing import NDArray

from wayfellow_tfidf.stopwords import STOP_WORDS
from wayfellow_tfidf.words import words

People = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """Hold every word that people wrote.

    ``spellings`` are the different words as written; ``spelling``, ``document`` and ``person``, int64 (n_tokens,)
    each, say for each token which spelling it has, in which of the person's documents it stands, and whose it is.
    """

    spellings: list[str]
    spelling: NDArray[np.int64]
    document: NDArray[np.int64]
    person: NDArray[np.int64]
    n_people: int


def tokenise(people: People) -> Tokens:
    """Cut all documents of all people into words."""
    number: defaultdict[str, int] = defaultdict(lambda: len(number))
    spelling, documents, counts, people_of = array("q"), array("q"), array("q"), array("q")
    for row, texts in enumerate(people):
        for index, text in enumerate(texts):
            found = words(text)
            spelling.extend(map(number.__getitem__, found))
            documents.append(index)
            counts.append(len(found))
            people_of.append(row)
    lengths = np.array(counts, dtype=np.int64)
    return Tokens(
        spellings=list(number),
        spelling=np.array(spelling, dtype=np.int64),
        document=np.repeat(np.array(documents, dtype=np.int64), lengths),
        person=np.repeat(np.array(people_of, dtype=np.int64), lengths),
        n_people=len(people),
    )


def stems(spellings: Sequence[str]) -> list[str]:
    """Return the stem of each word, or "" for a word that says nothing.

    English stems after Porter's second algorithm (snowballstem.org); words of other languages, being treated alike on
    both sides, still meet each other.
    """
    lower = [word.lower() for word in spellings]
    stemmed: list[str] = Stemmer.Stemmer("english").stemWords(lower)
    return ["" if word in STOP_WORDS else stem for word, stem in zip(lower, stemmed, strict=True)]
