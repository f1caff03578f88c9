"""Print solvers side by side on the same candidates: CPU seconds, people, total, and the lowest score given.

python tests/benchmarks/solvers.py [--mentees N] [--mentors N] [--share S]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

import numpy as np
from pools import make
from run import heading, table
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from wayfellow.matching.candidates import Candidates
from wayfellow.matching.settings import MatchSettings
from wayfellow.matching.solve import choose_best, finish
from wayfellow.types import MatchProblem

Chosen = np.ndarray


def main() -> None:
    """Solve one problem in every way that finishes at its size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mentees", type=int, default=2_000)
    parser.add_argument("--mentors", type=int, default=500)
    parser.add_argument("--share", type=float, default=0.75, help="places as a part of the mentees")
    options = parser.parse_args()
    problem, candidates = make(options.mentees, options.mentors, options.share)
    heading(f"Solvers: {options.mentees:,} mentees, {options.mentors:,} mentors, {problem.capacity.sum():,} places")
    rows, best = [], 0
    for name, run in solvers(problem, candidates):
        start = time.process_time()
        chosen = run()
        seconds = time.process_time() - start
        score = candidates.micro[chosen]
        best = best or int(score.sum())
        people = len(np.unique(candidates.mentee[chosen]))
        rows.append(
            (name, f"{seconds:.2f}", f"{people:,}", f"{100 * score.sum() / best:.3f}", f"{score.min() / 1e6:.4f}")
        )
    table(("solver", "CPU s", "people", "% of the best total", "worst"), rows)


def solvers(problem: MatchProblem, candidates: Candidates) -> Iterator[tuple[str, Callable[[], Chosen]]]:
    """Yield each solver that this size allows: its name, and what returns the places of its pairs."""
    import ortools.graph.python.min_cost_flow  # noqa: F401 - loading is not solving

    size = len(problem.mentees) * int(problem.capacity.sum())
    yield "ours, no floor", lambda: ours(problem, candidates, floor=False)
    yield "ours, with floor", lambda: ours(problem, candidates, floor=True)
    yield "greedy, best pair first", lambda: greedy(problem, candidates)
    if size <= 20_000_000:
        yield "SciPy min_weight_full_bipartite_matching", lambda: scipy_sparse(problem, candidates)
        yield "SciPy linear_sum_assignment", lambda: scipy_dense(problem, candidates)
    if len(candidates.mentor) <= 2_000_000:
        yield "HiGHS", lambda: highs(problem, candidates)
    try:
        from matching.games import HospitalResident  # noqa: F401
    except ImportError:
        return
    if len(problem.mentees) <= 500:
        yield "matching HospitalResident", lambda: hospital(problem, candidates)


def ours(problem: MatchProblem, candidates: Candidates, floor: bool) -> Chosen:
    """Return what Wayfellow chooses."""
    settings = MatchSettings(floor=floor)
    found = finish(problem, choose_best(problem, candidates, settings), settings).assignment
    return candidates.find(found.mentee, found.mentor)


def greedy(problem: MatchProblem, candidates: Candidates) -> Chosen:
    """Return the pairs of taking the best that is left, again and again."""
    room, free = problem.capacity.tolist(), [True] * len(problem.mentees)
    mentee, mentor, chosen = candidates.mentee.tolist(), candidates.mentor.tolist(), []
    for place in np.argsort(-candidates.micro, kind="stable").tolist():
        i, j = mentee[place], mentor[place]
        if free[i] and room[j]:
            free[i], room[j] = False, room[j] - 1
            chosen.append(place)
    return np.array(chosen)


def scipy_sparse(problem: MatchProblem, candidates: Candidates) -> Chosen:
    """Return the pairs by one column per place, and one of its own per mentee for having none."""
    column, mentee, place = _copies(problem, candidates)
    n, columns = len(problem.mentees), int(problem.capacity.sum())
    none = 2e6 * np.ones(n)
    cost = np.concatenate([1e6 - candidates.micro[place] + 1, none])
    rows = np.concatenate([mentee, np.arange(n)])
    found = min_weight_full_bipartite_matching(
        csr_array((cost, (rows, np.concatenate([column, columns + np.arange(n)]))), shape=(n, columns + n))
    )
    return _places(problem, candidates, *found)


def scipy_dense(problem: MatchProblem, candidates: Candidates) -> Chosen:
    """Return the pairs by a full table of mentees and places."""
    column, mentee, place = _copies(problem, candidates)
    worth = np.zeros((len(problem.mentees), int(problem.capacity.sum())))
    worth[mentee, column] = candidates.micro[place] + 2e6
    return _places(problem, candidates, *linear_sum_assignment(worth, maximize=True))


def highs(problem: MatchProblem, candidates: Candidates) -> Chosen:
    """Return the pairs by linear programming, whose corners are whole numbers here."""
    arcs, one = np.arange(len(candidates.mentor)), np.ones(len(candidates.mentor))
    rows = coo_array((one, (candidates.mentee, arcs))).tocsr()
    columns = coo_array((one, (candidates.mentor, arcs)), shape=(len(problem.mentors), len(arcs))).tocsr()
    limits = [LinearConstraint(rows, ub=1), LinearConstraint(columns, ub=problem.capacity.astype(float))]
    found = milp(-(candidates.micro / 1e6 + 2), bounds=Bounds(0, 1), constraints=limits)
    return np.flatnonzero(found.x > 0.5)


def hospital(problem: MatchProblem, candidates: Candidates) -> Chosen:
    """Return the stable pairs where both sides rank by the one score."""
    from matching.games import HospitalResident

    spans = list(zip(candidates.indptr[:-1].tolist(), candidates.indptr[1:].tolist(), strict=True))
    wishes = {i: candidates.mentor[a:b].tolist() for i, (a, b) in enumerate(spans)}
    ranked: dict[int, list[int]] = {}
    mentee = candidates.mentee
    for place in np.argsort(-candidates.micro, kind="stable").tolist():
        ranked.setdefault(int(candidates.mentor[place]), []).append(int(mentee[place]))
    game = HospitalResident.create_from_dictionaries(wishes, ranked, {j: int(problem.capacity[j]) for j in ranked})
    pairs = [(one.name, hospital.name) for hospital, many in game.solve().items() for one in many]
    return candidates.find(*np.array(pairs, np.int64).T)


def _copies(problem: MatchProblem, candidates: Candidates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each arc once per place of its mentor: the place's column, the mentee, and where the arc stands."""
    first = np.concatenate([[0], np.cumsum(problem.capacity)])
    times = problem.capacity[candidates.mentor].astype(np.int64)
    place = np.repeat(np.arange(len(times)), times)
    offset = np.arange(len(place)) - np.repeat(np.cumsum(times) - times, times)
    return first[candidates.mentor[place]] + offset, candidates.mentee[place], place


def _places(problem: MatchProblem, candidates: Candidates, row: np.ndarray, column: np.ndarray) -> Chosen:
    """Return where the pairs stand, without those that are none."""
    owner = np.repeat(np.arange(len(problem.mentors)), problem.capacity)
    real = column < len(owner)
    found = candidates.find(row[real], owner[column[real]])
    return found[found >= 0]


if __name__ == "__main__":
    main()
