"""Let words that mean the same count as one: c# and .NET, ml and machine learning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wayfellow_tfidf.tokens import Tokens
from wayfellow_tfidf.words import words


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Hold which words stand for which: ``words`` one for one, ``phrases`` several for one, all in lower case."""

    words: dict[str, str]
    phrases: dict[tuple[str, ...], str]


def read_synonyms(groups: Any) -> Synonyms:
    """Read groups, each a str of names with commas between them that mean the same, the first the one to show.

    Raises ValueError for what is no such list, a group of fewer than two names, a name without a word, or a name in
    two groups.
    """
    if isinstance(groups, str) or not isinstance(groups, Sequence):
        raise ValueError(f'synonyms must be a list of texts such as "js, JavaScript", not {groups!r}')
    meant: dict[tuple[str, ...], str] = {}
    for number, group in enumerate(groups, start=1):
        for name, said in _names(number, group):
            if meant.setdefault(said, name) != name:
                raise ValueError(
                    f"synonyms: {' '.join(said)!r} stands in more than one group; put these groups together"
                )
    single = {said[0]: name for said, name in meant.items() if len(said) == 1}
    return Synonyms(single, {said: name for said, name in meant.items() if len(said) > 1})


def _names(number: int, group: Any) -> list[tuple[str, tuple[str, ...]]]:
    if not isinstance(group, str):
        raise ValueError(f"synonyms: group {number} is {group!r}, but must be a text with commas between the names")
    names = [name.strip() for name in group.split(",") if name.strip()]
    if len(names) < 2:
        raise ValueError(
            f"synonyms: group {number} is {group!r}, but needs two names or more, with commas between them"
        )
    said = [tuple(word.lower() for word in words(name)) for name in names]
    if () in said:
        raise ValueError(f"synonyms: {names[said.index(())]!r} in group {number} has no word in it")
    return [(names[0], name) for name in dict.fromkeys(said)]


def replace_synonyms(tokens: Tokens, synonyms: Synonyms) -> Tokens:
    """Return the tokens with the shown name in place of each other name of its group.

    Where a name of several words stands, the words stay and the shown name is put behind them: *human resources* is
    about humans too.
    """
    number = {word: position for position, word in enumerate(tokens.spellings)}
    lower = [word.lower() for word in tokens.spellings]
    shown = np.array(
        [
            number.setdefault(synonyms.words[word], len(number)) if word in synonyms.words else position
            for position, word in enumerate(lower)
        ],
        dtype=np.int32,
    )
    places, names = _phrases(tokens, synonyms, lower, number)
    spelling = np.insert(shown[tokens.spelling], places, names)
    added = np.searchsorted(np.sort(places), tokens.ends, side="right")
    return replace(tokens, spellings=list(number), spelling=spelling, ends=tokens.ends + added)


def _phrases(
    tokens: Tokens, synonyms: Synonyms, lower: Sequence[str], number: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return behind which tokens phrases end, and the numbers of the names to put there; new names get a number."""
    present = set(lower)
    wanted = [(said, name) for said, name in synonyms.phrases.items() if present.issuperset(said)]
    places, names = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
    if wanted:
        folded = {word: position for position, word in enumerate(dict.fromkeys(lower))}
        token = np.array([folded[word] for word in lower], dtype=np.int32)[tokens.spelling]
        document = np.repeat(np.arange(len(tokens.person)), np.diff(tokens.ends))
        for said, name in wanted:
            ends = _ends(token, document, [folded[word] for word in said])
            places.append(ends)
            names.append(np.full(len(ends), number.setdefault(name, len(number)), dtype=np.int32))
    return np.concatenate(places), np.concatenate(names)


def _ends(token: NDArray[np.int32], document: NDArray[np.int64], said: Sequence[int]) -> NDArray[np.int64]:
    """Return the position behind each place where these words follow each other in one document."""
    start = np.flatnonzero(token[: len(token) - len(said) + 1] == said[0])
    for offset, word in enumerate(said[1:], start=1):
        start = start[(token[start + offset] == word) & (document[start + offset] == document[start])]
    ends: NDArray[np.int64] = start + len(said)
    return ends
