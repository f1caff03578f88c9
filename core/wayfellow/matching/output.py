"""Write a result as files: all of them or none."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from wayfellow.errors import InvalidInput
from wayfellow.matching.candidates import MICRO
from wayfellow.matching.chemistry.files import RATING_COLUMNS
from wayfellow.matching.figures import peak_memory_mb, summarise
from wayfellow.matching.peer_tables import PEER_COLUMNS
from wayfellow.matching.report import render_report
from wayfellow.matching.result import MatchResult
from wayfellow.matching.settings import Mode
from wayfellow.matching.tables import Inputs
from wayfellow.tabular.writing import write_csv

_BOM = "\ufeff".encode()


@contextmanager
def folder_in_one_go(target: Path) -> Iterator[Path]:
    """Give an empty folder to write into, whose files move to ``target`` when all is written.

    Nothing is left behind when anything fails. Files of the same name in an existing ``target`` are replaced, others
    stay. Raises InvalidInput when the place cannot be written.
    """
    if target.exists() and not target.is_dir():
        raise InvalidInput(f"{target} is a file; name a folder to write the results into.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.resolve().parent))
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        yield work
        _move(work, target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _move(work: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for file in sorted(work.iterdir()):
        file.replace(target / file.name)


def _cannot_write(target: Path, error: OSError, what: str = "folder") -> InvalidInput:
    reason = os.strerror(error.errno) if error.errno else str(error)
    return InvalidInput(f"The results cannot be written to {target}: {reason}. Name another {what} with --out.")


def write_results(
    target: Path, result: MatchResult, inputs: Inputs, top: int, seconds: Mapping[str, float]
) -> dict[str, Any]:
    """Write the tables, the report and the summary, all or none; return the summary.

    ``seconds`` of the stages before the run. Raises InvalidInput when ``target`` cannot be written.
    """
    start = time.perf_counter()
    stages = {**seconds, **result.seconds}
    with folder_in_one_go(target) as folder:
        write_tables(result, folder, top)
        report = render_report(result, inputs.mentee_names, inputs.mentor_names, stages)
        (folder / "report.html").write_text(report, encoding="utf-8")
        stages["write"] = time.perf_counter() - start
        times = {stage: round(value, 3) for stage, value in stages.items()}
        summary = summarise(result) | {
            "seconds": times | {"total": round(sum(stages.values()), 3)},
            "peak_memory_mb": peak_memory_mb(),
        }
        write_summary(summary, folder)
    return summary


def write_tables(result: MatchResult, folder: Path, top: int) -> None:
    """Write matches.csv, rankings.csv (the ``top`` candidates of each mentee), alternates.csv and unmatched.csv.

    Scores have six digits. Chats go into chats.csv instead, with empty columns for the ratings. Each pair of peers has
    two rows, one for each of its people. The files are UTF-8 without BOM, which every program that reads CSV as data
    expects.
    """
    one, other = PEER_COLUMNS if result.mode == Mode.PEERS else ("mentee_id", "mentor_id")
    pairs = (one, other, "score", "rank", "why")
    if result.mode == Mode.CHEMISTRY:
        rows = ((*row, *("" for _ in RATING_COLUMNS)) for row in _matches(result))
        _write(folder / "chats.csv", (*pairs, *RATING_COLUMNS), rows)
    else:
        _write(folder / "matches.csv", pairs, _matches(result))
    _write(folder / "rankings.csv", (one, other, "score"), _rankings(result, top))
    _write(folder / "alternates.csv", (one, "rank", other, "score"), _alternates(result))
    mentees = result.problem.mentees.keys
    left = ((mentees[item.mentee], item.reason) for item in result.unmatched)
    _write(folder / "unmatched.csv", (one, "reason"), left)


def write_rows(target: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one CSV file, all of it or nothing. Raises InvalidInput when the place cannot be written."""
    if target.is_dir():
        raise InvalidInput(f"{target} is a folder; name a file to write into.")
    work = target.with_name(f".{target.name}.part")
    try:
        _write(work, header, rows)
        work.replace(target)
    except OSError as error:
        raise _cannot_write(target, error, "file") from error
    finally:
        work.unlink(missing_ok=True)


def write_summary(summary: Mapping[str, Any], folder: Path) -> None:
    """Write summary.json."""
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")


def _matches(result: MatchResult) -> Iterator[tuple[object, ...]]:
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    pairs = zip(result.assignment.mentee.tolist(), result.assignment.mentor.tolist(), strict=True)
    for (i, j), micro, rank in zip(pairs, result.candidates.micro[result.pairs], result.ranks.tolist(), strict=True):
        yield mentees[i], mentors[j], _fixed(micro), rank, result.why(i, j)


def _rankings(result: MatchResult, top: int) -> Iterator[tuple[object, ...]]:
    found = result.candidates
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    kept = np.flatnonzero((found.rank <= top) & (found.micro > 0))
    columns = (found.mentee[kept].tolist(), found.mentor[kept].tolist(), found.micro[kept].tolist())
    for i, j, micro in zip(*columns, strict=True):
        yield mentees[i], mentors[j], _fixed(micro)


def _alternates(result: MatchResult) -> Iterator[tuple[object, ...]]:
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    for mentee, own in sorted(result.reasons.alternates.items()):
        for mentor, score, rank in own:
            yield mentees[mentee], rank, mentors[mentor], f"{score:.6f}"


def _fixed(micro: int) -> str:
    return f"{micro / MICRO:.6f}"


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("wb") as file:
        for number, chunk in enumerate(write_csv(header, rows)):
            file.write(chunk if number else chunk.removeprefix(_BOM))
