"""Print what Wayfellow takes: quality, seconds and memory, as tables. Times are reported, never asserted.

    python tests/benchmarks/run.py [--onet DIR] [--large]     every theme
    python tests/benchmarks/run.py THEME [arguments]          one theme; --help after it lists its arguments

``--onet`` is a folder with O*NET tables and its make_people.py and evaluate.py; without it, or the variable
WAYFELLOW_ONET, ranking quality is left out. ``--large`` adds 20,000 mentees and 5,000 mentors, and five times as many.
Each theme is a program of its own beside this one, so that none inherits another's memory.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

THEMES = ("quality", "speed", "engines", "solvers", "churn", "startup", "pages", "door")
HERE = Path(__file__).parent


def main() -> int:
    """Run the theme that is named, else every one; return 1 when one failed."""
    if sys.argv[1:] and sys.argv[1] in THEMES:
        return start(sys.argv[1], sys.argv[2:])
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog=f"One theme: run.py THEME. Themes: {', '.join(THEMES)}."
    )
    parser.add_argument("--onet", type=Path, default=os.environ.get("WAYFELLOW_ONET"))
    parser.add_argument("--large", action="store_true", help="the large sizes too")
    options = parser.parse_args()
    return max([start(theme, arguments) for theme, arguments in chosen(options.onet, options.large)])


def chosen(onet: Path | str | None, large: bool) -> Iterator[tuple[str, list[str]]]:
    """Yield the themes to run and what each is told."""
    for theme in THEMES:
        if theme == "quality":
            if onet is None or not Path(onet).is_dir():
                heading("Quality")
                print("left out: give a folder of O*NET tables with --onet DIR or WAYFELLOW_ONET")
                continue
            yield theme, ["--onet", str(onet)]
        else:
            yield theme, ["--large"] if large and theme == "speed" else []


def start(theme: str, arguments: Sequence[str]) -> int:
    """Run one theme and return its exit code."""
    script = HERE / f"{theme}.py"
    if not script.is_file():
        print(f"\n{theme} is left out: there is no {script.name}.")
        return 0
    return subprocess.run([sys.executable, str(script), *arguments]).returncode


def run(command: Sequence[object]) -> str:
    """Return what a program prints; show its errors and stop when it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(str(part) for part in command[:4])} failed:\n{done.stderr}")
    return done.stdout


def heading(text: str) -> None:
    """Print a heading."""
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a header, columns aligned."""
    widths = [max(len(str(row[column])) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
