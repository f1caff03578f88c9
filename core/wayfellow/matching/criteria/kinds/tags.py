"""Compare what two people list, whatever the case of the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from wayfellow.types import MatchProblem, Pool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

Fold = Callable[[str], str]


def fold(text: str) -> str:
    """Return a word without its case and outer white space."""
    return " ".join(text.split()).casefold()


def tags(pool: Pool, field: str, row: int, folded: Fold = fold) -> dict[str, str]:
    """Return what one person lists, as written, by the folded word; the first of two that fold alike."""
    found: dict[str, str] = {}
    for line in pool.fields[field][row].split("\n") if field in pool.fields else ():
        if key := folded(line):
            found.setdefault(key, line.strip())
    return found


class Counts(NamedTuple):
    """Hold what a block and all mentors list.

    ``common`` things and whether it is ``known``, since both list something, by pair; ``mentee`` (rows, 1) how many
    each mentee lists.
    """

    common: NDArray[np.int64]
    known: NDArray[np.bool_]
    mentee: NDArray[np.int64]


def count_common(problem: MatchProblem, mentee_field: str, mentor_field: str, folded: Fold = fold) -> Counts:
    """Count what each mentee of the block and each mentor both list."""
    import numpy as np

    memo = f"criteria.tags.{mentee_field}.{mentor_field}.{folded.__qualname__}"
    mentees, mentors = problem.once(memo, lambda: _encode(problem, mentee_field, mentor_field, folded))
    block = mentees[problem.rows]
    ours, theirs = np.diff(block.indptr)[:, None], mentors.sum(axis=0)[None, :]
    common: NDArray[np.int64] = (block @ mentors).toarray()
    return Counts(common, (ours > 0) & (theirs > 0), ours)


def _encode(problem: MatchProblem, mentee_field: str, mentor_field: str, folded: Fold) -> tuple[csr_array, csr_array]:
    """Return which words each mentee lists, (mentees, words), and each mentor, (words, mentors)."""
    from scipy.sparse import csr_array

    words: dict[str, int] = {}
    sides = [
        [[words.setdefault(word, len(words)) for word in tags(pool, field, row, folded)] for row in range(len(pool))]
        for pool, field in ((problem.mentees, mentee_field), (problem.mentors, mentor_field))
    ]
    mentees, mentors = (_matrix(rows, len(words)) for rows in sides)
    return mentees, csr_array(mentors.T)


def _matrix(rows: Sequence[Sequence[int]], width: int) -> csr_array:
    import numpy as np
    from scipy.sparse import csr_array

    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    indices = np.array([word for row in rows for word in row], dtype=np.int64)
    return csr_array((np.ones(len(indices), dtype=np.int64), indices, indptr), shape=(len(rows), max(1, width)))
