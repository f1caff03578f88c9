"""Print the median seconds that the command and the web need to start, and whether they load scikit-learn.

python tests/benchmarks/startup.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from run import heading, table

WEB = """
import sys, tempfile
from pathlib import Path
from wayfellow.config import default_config
from wayfellow_web import create_app
create_app(default_config(Path(tempfile.mkdtemp())))
assert "sklearn" not in sys.modules, "the web loads scikit-learn"
"""
#: What is started, and the seconds it may take.
PROGRAMS: dict[str, tuple[list[str], float | None]] = {
    "python -c pass": (["-c", "pass"], None),
    "wayfellow --help": (["-m", "wayfellow", "--help"], 0.3),
    "web application made": (["-c", WEB], 1.5),
}


def main(times: int = 5) -> None:
    """Start each program some times after once to warm up."""
    heading(f"Start-up: median seconds of {times}, warm")
    rows = []
    for what, (arguments, budget) in PROGRAMS.items():
        seconds = timed([sys.executable, *arguments], times)
        ratio = f"{seconds / budget:.2f}" if seconds and budget else "-"
        rows.append((what, f"{seconds:.2f}" if seconds else "failed", ratio))
    table(("what", "seconds", "of budget"), rows)


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


if __name__ == "__main__":
    main()
