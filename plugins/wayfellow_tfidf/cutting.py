"""Cut people's texts into words: once while they are remembered, and in several processes where that pays.

What is remembered are words that people wrote, so it is kept in memory alone, never in a file; the next people take its
place, and :func:`forget` drops it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import joblib
import numpy as np
from joblib.parallel import get_active_backend

from wayfellow_tfidf.tokens import People, Tokens, join, pick, tokenise

_CHUNK = 2048
"""People cut at a time in another process: some tenths of a second's work."""

_MOST_TOKENS = 5_000_000
"""Words that are remembered at most: 20 MB, the texts of some 70,000 people."""


@dataclass(frozen=True, slots=True, eq=False)
class _Memory:
    """Hold the words of the people who were cut last, and in which row of them each is, by digest."""

    rows: Mapping[bytes, int]
    tokens: Tokens


_last: list[_Memory] = []
"""One or none; replaced as a whole, so that threads see one or the other."""


def cut(people: Mapping[bytes, Sequence[str]]) -> Tokens:
    """Return people's words, in the order of the mapping; keys are their digests.

    Who was among the people of the last call is not cut again. Under a ``joblib.parallel_config`` of processes or a
    cluster, many people are cut there in chunks; threads would wait for each other. The words are the same in any case.
    """
    memory = _last[0] if _last else _Memory({}, tokenise(()))
    known = np.array([memory.rows.get(key, -1) for key in people], dtype=np.int64)
    tokens = _cut([person for person, row in zip(people.values(), known.tolist(), strict=True) if row < 0])
    if (known >= 0).any():
        rows = np.where(known < 0, memory.tokens.n_people + np.cumsum(known < 0) - 1, known)
        tokens = pick(join([memory.tokens, tokens]), rows)
    if len(tokens.spelling) <= _MOST_TOKENS:
        _last[:] = [_Memory({key: row for row, key in enumerate(people)}, tokens)]
    return tokens


def forget() -> None:
    """Drop what is remembered."""
    _last.clear()


def _cut(people: People) -> Tokens:
    backend, _ = get_active_backend()
    is_apart = joblib.effective_n_jobs(None) > 1 and not getattr(backend, "supports_sharedmem", False)
    if not is_apart or len(people) <= _CHUNK:
        return tokenise(people)
    chunks = [people[start : start + _CHUNK] for start in range(0, len(people), _CHUNK)]
    return join(joblib.Parallel()(joblib.delayed(tokenise)(chunk) for chunk in chunks))
