"""Make up match problems: the same numbers give the same problem, on every machine."""

from __future__ import annotations

from random import Random

from wayfellow.types import MatchProblem, Pool

#: Words of no language, so that no stemmer and no list of stop words treats them in its own way.
_WORDS = tuple(
    f"{head}{body}{tail}"
    for head in ("br", "d", "gl", "k", "m", "pl", "t", "v")
    for body in ("abo", "ema", "ilu", "oda", "uvi")
    for tail in ("k", "m", "rt")
)


def match_problem(n_mentees: int, n_mentors: int, seed: int = 0, words: int = 12) -> MatchProblem:
    """Return a problem of made-up people: ``goals`` of mentees, ``expertise`` of mentors, one place per mentor.

    Each text holds so many ``words``. Ids are -1, -2, ... as for people without a database; keys are sorted.
    """
    import numpy as np

    random = Random(f"{seed} {n_mentees} {n_mentors}")  # noqa: S311 - made-up people need no secrets
    nobody = np.zeros((0, 2), dtype=np.int64)
    return MatchProblem(
        mentees=_pool(random, "mentee", n_mentees, "goals", -1, words),
        mentors=_pool(random, "mentor", n_mentors, "expertise", -1 - n_mentees, words),
        capacity=np.ones(n_mentors, dtype=np.int16),
        locked=nobody,
        excluded=nobody,
        seed=seed,
    )


def _pool(random: Random, side: str, size: int, field: str, first_id: int, words: int) -> Pool:
    import numpy as np

    texts = [" ".join(random.choices(_WORDS, k=words)) for _ in range(size)]
    ids = np.arange(first_id, first_id - size, -1, dtype=np.int64)
    return Pool(ids, tuple(f"{side}-{row:06}" for row in range(size)), {field: texts}, (field,))
