"""Score the whole problem block by block, and keep each mentee's candidates; memory stays that of a few blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wayfellow.errors import InvalidInput
from wayfellow.matching.candidates import MICRO, UNRANKED, Candidates, Ints, columns_of, top_k
from wayfellow.matching.engines import each
from wayfellow.matching.problem import same_person
from wayfellow.matching.scoring import Scoring
from wayfellow.matching.settings import BLOCK_ROWS
from wayfellow.matching.solve import in_pairs
from wayfellow.types import MatchProblem

#: Asking about a block takes as long as so many rows of it do.
NEAR_ROWS = 32
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Hold the candidates of one block: pairs aligned, and counts by row."""

    mentee: Ints
    mentor: Ints
    micro: Ints
    rank: Ints
    parts: Mapping[str, NDArray[np.float32]]
    counts: tuple[Ints, Ints, Ints]
    sought: Ints


def gather(
    scoring: Scoring,
    k: int,
    progress: Progress,
    rows: Ints | None = None,
    whole: NDArray[np.bool_] | None = None,
    also: Ints | None = None,
) -> Candidates:
    """Return the k best allowed mentors of each mentee, or of the mentees in ``rows`` alone, the others left empty.

    Where ``whole`` marks mentors, return all allowed pairs with them instead, unranked, since others are not asked for.
    Locked pairs are candidates whatever their score; so are those of the allowed pairs in ``also`` (k, 2).
    Calls ``progress`` after each block with (stage, done, total) counted in mentees.
    Raises ScorersChanged (see there), InvalidInput when a plugin forbids a locked pair, and whatever forbid_matches
    raises, since a pair that must not be is worse than no pair.
    """
    problem = scoring.problem
    bars = np.concatenate([problem.excluded, same_person(problem)])
    wanted = np.arange(len(problem.mentees)) if rows is None else np.sort(rows)
    blocks = [slice(a, min(a + BLOCK_ROWS, len(problem.mentees))) for a in range(0, len(problem.mentees), BLOCK_ROWS)]
    blocks = [block for block in blocks if _inside(wanted, block).size]
    found: list[_Rows] = []
    work = partial(_score_block, scoring, bars, wanted, k, whole, also)
    for block, part in zip(blocks, each(work, blocks, scoring.settings.workers), strict=True):
        found.append(part)
        progress("score", block.stop, len(problem.mentees))
    return _joined(found, problem, scoring.active)


def united(old: Candidates, new: Candidates) -> Candidates:
    """Return the candidates of both, each once; the counts are the old ones."""
    new = new.only(old.find(new.mentee, new.mentor) < 0)
    mentee, rank = np.concatenate([old.mentee, new.mentee]), np.concatenate([old.rank, new.rank])
    # Two sorted runs, which this sort does no more than merge.
    order = np.argsort(mentee << 32 | rank, kind="stable")

    def both(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
        joined: NDArray[Any] = np.concatenate([one, other])[order]
        return joined

    return replace(
        old,
        indptr=_indptr(mentee[order], len(old)),
        mentor=both(old.mentor, new.mentor),
        micro=both(old.micro, new.micro),
        rank=rank[order],
        parts={name: both(own, new.parts[name]) for name, own in old.parts.items()},
    )


def ranked(scoring: Scoring, candidates: Candidates, places: Ints) -> Candidates:
    """Return the candidates with the true ranks of those at ``places`` (k,) that had none, from their rows."""
    missing = places[candidates.rank[places] == UNRANKED]
    if not len(missing):
        return candidates
    mentee, mentor, rank = candidates.mentee[missing], candidates.mentor[missing], candidates.rank.copy()
    bars = np.concatenate([scoring.problem.excluded, same_person(scoring.problem)])
    asked = np.unique(mentee)
    apart = (np.diff(asked) > NEAR_ROWS) | (np.diff(asked // BLOCK_ROWS) > 0)
    for some in np.split(asked, np.flatnonzero(apart) + 1):
        rows = slice(int(some[0]), int(some[-1]) + 1)
        here = np.flatnonzero((mentee >= rows.start) & (mentee < rows.stop))
        allowed = _without(scoring.block(rows)[0], forbidden_pairs(scoring, bars, rows))
        for one in here.tolist():
            _, rank[missing[one]] = _score_and_rank(allowed, int(mentee[one]) - rows.start, int(mentor[one]))
    return replace(candidates, rank=rank)


def forbidden_pairs(scoring: Scoring, bars: Ints, rows: slice) -> csr_array:
    """Return the pairs of a block that must never be matched: exclusions, one person twice, and what plugins forbid."""
    problem = scoring.problem
    start, stop, _ = rows.indices(len(problem.mentees))
    inside = bars[(bars[:, 0] >= start) & (bars[:, 0] < stop)]
    ones = np.ones(len(inside), dtype=bool)
    # Typed loosely because SciPy's stubs know no bool array made of coordinates.
    total: Any = csr_array((ones, (inside[:, 0] - start, inside[:, 1])), shape=problem.block(rows).shape)
    for answer in scoring.forbidden(rows).values():
        total = (total + csr_array(answer).astype(bool)).astype(bool)
    total.eliminate_zeros()
    forbidden: csr_array = total
    return forbidden


def _score_block(
    scoring: Scoring,
    bars: Ints,
    wanted: Ints,
    k: int,
    whole: NDArray[np.bool_] | None,
    also: Ints | None,
    rows: slice,
) -> _Rows:
    problem = scoring.problem
    scores, parts = scoring.block(rows, whole)
    forbidden = forbidden_pairs(scoring, bars, rows)
    allowed = _without(scores, forbidden)
    counts = (_per_row(scores), _per_row(allowed), _offering(allowed, problem.capacity > 0))
    local = _inside(wanted, rows) - rows.start
    is_whole = len(local) == allowed.shape[0]
    mine = allowed if is_whole else allowed[local]
    row, mentor, micro, rank = top_k(mine, k) if whole is None else columns_of(mine, whole)
    pairs = np.stack([local[row], mentor, micro, rank])
    if whole is None:
        pairs = _with_locked(problem, allowed, forbidden, rows, local, pairs, also)
    own = _own_scores(parts, pairs, alone=len(scoring.active) == 1)
    sought = np.bincount(allowed.indices, minlength=len(problem.mentors))
    return _Rows(pairs[0] + rows.start, pairs[1], pairs[2], pairs[3], own, counts, sought)


def _inside(wanted: Ints, rows: slice) -> Ints:
    return wanted[np.searchsorted(wanted, rows.start) : np.searchsorted(wanted, rows.stop)]


def _without(scores: csr_array, forbidden: csr_array) -> csr_array:
    if not forbidden.nnz:
        return scores
    allowed = csr_array(scores - scores.multiply(forbidden))
    allowed.eliminate_zeros()
    allowed.sort_indices()
    return allowed


def _per_row(scores: csr_array) -> Ints:
    return np.diff(scores.indptr).astype(np.int64)


def _offering(allowed: csr_array, has_places: NDArray[np.bool_]) -> Ints:
    """Return for each mentee how many of the allowed mentors offer a place."""
    if has_places.all():
        return _per_row(allowed)
    before: Ints = np.concatenate([[0], np.cumsum(has_places[allowed.indices])])
    return before[allowed.indptr[1:]] - before[allowed.indptr[:-1]]


def _own_scores(parts: Mapping[str, csr_array], pairs: Ints, *, alone: bool) -> dict[str, NDArray[np.float32]]:
    """Return each scorer's own scores of the pairs; where one is ``alone`` in the run, they are the combined ones."""
    if alone:
        return dict.fromkeys(parts, (pairs[2] / MICRO).astype(np.float32))
    return {name: part.toarray()[pairs[0], pairs[1]] for name, part in parts.items()}


def _with_locked(
    problem: MatchProblem,
    allowed: csr_array,
    forbidden: csr_array,
    rows: slice,
    local: Ints,
    pairs: Ints,
    also: Ints | None,
) -> Ints:
    """Return the candidates with the locked, current and further pairs of this block added at their true rank."""
    first, extra = np.array([rows.start, 0]), []
    further = problem.current if also is None else np.concatenate([problem.current, also])
    for wished, is_locked in ((problem.locked, True), (further, False)):
        here = wished[np.isin(wished[:, 0] - rows.start, local)] - first
        if is_locked:
            _check_not_forbidden(problem, forbidden, rows, here)
        here = here[~in_pairs(here[:, 0], here[:, 1], pairs[:2].T)]
        found = [(i, j, *_score_and_rank(allowed, i, j)) for i, j in here.tolist()]
        extra += [pair for pair in found if pair[2] or is_locked]
    if not extra:
        return pairs
    pairs = np.concatenate([pairs, np.array(sorted(set(extra)), dtype=np.int64).T], axis=1)
    return pairs[:, np.lexsort((pairs[3], pairs[0]))]


def _check_not_forbidden(problem: MatchProblem, forbidden: csr_array, rows: slice, locked: Ints) -> None:
    for i, j in locked.tolist():
        if forbidden[i, j]:
            mentee, mentor = problem.mentees.keys[i + rows.start], problem.mentors.keys[j]
            raise InvalidInput(f"{mentee} is to keep {mentor}, but a plugin forbids that pair; remove it.")


def _score_and_rank(allowed: csr_array, i: int, j: int) -> tuple[int, int]:
    span = slice(allowed.indptr[i], allowed.indptr[i + 1])
    columns, values = allowed.indices[span], allowed.data[span]
    own = int(values[columns == j].sum())
    better = (values > own) | ((values == own) & (columns < j))
    return own, int(better.sum()) + 1


def _indptr(mentee: Ints, n: int) -> Ints:
    return np.concatenate([[0], np.cumsum(np.bincount(mentee, minlength=n))]).astype(np.int64)


def _joined(found: list[_Rows], problem: MatchProblem, active: frozenset[str]) -> Candidates:
    def column(name: str) -> Ints:
        return np.concatenate([np.zeros(0, np.int64), *(getattr(part, name) for part in found)])

    empty = np.zeros(0, np.float32)
    own = {
        name: np.concatenate([empty, *(part.parts.get(name, np.zeros(len(part.mentee), np.float32)) for part in found)])
        for name in sorted(active)
    }
    positive, allowed, offering = (
        np.concatenate([np.zeros(0, np.int64), *(part.counts[i] for part in found)]) for i in range(3)
    )
    return Candidates(
        indptr=_indptr(column("mentee"), len(problem.mentees)),
        mentor=column("mentor"),
        micro=column("micro"),
        rank=column("rank"),
        parts=own,
        positive=positive,
        allowed=allowed,
        open=offering,
        sought=sum((part.sought for part in found), np.zeros(len(problem.mentors), np.int64)),
    )
