import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from wayfellow.clock import utc_now
from wayfellow.deployment import Deployment
from wayfellow.jobs.models import JobRow, JobState
from wayfellow.jobs.service import ask
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM

JOBS = 200
HANGING = {f"job-{n:03}": "before" if n % 2 else "within" for n in (3, 60, 121, 180)}
PROGRAM = Path(__file__).with_name("worker_program.py")
PATIENCE = 120.0


@contextmanager
def running() -> Iterator[dict[int, subprocess.Popen[bytes]]]:
    """Hold worker processes by their id, and leave none behind."""
    processes: dict[int, subprocess.Popen[bytes]] = {}
    try:
        yield processes
    finally:
        for process in processes.values():
            process.kill()
            process.wait()


def start(command: list[str], processes: dict[int, subprocess.Popen[bytes]]) -> None:
    process = subprocess.Popen(command)
    processes[process.pid] = process


def kill_the_one_that_hangs(mark: Path, processes: dict[int, subprocess.Popen[bytes]]) -> None:
    pid = int(mark.read_text())
    os.kill(pid, signal.SIGKILL)
    assert processes.pop(pid).wait() == -signal.SIGKILL


def count_unfinished(deployment: Deployment) -> int:
    with deployment.reading(SYSTEM) as tx:
        unfinished = select(func.count()).select_from(JobRow).where(JobRow.state != JobState.DONE)
        return tx.session.scalar(unfinished) or 0


def test_killed_workers_lose_nothing_and_double_nothing(deployment: Deployment, tmp_path: Path) -> None:
    deployment = replace(deployment, clock=utc_now)
    with deployment.transaction(SYSTEM) as tx:
        for number in range(JOBS):
            key = f"job-{number:03}"
            ask(tx, "fault.effect", {"key": key, "hangs": HANGING.get(key)}, key=key)
    marks, killed = tmp_path / "marks", set()
    marks.mkdir()
    url = deployment.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, str(PROGRAM), url, str(tmp_path / "data"), str(marks)]
    until = time.monotonic() + PATIENCE
    with running() as processes:
        while count_unfinished(deployment):
            assert time.monotonic() < until, "the jobs were not done in time"
            while len(processes) < 3:
                start(command, processes)
            for mark in set(marks.glob("job-???")) - killed:
                kill_the_one_that_hangs(mark, processes)
                killed.add(mark)
            time.sleep(0.02)
    with deployment.reading(SYSTEM) as tx:
        effects = Counter(tx.session.scalars(select(AuditEntry.action)))
        attempts = {row.key: row.attempts for row in tx.session.scalars(select(JobRow))}
    assert {mark.name for mark in killed} == set(HANGING)
    assert effects == {f"job-{number:03}": 1 for number in range(JOBS)}
    assert {key: attempts[key] for key in HANGING} == dict.fromkeys(HANGING, 2)
