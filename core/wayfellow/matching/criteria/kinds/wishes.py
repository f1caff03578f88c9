"""Wishes: whom the two said they would like, and whom rather not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from wayfellow.types import Criterion, CriterionKind, MatchProblem, Pool, Verdict
from wayfellow.words import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PREFERRED, AVOIDED = "preferred_people", "avoided_people"
BOTH, MENTEE, MENTOR = "both", "mentee", "mentor"
#: Somebody who is not among those whom a person named, and the view of a person who named nobody.
UNNAMED, SILENT = 0.25, 0.5
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


class _Views(NamedTuple):
    """Hold how one side sees the other: ``usual`` score of each of its people, and (mentee, mentor, score) of pairs."""

    usual: NDArray[np.float32]
    mentee: NDArray[np.int64]
    mentor: NDArray[np.int64]
    score: NDArray[np.float32]


def judge(problem: MatchProblem, criterion: Criterion) -> Verdict:
    """Score by the place among the wishes, 0 for whom somebody avoids, which breaks a hard rule.

    The wish in place r of n scores 1 - (r - 1) / 2n, so that even the last one scores above the view of somebody who
    named nobody (0.5). With the wishes of both it is the mean of the two.
    """
    import numpy as np

    sides = (MENTEE, MENTOR) if criterion.direction == BOTH else (criterion.direction,)
    views = [_block(problem, side) for side in sides]
    broken = np.logical_or.reduce([view == 0 for view in views])
    return Verdict(np.mean(views, axis=0, dtype=np.float32), broken)


def say(problem: MatchProblem, criterion: Criterion, mentee: int, mentor: int) -> str:
    """Say what the two wish, as far as it counts."""
    sides = {
        MENTEE: (problem.mentees, mentee, problem.mentors.keys[mentor]),
        MENTOR: (problem.mentors, mentor, problem.mentees.keys[mentee]),
    }
    asked = [side for side in sides if criterion.direction in (side, BOTH)]
    said = [f"the {side} {wish}" for side in asked if (wish := _wish(*sides[side]))]
    return ", ".join(said).capitalize() if said else "Nobody asked for it or against it"


def _wish(pool: Pool, row: int, other: str) -> str:
    if other in _named(pool, AVOIDED, row):
        return "would rather not"
    preferred = _named(pool, PREFERRED, row)
    if other not in preferred:
        return "asked for others" if preferred else ""
    place = preferred.index(other)
    return f"has this as {_ORDINALS[place]} wish" if place < len(_ORDINALS) else "wishes for it"


def _block(problem: MatchProblem, side: str) -> NDArray[np.float32]:
    import numpy as np

    views = problem.once(f"criteria.wishes.{side}", lambda: _views(problem, side))
    usual = views.usual[problem.rows, None] if side == MENTEE else views.usual[None, :]
    block = np.broadcast_to(usual, problem.shape).copy()
    start, _, _ = problem.rows.indices(len(problem.mentees))
    here = (views.mentee >= start) & (views.mentee < start + len(block))
    block[views.mentee[here] - start, views.mentor[here]] = views.score[here]
    return block


def _views(problem: MatchProblem, side: str) -> _Views:
    import numpy as np

    pool, others = (problem.mentees, problem.mentors) if side == MENTEE else (problem.mentors, problem.mentees)
    at = {key: row for row, key in enumerate(others.keys)}
    found = [(row, at[key], score) for row in range(len(pool)) for key, score in _scores(pool, row) if key in at]
    rows, columns = (np.array([one[place] for one in found], dtype=np.int64) for place in (0, 1))
    usual = [UNNAMED if _named(pool, PREFERRED, row) else SILENT for row in range(len(pool))]
    mentee, mentor = (rows, columns) if side == MENTEE else (columns, rows)
    score = np.array([one[2] for one in found], dtype=np.float32)
    return _Views(np.array(usual, dtype=np.float32), mentee, mentor, score)


def _scores(pool: Pool, row: int) -> Iterator[tuple[str, float]]:
    """Yield whom a person names with the score; whom they avoid comes last, so that it wins."""
    preferred = _named(pool, PREFERRED, row)
    for place, key in enumerate(preferred):
        yield key, 1 - place / (2 * len(preferred))
    yield from ((key, 0.0) for key in _named(pool, AVOIDED, row))


def _named(pool: Pool, field: str, row: int) -> list[str]:
    lines = pool.fields[field][row].split("\n") if field in pool.fields else []
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


WISHES = CriterionKind(
    key="wishes",
    label=later("People's own wishes"),
    judge=judge,
    say=say,
    help=later("Whom the mentee or the mentor would like, best first, and whom rather not."),
    directions=((BOTH, later("Of both")), (MENTEE, later("Of the mentee")), (MENTOR, later("Of the mentor"))),
)
