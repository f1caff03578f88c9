"""Run jobs in processes of their own."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from wayfellow.cli.shell import Shell, pass_shell

if TYPE_CHECKING:
    from collections.abc import Callable

    from wayfellow.jobs.worker import Worker


@click.command()
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="So many at a time.")
@click.option("--drain", is_flag=True, help="Stop when no work is due.")
@pass_shell
def worker(shell: Shell, processes: int, drain: bool) -> None:
    """Run jobs in a process of their own, on any machine that reaches the database.

    Asked to stop (Ctrl-C, SIGTERM), it ends the job at work, or gives it back to the others.
    """
    from wayfellow.migrations.runner import require_newest
    from wayfellow.worker import make_worker

    require_newest(shell.deployment)
    if processes > 1:
        raise SystemExit(_run_many(shell, processes, drain))
    worker = make_worker(shell.deployment)
    if drain:
        _drain(worker)
    else:
        _run(worker)


def _run(worker: Worker) -> None:
    _on_stop(worker.ask_to_stop)
    worker.start()
    click.echo(f"Working: {len(worker.jobs)} kinds of jobs. Press Ctrl-C to stop.")
    while not worker.wait(1.0):  # in short spells, because signals are heard between them
        pass
    click.echo("Stopped.")


def _drain(worker: Worker) -> None:
    _on_stop(worker.ask_to_stop)
    done = 0
    while not worker.is_stopping and worker.run_once():
        done += 1
    click.echo(f"Jobs run: {done}.")


def _run_many(shell: Shell, processes: int, drain: bool) -> int:
    config = ["--config", str(shell.config.path)] if shell.config.path else []
    command = [sys.executable, "-m", "wayfellow", *config, "worker", *(["--drain"] if drain else [])]
    children: list[subprocess.Popen[bytes]] = []

    def stop() -> None:
        for child in children:
            child.terminate()

    _on_stop(stop)
    children.extend(subprocess.Popen(command) for _ in range(processes))  # noqa: S603
    codes = [child.wait() for child in children]
    # One that was told to stop before it had learnt to listen ends by the signal, and that is well.
    return max(0 if code == -signal.SIGTERM else abs(code) for code in codes)


def _on_stop(act: Callable[[], object]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: act())
