"""Learn which terms there are, how rare each is, and how people spell it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress, repeat

import numpy as np
from numpy.typing import NDArray

from wayfellow_tfidf.languages import tell
from wayfellow_tfidf.lookalikes import Lookalikes, find_lookalikes
from wayfellow_tfidf.stems import main_languages, say_nothing, stems
from wayfellow_tfidf.tokens import Tokens, count


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Hold people's words, and as which terms they count.

    ``columns`` int32 (n_tokens,) says which word a token is, -1 where it counts for nothing. Words are those of the
    vocabulary, then others that count as one of them; ``names`` are how people write them, ``term`` int32 (n_words,)
    and ``likeness`` float64 (n_words,) as which term each counts, and how much.
    """

    columns: NDArray[np.int32]
    names: list[str]
    term: NDArray[np.int32]
    likeness: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Hold the terms: ``column`` from stem to position, ``names`` as people write them, ``idf`` float64 (n_terms,).

    ``lookalikes`` say which of them count as others.
    ``language`` is what documents count as that don't tell their own, and ``languages`` which other one words in lower
    case are stemmed in; both are positions in ``LANGUAGES``.
    """

    column: dict[str, int]
    names: list[str]
    idf: NDArray[np.float64]
    language: int
    languages: dict[str, int]
    lookalikes: Lookalikes

    def __len__(self) -> int:
        return len(self.names)

    def read(self, tokens: Tokens) -> Words:
        """Return which words tokens are, and as which terms they count."""
        lower, languages = [word.lower() for word in tokens.spellings], _languages(tokens, self.language)
        spelt, silent = _stems(lower, self.languages), say_nothing(tokens, languages, lower)
        new = sorted(set(spelt) - self.column.keys())
        term, likeness = self.lookalikes.nearest(new)
        alike = np.flatnonzero(term >= 0)
        others = {new[position]: len(self) + number for number, position in enumerate(alike.tolist())}
        return Words(
            columns=_columns(self.column | others, spelt, tokens, silent),
            names=self.names + _names(others, zip(spelt, tokens.spellings, repeat(1))),
            term=np.concatenate([self.lookalikes.term, term[alike]]),
            likeness=np.concatenate([self.lookalikes.likeness, likeness[alike]]),
        )


def learn(
    tokens: Tokens, is_mentor: NDArray[np.bool_], is_mentee: NDArray[np.bool_], likeness: float
) -> tuple[Vocabulary, Words]:
    """Learn the vocabulary of people, and return with it the words that they wrote.

    A term's weight is the smoothed inverse document frequency ln((1 + n) / (1 + df)) + 1 over n people, df of whom use
    it (Spärck Jones 1972; the smoothing is scikit-learn's). ``is_mentor`` and ``is_mentee`` bool (n_people,) say who
    is on which side; words that only one side writes count as others from a ``likeness`` on.
    """
    told = tell(tokens)
    language = int(np.bincount(told[told >= 0], minlength=1).argmax())
    lower, languages = [word.lower() for word in tokens.spellings], np.where(told < 0, language, told).astype(np.int8)
    others = main_languages(tokens, languages, lower)
    spelt, silent = _stems(lower, others), say_nothing(tokens, languages, lower)
    times = np.bincount(tokens.spelling[~silent], minlength=len(spelt))
    column = {stem: position for position, stem in enumerate(sorted(set(compress(spelt, times))))}
    of_people = tokens.ends[np.searchsorted(tokens.person, np.arange(tokens.n_people + 1))]
    columns = _columns(column, spelt, tokens, silent)
    used = count(of_people, columns, len(column))
    of_mentors, of_mentees = (
        np.bincount(used[side].indices, minlength=len(column)) > 0 for side in (is_mentor, is_mentee)
    )
    vocabulary = Vocabulary(
        column=column,
        names=_names(column, zip(spelt, tokens.spellings, times.tolist(), strict=True)),
        idf=np.log((1 + tokens.n_people) / (1 + np.bincount(used.indices, minlength=len(column)))) + 1,
        language=language,
        languages=others,
        lookalikes=find_lookalikes(list(column), of_mentors, of_mentees, likeness),
    )
    alike = vocabulary.lookalikes
    return vocabulary, Words(columns, vocabulary.names, alike.term, alike.likeness)


def _languages(tokens: Tokens, default: int) -> NDArray[np.int8]:
    told = tell(tokens)
    return np.where(told < 0, default, told).astype(np.int8)


def _stems(lower: list[str], others: dict[str, int]) -> list[str]:
    return stems(lower, np.array([others.get(word, 0) for word in lower], dtype=np.int8))


def _columns(column: dict[str, int], spelt: list[str], tokens: Tokens, silent: NDArray[np.bool_]) -> NDArray[np.int32]:
    of_spelling = np.array([column.get(stem, -1) for stem in spelt], dtype=np.int32)
    return np.where(silent, np.int32(-1), of_spelling[tokens.spelling])


def _names(column: dict[str, int], spellings: Iterable[tuple[str, str, int]]) -> list[str]:
    """Return for each stem the word that is written most often; in capitals only where it is never written without.

    ``spellings`` are stems, words as written, and how often.
    """
    cases: defaultdict[str, Counter[str]] = defaultdict(Counter)
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for stem, spelling, times in spellings:
        if not times or stem not in column:
            continue
        cases[spelling.lower()][spelling] += times
        forms[stem][spelling.lower()] += times
    names = [_commonest(forms[stem]) for stem in column]
    return [name if name in cases[name] else _commonest(cases[name]) for name in names]


def _commonest(counts: Counter[str]) -> str:
    return min(counts, key=lambda word: (-counts[word], len(word), word))
