"""Reduce words to stems, so that forms of one word meet."""

from collections.abc import Sequence

import Stemmer

from wayfellow_tfidf.stopwords import STOP_WORDS


def stems(spellings: Sequence[str]) -> list[str]:
    """Return the stem of each word, or "" for a word that says nothing.

    English stems after Porter's second algorithm (snowballstem.org); words of other languages, being treated alike on
    both sides, still meet each other.
    """
    lower = [word.lower() for word in spellings]
    stemmed: list[str] = Stemmer.Stemmer("english").stemWords(lower)
    return ["" if word in STOP_WORDS else stem for word, stem in zip(lower, stemmed, strict=True)]
