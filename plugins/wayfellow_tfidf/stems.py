"""Reduce words to stems, so that forms of one word meet."""

from collections.abc import Sequence
from itertools import compress

import numpy as np
import Stemmer
from numpy.typing import NDArray

from wayfellow_tfidf.stopwords import LANGUAGES, STOP_WORDS
from wayfellow_tfidf.tokens import Tokens


def stems(words: Sequence[str], languages: NDArray[np.int8]) -> list[str]:
    """Return the stem of each word in lower case; ``languages`` int8 (n_words,) holds positions in ``LANGUAGES``.

    The stems are Snowball's (snowballstem.org), for English those of Porter's second algorithm.
    """
    found = list(words)
    for position in np.unique(languages).tolist():
        is_of_it = languages == position
        stemmed = Stemmer.Stemmer(LANGUAGES[position]).stemWords(list(compress(words, is_of_it)))
        for index, stem in zip(np.flatnonzero(is_of_it).tolist(), stemmed, strict=True):
            found[index] = stem
    return found


def main_languages(tokens: Tokens, languages: NDArray[np.int8], words: Sequence[str]) -> dict[str, int]:
    """Return, for words that are used more in documents of one other language than in English ones, which it is.

    A word is stemmed in one way wherever it stands, so that whoever writes it meets whoever writes it. ``languages``
    int8 (n_documents,) are those of the documents, ``words`` the spellings in lower case.
    """
    if not languages.any():
        return {}
    number = {word: position for position, word in enumerate(dict.fromkeys(words))}
    of_spelling = np.array([number[word] for word in words], dtype=np.int64)
    of_token = np.repeat(languages, np.diff(tokens.ends)).astype(np.int64)
    key = of_spelling[tokens.spelling] * len(LANGUAGES) + of_token
    uses = np.bincount(key, minlength=len(number) * len(LANGUAGES)).reshape(len(number), len(LANGUAGES))
    return {word: main for word, main in zip(number, uses.argmax(axis=1).tolist(), strict=True) if main}


def say_nothing(tokens: Tokens, languages: NDArray[np.int8], words: Sequence[str]) -> NDArray[np.bool_]:
    """Return which tokens are stop words of their document's language: bool (n_tokens,)."""
    used = np.unique(languages).tolist()
    of_token = np.searchsorted(used, np.repeat(languages, np.diff(tokens.ends)))
    stop: NDArray[np.bool_] = _stop(words, used)[of_token, tokens.spelling]
    return stop


def _stop(words: Sequence[str], languages: Sequence[int]) -> NDArray[np.bool_]:
    table = [[word in STOP_WORDS[LANGUAGES[position]] for word in words] for position in languages]
    return np.array(table, dtype=bool).reshape(len(table), len(words))
