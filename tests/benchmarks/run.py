"""Print what Wayfellow takes: quality, seconds and memory, as tables. Times are reported, never asserted.

    python tests/benchmarks/run.py [--onet DIR] [--large]

``--onet`` is a folder with O*NET tables and its make_people.py and evaluate.py; without it, or the variable
WAYFELLOW_ONET, ranking quality is left out. ``--large`` adds 20,000 mentees and 5,000 mentors.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

STAGES = ("read", "score", "assign", "prove", "explain", "write", "total")
WORDS, TOPICS = 30_000, 200


def main() -> None:
    """Run every benchmark that the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--onet", type=Path, default=os.environ.get("WAYFELLOW_ONET"))
    parser.add_argument("--large", action="store_true", help="20,000 mentees and 5,000 mentors too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        quality(options.onet, Path(folder))
        speed([(1_000, 400), (20_000, 5_000)] if options.large else [(1_000, 400)], Path(folder))
    start_up()


def quality(onet: Path | str | None, folder: Path) -> None:
    """Print how well rankings and pairs agree with what is known of O*NET's people, 400 mentors and 1,000 mentees."""
    heading("Quality: 400 mentors, 1,000 mentees, seed 1")
    if onet is None or not Path(onet).is_dir():
        print("left out: give a folder of O*NET tables with --onet DIR or WAYFELLOW_ONET")
        return
    tools = Path(onet)
    people = folder / "people"
    run([sys.executable, tools / "make_people.py", "--seed", 1, "--out", people, "--onet", tools])
    summary = match(people, folder / "quality")
    truth = ["--truth", people / "truth.csv", "--onet", tools]
    scores: dict[str, str] = {}
    for option in ("rankings", "matches"):
        said = run([sys.executable, tools / "evaluate.py", *truth, f"--{option}", folder / "quality" / f"{option}.csv"])
        scores |= dict(re.findall(r"(nDCG@10|mean relevance|with a relevant mentor) ([\d.]+)", said))
    scores["% of the upper bound"] = f"{summary['percent_of_upper_bound']:.3f}"
    table(("figure", "value"), list(scores.items()))


def speed(sizes: Sequence[tuple[int, int]], folder: Path) -> None:
    """Print seconds by stage and peak memory from two files to explained pairs, for synthetic people."""
    heading("Speed: from two files to explained pairs, seconds by stage")
    rows = []
    for mentees, mentors in sizes:
        people = folder / f"{mentees}"
        make_people(people, mentees, mentors)
        summary = match(people, folder / f"out{mentees}")
        seconds = [f"{summary['seconds'][stage]:.2f}" for stage in STAGES]
        rows.append((f"{mentees:,} x {mentors:,}", *seconds, f"{summary['peak_memory_mb']:,.0f}"))
    table(("mentees x mentors", *STAGES, "MB"), rows)


def start_up(times: int = 5) -> None:
    """Print the median seconds that the command and the web need to start, and whether they load scikit-learn."""
    heading("Start-up: median seconds of five, warm")
    help_only = [sys.executable, "-m", "wayfellow", "--help"]
    web = [sys.executable, "-c", WEB]
    rows = [("python -c pass", timed([sys.executable, "-c", "pass"], times))]
    rows.append(("wayfellow --help", timed(help_only, times)))
    rows.append(("web application made", timed(web, times)))
    table(("what", "seconds"), [(what, f"{value:.2f}" if value is not None else "failed") for what, value in rows])


WEB = """
import sys, tempfile
from pathlib import Path
from wayfellow.config import default_config
from wayfellow_web import create_app
create_app(default_config(Path(tempfile.mkdtemp())))
assert "sklearn" not in sys.modules, "the web loads scikit-learn"
"""


def make_people(folder: Path, mentees: int, mentors: int, seed: int = 3) -> None:
    """Write people whose words follow Zipf's law, each with a topic of 150 words, 100 words a person."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    words = [f"w{number:x}q" for number in range(WORDS)]
    weights = list(itertools.accumulate(1 / (number + 3) for number in range(WORDS)))
    topics = [rng.sample(words, 150) for _ in range(TOPICS)]

    def rows(kind: str, count: int) -> Iterator[list[object]]:
        for number in range(count):
            text = rng.choices(rng.choice(topics), k=35) + rng.choices(words, cum_weights=weights, k=65)
            yield [f"{kind}-{number:06d}", " ".join(text), rng.choice([1, 2, 3, 4, 5])]

    for kind, column, count in (("mentee", "goals", mentees), ("mentor", "expertise", mentors)):
        with (folder / f"{kind}s.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["person_id", column, "capacity"])
            writer.writerows(rows(kind, count))


def match(people: Path, out: Path) -> dict[str, Any]:
    """Run the command on a folder of people in a process of its own; return its summary."""
    files = ["--mentors", people / "mentors.csv", "--mentees", people / "mentees.csv"]
    run([sys.executable, "-m", "wayfellow", "match", *files, "--out", out])
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return summary


def run(command: Sequence[object]) -> str:
    """Return what a program prints; show its errors and stop when it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(str(part) for part in command[:4])} failed:\n{done.stderr}")
    return done.stdout


def timed(command: Sequence[str], times: int) -> float | None:
    """Return the median wall seconds of a program after one run to warm up, None when it fails."""
    taken = []
    for _ in range(times + 1):
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        taken.append(time.perf_counter() - start)
        if done.returncode:
            print(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "failed without a word")
            return None
    return statistics.median(taken[1:])


def heading(text: str) -> None:
    """Print a heading."""
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a header, columns aligned."""
    widths = [max(len(str(row[column])) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)


if __name__ == "__main__":
    main()
