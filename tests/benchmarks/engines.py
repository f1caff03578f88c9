"""Print seconds to score the same people alone, in threads, in processes, and on a Dask cluster of two workers.

    python tests/benchmarks/engines.py [--mentees N] [--mentors N]

The pairs are compared too: another result than alone is said.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path

import joblib
from run import heading, table
from synthetic import make_people

from wayfellow.config import default_config
from wayfellow.host import PluginHost
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.settings import MatchSettings
from wayfellow.matching.tables import read_inputs

ENGINES: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "alone": nullcontext,
    "2 threads": lambda: joblib.parallel_config(backend="threading", n_jobs=2),
    "2 processes": lambda: joblib.parallel_config(backend="loky", n_jobs=2),
    "Dask, 2 workers": lambda: dask(),
}


def main() -> None:
    """Score with each engine, its start included."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mentees", type=int, default=5_000)
    parser.add_argument("--mentors", type=int, default=1_250)
    options = parser.parse_args()
    heading(f"Engines: {options.mentees:,} mentees, {options.mentors:,} mentors, seconds with the engine's start")
    with tempfile.TemporaryDirectory() as folder:
        make_people(Path(folder), options.mentees, options.mentors)
        problem = read_inputs(Path(folder) / "mentors.csv", Path(folder) / "mentees.csv").problem
        host = PluginHost.load(default_config(Path(folder)))
        run_match(problem, host, MatchSettings(alternatives=0))  # what is imported once counts for none
        rows, first = [], None
        for name, engine in ENGINES.items():
            begin = time.perf_counter()
            with engine():
                result = run_match(problem, host, MatchSettings(alternatives=0))
            seconds = time.perf_counter() - begin
            pairs = result.assignment.mentee.tolist(), result.assignment.mentor.tolist(), result.scores.tolist()
            alone, first_pairs = first or (seconds, pairs)
            first = alone, first_pairs
            same = "the same" if pairs == first_pairs else "OTHERS"
            rows.append((name, f"{seconds:.1f}", f"{seconds / alone:.2f}", f"{result.seconds['score']:.1f}", same))
    table(("engine", "seconds", "of alone", "score", "pairs"), rows)


def dask() -> ExitStack:
    """Return a context of a local cluster that joblib sends its work to."""
    from distributed import Client, LocalCluster

    stack = ExitStack()
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    here = {"host": "127.0.0.1", "dashboard_address": None, "local_directory": folder}
    cluster = stack.enter_context(LocalCluster(n_workers=2, threads_per_worker=1, **here))
    stack.enter_context(Client(cluster))
    stack.enter_context(joblib.parallel_config(backend="dask"))
    return stack


if __name__ == "__main__":
    main()
