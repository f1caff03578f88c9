"""Run the whole way from a problem to explained pairs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from wayfellow._version import __version__
from wayfellow.errors import WayfellowError
from wayfellow.matching.candidates import Candidates, Ints
from wayfellow.matching.choose import choose
from wayfellow.matching.explain import explain, pairs_to_explain
from wayfellow.matching.fairness import measure_fairness
from wayfellow.matching.gather import Progress, forbidden_pairs, gather
from wayfellow.matching.peers import PeerScoring, check_peers, once_per_pair
from wayfellow.matching.problem import input_hash, same_person
from wayfellow.matching.quality import count_quotas, measure
from wayfellow.matching.reckon import find_reasons
from wayfellow.matching.result import MatchResult
from wayfellow.matching.scoring import ScorersChanged, Scoring
from wayfellow.matching.settings import BLOCK_ROWS, MatchSettings, Mode
from wayfellow.matching.solve import Solution
from wayfellow.matching.solve.groups import with_group_size
from wayfellow.matching.unmatched import list_unmatched
from wayfellow.types import Assignment, MatchProblem

if TYPE_CHECKING:
    from wayfellow.host import PluginHost

LIBRARIES = ("numpy", "scipy", "ortools", "rustworkx")


def run_match(
    problem: MatchProblem, host: PluginHost, settings: MatchSettings | None = None, progress: Progress | None = None
) -> MatchResult:
    """Return pairs and the reasons for them.

    ``progress`` is told (stage, done, total) for the stages "score", "assign" and "explain"; what it raises ends the
    run. Blocks are scored by ``settings.workers``, or by the backend of a ``joblib.parallel_config`` around the call,
    such as "dask". The result is the same for the same input, programs and settings, whatever the order of rows or the
    workers.
    Raises WayfellowError when every scorer fails or a solver's answer breaks a rule, InvalidInput when a locked pair is
    forbidden, and what the host raises when a plugin cannot say which pairs are forbidden.
    """
    settings, progress = settings or MatchSettings(), progress or _silence
    if settings.fewest_mentees:
        asked = np.minimum(problem.capacity, settings.fewest_mentees).astype(np.int16)
        problem = replace(problem, minimum=np.maximum(problem.minimum, asked))
    if settings.group_size:
        problem = with_group_size(problem, *settings.group_size)
    if settings.mode == Mode.PEERS:
        check_peers(problem)
    problem = replace(problem, memo={}, settings={**host.all_settings(), **problem.settings})
    scoring = (PeerScoring if settings.mode == Mode.PEERS else Scoring)(problem, host, settings)
    clock = _Stopwatch()
    solution, candidates = _pair(scoring, progress, clock)
    assignment = solution.assignment
    chosen = _places(scoring.problem, candidates, assignment)
    with clock.stage("prove"):
        best = _places(scoring.problem, candidates, solution.best)
        quality = replace(
            measure(problem, candidates, solution, chosen, best), quotas=count_quotas(problem, settings, assignment)
        )
        if settings.mode == Mode.PEERS:
            quality = once_per_pair(quality)
        fairness = replace(
            measure_fairness(candidates, chosen, problem.capacity), floor=quality.floor, floor_price=quality.floor_price
        )
    with clock.stage("reasons"):
        reasons = find_reasons(scoring, candidates, assignment, chosen, floor=solution.floor or 0)
    spare = reasons.find_alternates(candidates)
    candidates = candidates.only(_kept(candidates, np.union1d(chosen, spare), settings.candidates))
    chosen = _places(scoring.problem, candidates, assignment)
    with clock.stage("explain"):
        spare = reasons.find_alternates(candidates) if settings.alternatives else chosen
        shown = pairs_to_explain(candidates, np.union1d(chosen, spare), settings.alternatives)
        explanations = explain(scoring, candidates, shown, progress)
    return MatchResult(
        problem=scoring.problem,
        candidates=candidates,
        assignment=assignment,
        pairs=chosen,
        explanations=explanations,
        unmatched=list_unmatched(problem, candidates, assignment, sorted(scoring.active), settings),
        quality=quality,
        fairness=fairness,
        reasons=reasons,
        weights=scoring.weights,
        degraded=scoring.failures,
        seconds=clock.seconds,
        versions=versions(host),
        input_hash=input_hash(problem, settings),
        mode=settings.mode,
    )


def versions(host: PluginHost) -> dict[str, str]:
    """Return the versions of what decides a result: Wayfellow, the loaded plugins, and the libraries that count."""
    plugins = {f"plugin {info.name}": info.version for info in host.plugins if info.is_loaded}
    return {"wayfellow": __version__} | {name: _version(name) for name in LIBRARIES} | plugins


@cache
def _version(library: str) -> str:
    return version(library)


def _pair(scoring: Scoring, progress: Progress, clock: _Stopwatch) -> tuple[Solution, Candidates]:
    """Gather candidates and solve, from the start again whenever a scorer falls out, until all blocks agree."""
    settings = scoring.settings
    k = settings.width(len(scoring.problem.mentees))
    while True:
        try:
            with clock.stage("score"):
                candidates = gather(scoring, k, progress)
            with clock.stage("assign"):
                own = _ask_plugins(scoring, candidates) if settings.mode == Mode.PAIRS else None
                if own is not None:
                    return Solution(own, best=own), candidates
                return choose(scoring, candidates, k, progress)
        except ScorersChanged as change:
            scoring.begin_again(change)


def _ask_plugins(scoring: Scoring, candidates: Candidates) -> Assignment | None:
    """Return the assignment of a plugin that brings a solver, checked and sorted by mentee, or None."""
    problem, host = scoring.problem, scoring.host
    if not any(info.is_loaded and "assign_matches" in info.hooks for info in host.plugins):
        return None
    shape = (len(problem.mentees), len(problem.mentors))
    scores = csr_array((candidates.score.astype(np.float32), candidates.mentor, candidates.indptr), shape=shape)
    scores.sort_indices()
    answer = host.assign_matches(problem, scores, _all_forbidden(scoring))
    if answer is None:
        return None
    order = np.argsort(answer.mentee, kind="stable")
    assignment = Assignment(answer.mentee[order], answer.mentor[order])
    _check_kept(problem, assignment)
    return assignment


def _all_forbidden(scoring: Scoring) -> csr_array:
    problem = scoring.problem
    bars = np.concatenate([problem.excluded, same_person(problem)])
    n = len(problem.mentees)
    slices = [slice(start, min(start + BLOCK_ROWS, n)) for start in range(0, n, BLOCK_ROWS)]
    blocks = [forbidden_pairs(scoring, bars, rows) for rows in slices]
    if not blocks:
        return csr_array((0, len(problem.mentors)), dtype=bool)
    return csr_array(vstack(blocks, format="csr"))


def _check_kept(problem: MatchProblem, assignment: Assignment) -> None:
    chosen = set(zip(assignment.mentee.tolist(), assignment.mentor.tolist(), strict=True))
    for i, j in problem.locked.tolist():
        if (i, j) not in chosen:
            raise WayfellowError(
                "The plugin that chooses the pairs did not keep "
                f"{problem.mentees.keys[i]} with {problem.mentors.keys[j]}; disable it or remove that pair."
            )


def _kept(candidates: Candidates, chosen: Ints, limit: int) -> NDArray[np.bool_]:
    """Tell which candidates the result keeps: the first of each mentee, and every chosen one."""
    keep: NDArray[np.bool_] = candidates.rank <= limit
    keep[chosen] = True
    return keep


def _places(problem: MatchProblem, candidates: Candidates, assignment: Assignment) -> Ints:
    """Return where the chosen pairs stand among the candidates; what is not there was forbidden or scored 0."""
    places = candidates.find(assignment.mentee, assignment.mentor)
    for row in np.flatnonzero(places < 0)[:1].tolist():
        mentee, mentor = problem.mentees.keys[assignment.mentee[row]], problem.mentors.keys[assignment.mentor[row]]
        raise WayfellowError(
            f"The plugin that chooses the pairs chose {mentee} with {mentor}, who is not among the candidates of "
            f"{mentee}: the pair is forbidden or has no score. Disable the plugin to use Wayfellow's own solver."
        )
    return places


class _Stopwatch:
    """Hold the seconds that stages took; a stage that runs again adds to its own."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what runs inside."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def _silence(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
