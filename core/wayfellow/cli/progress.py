"""Show how far a command is: a moving line on a terminal, plain lines in a pipe; both on standard error."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

LABELS = {
    "read": "Reading people",
    "score": "Scoring mentees",
    "assign": "Choosing pairs",
    "explain": "Explaining pairs",
    "write": "Writing results",
}
#: In a pipe a stage says how far it is at most so many times.
_STEPS = 4


class Progress:
    """Be a context in which stages are told as (stage, done, total), and sentences said."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._rich = self._make_rich() if self._console.is_terminal else None
        self._tasks: dict[str, TaskID] = {}
        self._told: dict[str, int] = {}

    def __enter__(self) -> Self:
        if self._rich:
            self._rich.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._rich:
            self._rich.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell how much of a stage is done."""
        if self._rich:
            task = self._tasks.get(stage)
            if task is None:
                task = self._tasks[stage] = self._rich.add_task(LABELS.get(stage, stage), total=total)
            self._rich.update(task, completed=done, total=total)
        else:
            self._tell_plainly(stage, done, total)

    def say(self, sentence: str) -> None:
        """Say a sentence without disturbing what moves."""
        if self._rich:
            self._rich.console.print(sentence, markup=False, highlight=False)
        else:
            click.echo(sentence, err=True)

    def _tell_plainly(self, stage: str, done: int, total: int) -> None:
        step = done * _STEPS // total if total else _STEPS
        if self._told.get(stage, -1) >= step:
            return
        self._told[stage] = step
        counted = f" {done:,} of {total:,}" if total > 1 else ""
        if total > 1 or done == 0:
            click.echo(f"{LABELS.get(stage, stage)}{counted}", err=True)

    def _make_rich(self) -> RichProgress:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        return RichProgress(*columns, console=self._console)
