"""Learn which terms there are, how rare each is, and how people spell it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wayfellow_tfidf.stems import stems
from wayfellow_tfidf.tokens import Tokens, count


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Hold the terms: ``column`` from stem to position, ``names`` as people write them, ``idf`` float64 (n_terms,)."""

    column: dict[str, int]
    names: list[str]
    idf: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.names)

    def columns(self, tokens: Tokens) -> NDArray[np.int32]:
        """Return each token's term, int32 (n_tokens,), or -1 where it is none of the vocabulary's."""
        return _columns(self.column, stems(tokens.spellings))[tokens.spelling]


def learn(tokens: Tokens) -> Vocabulary:
    """Learn the vocabulary of people.

    A term's weight is the smoothed inverse document frequency ln((1 + n) / (1 + df)) + 1 over n people, df of whom use
    it (Spärck Jones 1972; the smoothing is scikit-learn's).
    """
    spelt = stems(tokens.spellings)
    column = {stem: position for position, stem in enumerate(sorted(set(spelt) - {""}))}
    of_people = tokens.ends[np.searchsorted(tokens.person, np.arange(tokens.n_people + 1))]
    used = count(of_people, _columns(column, spelt)[tokens.spelling], len(column))
    times = np.bincount(tokens.spelling, minlength=len(spelt))
    return Vocabulary(
        column=column,
        names=_names(column, zip(spelt, tokens.spellings, times.tolist(), strict=True)),
        idf=np.log((1 + tokens.n_people) / (1 + np.bincount(used.indices, minlength=len(column)))) + 1,
    )


def _columns(column: dict[str, int], spelt: list[str]) -> NDArray[np.int32]:
    return np.array([column.get(stem, -1) for stem in spelt], dtype=np.int32)


def _names(column: dict[str, int], spellings: Iterable[tuple[str, str, int]]) -> list[str]:
    """Return for each stem the word that is written most often; in capitals only where it is never written without."""
    cases: defaultdict[str, Counter[str]] = defaultdict(Counter)
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for stem, spelling, times in spellings:
        cases[spelling.lower()][spelling] += times
        forms[stem][spelling.lower()] += times
    names = [_commonest(forms[stem]) for stem in column]
    return [name if name in cases[name] else _commonest(cases[name]) for name in names]


def _commonest(counts: Counter[str]) -> str:
    return min(counts, key=lambda word: (-counts[word], len(word), word))
