"""Tell the language of a document by the words that say nothing."""

import numpy as np
from numpy.typing import NDArray

from wayfellow_tfidf.stopwords import LANGUAGES, STOP_WORDS
from wayfellow_tfidf.tokens import Tokens

_LEAST_HITS = 2
"""One such word alone may be a name, or belong to a term that every language borrows."""


def tell(tokens: Tokens) -> NDArray[np.int8]:
    """Return each document's language as a position in ``LANGUAGES``, or -1: int8 (n_documents,).

    The language whose stop words it uses most, each counting the less the more languages share it. A document that
    uses too few to tell is in the language that its person's documents are in together.
    """
    votes, hits = _votes(tokens)
    told = _winners(votes, hits)
    of_people = np.zeros((tokens.n_people, len(LANGUAGES)))
    hits_of_people = np.zeros_like(of_people)
    np.add.at(of_people, tokens.person, votes)
    np.add.at(hits_of_people, tokens.person, hits)
    return np.where(told < 0, _winners(of_people, hits_of_people)[tokens.person], told).astype(np.int8)


def _votes(tokens: Tokens) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sum of stop words' votes, and their number, by document and language."""
    lower = [word.lower() for word in tokens.spellings]
    shared = np.array([max(1, sum(word in STOP_WORDS[name] for name in LANGUAGES)) for word in lower])
    votes = np.zeros((len(tokens.person), len(LANGUAGES)))
    hits = np.zeros_like(votes)
    document = np.repeat(np.arange(len(tokens.person)), np.diff(tokens.ends))
    for column, name in enumerate(LANGUAGES):
        is_stop = np.array([word in STOP_WORDS[name] for word in lower], dtype=bool)
        if is_stop.any():
            found = np.flatnonzero(is_stop[tokens.spelling])
            weight = 1 / shared[tokens.spelling[found]]
            votes[:, column] = np.bincount(document[found], weight, minlength=len(votes))
            hits[:, column] = np.bincount(document[found], minlength=len(votes))
    return votes, hits


def _winners(votes: NDArray[np.float64], hits: NDArray[np.float64]) -> NDArray[np.int64]:
    votes = np.where(hits >= _LEAST_HITS, votes, 0)
    return np.where(votes.any(axis=1), votes.argmax(axis=1), -1)
