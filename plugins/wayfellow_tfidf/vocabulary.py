"""Learn which terms there are, how rare each is, and how people spell it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from wayfellow_tfidf.languages import tell
from wayfellow_tfidf.stems import main_languages, say_nothing, stems
from wayfellow_tfidf.tokens import Tokens, count


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Hold the terms: ``column`` from stem to position, ``names`` as people write them, ``idf`` float64 (n_terms,).

    ``language`` is what documents count as that don't tell their own, and ``languages`` which other one words in lower
    case are stemmed in; both are positions in ``LANGUAGES``.
    """

    column: dict[str, int]
    names: list[str]
    idf: NDArray[np.float64]
    language: int
    languages: dict[str, int]

    def __len__(self) -> int:
        return len(self.names)

    def columns(self, tokens: Tokens) -> NDArray[np.int32]:
        """Return each token's term, int32 (n_tokens,), or -1 where it is none of the vocabulary's."""
        lower, languages = [word.lower() for word in tokens.spellings], _languages(tokens, self.language)
        return _columns(self.column, _stems(lower, self.languages), tokens, say_nothing(tokens, languages, lower))


def learn(tokens: Tokens) -> Vocabulary:
    """Learn the vocabulary of people.

    A term's weight is the smoothed inverse document frequency ln((1 + n) / (1 + df)) + 1 over n people, df of whom use
    it (Spärck Jones 1972; the smoothing is scikit-learn's).
    """
    told = tell(tokens)
    language = int(np.bincount(told[told >= 0], minlength=1).argmax())
    lower, languages = [word.lower() for word in tokens.spellings], np.where(told < 0, language, told).astype(np.int8)
    others = main_languages(tokens, languages, lower)
    spelt, silent = _stems(lower, others), say_nothing(tokens, languages, lower)
    times = np.bincount(tokens.spelling[~silent], minlength=len(spelt))
    column = {stem: position for position, stem in enumerate(sorted(set(compress(spelt, times))))}
    of_people = tokens.ends[np.searchsorted(tokens.person, np.arange(tokens.n_people + 1))]
    used = count(of_people, _columns(column, spelt, tokens, silent), len(column))
    return Vocabulary(
        column=column,
        names=_names(column, compress(zip(spelt, tokens.spellings, times.tolist(), strict=True), times)),
        idf=np.log((1 + tokens.n_people) / (1 + np.bincount(used.indices, minlength=len(column)))) + 1,
        language=language,
        languages=others,
    )


def _languages(tokens: Tokens, default: int) -> NDArray[np.int8]:
    told = tell(tokens)
    return np.where(told < 0, default, told).astype(np.int8)


def _stems(lower: list[str], others: dict[str, int]) -> list[str]:
    return stems(lower, np.array([others.get(word, 0) for word in lower], dtype=np.int8))


def _columns(column: dict[str, int], spelt: list[str], tokens: Tokens, silent: NDArray[np.bool_]) -> NDArray[np.int32]:
    of_spelling = np.array([column.get(stem, -1) for stem in spelt], dtype=np.int32)
    return np.where(silent, np.int32(-1), of_spelling[tokens.spelling])


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
