"""Print seconds by stage and peak memory from two files to explained pairs, with the ratio to the budget.

    python tests/benchmarks/speed.py [--large] [--workers N]

``--large`` adds 20,000 mentees and 5,000 mentors, and 100,000 and 25,000.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

from run import heading, run, table
from synthetic import make_people

STAGES = ("read", "score", "assign", "prove", "explain", "write", "total")
#: Mentees and mentors, and the seconds they may take; None where no budget is set.
SIZES = (((2_000, 500), None), ((20_000, 5_000), 15), ((100_000, 25_000), 90))


def main() -> None:
    """Match synthetic people of each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="the two large sizes too")
    parser.add_argument("--workers", type=int, default=1, help="as for wayfellow match")
    options = parser.parse_args()
    heading("Speed: from two files to explained pairs, seconds by stage")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for (mentees, mentors), budget in SIZES if options.large else SIZES[:1]:
            people = Path(folder) / f"{mentees}"
            make_people(people, mentees, mentors)
            before = cpu_of_children()
            summary = match(people, Path(folder) / f"out{mentees}", options.workers)
            cpu, seconds = cpu_of_children() - before, summary["seconds"]
            ratio = f"{seconds['total'] / budget:.2f}" if budget else "-"
            figures = [*(f"{seconds[stage]:.2f}" for stage in STAGES), ratio, f"{cpu:.1f}"]
            rows.append((f"{mentees:,} x {mentors:,}", *figures, f"{summary['peak_memory_mb']:,.0f}"))
    table(("mentees x mentors", *STAGES, "of budget", "CPU s", "MB"), rows)


def match(people: Path, out: Path, workers: int) -> dict[str, Any]:
    """Run the command on a folder of people in a process of its own; return its summary."""
    files = ["--mentors", people / "mentors.csv", "--mentees", people / "mentees.csv"]
    run([sys.executable, "-m", "wayfellow", "match", *files, "--out", out, "--workers", workers])
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return summary


def cpu_of_children() -> float:
    """Return the CPU seconds of every process that was started and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
