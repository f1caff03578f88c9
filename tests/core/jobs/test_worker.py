import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from wayfellow.deployment import Deployment
from wayfellow.errors import InvalidInput
from wayfellow.jobs.context import JobContext
from wayfellow.jobs.models import JobRow, JobState
from wayfellow.jobs.queue import MAX_ATTEMPTS
from wayfellow.jobs.service import ask, ask_to_cancel, get_job, list_jobs
from wayfellow.jobs.worker import Worker
from wayfellow.privacy.audit import record
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM, Job

Run = Callable[[JobContext, Mapping[str, Any]], Any]


def ask_for(deployment: Deployment, key: str = "a") -> int:
    with deployment.transaction(SYSTEM) as tx:
        return ask(tx, "test.kind", {"key": key}, key=key).id


def job(deployment: Deployment, job_id: int) -> JobRow:
    with deployment.reading(SYSTEM) as tx:
        return get_job(tx, job_id)


def effects(deployment: Deployment) -> list[str]:
    with deployment.reading(SYSTEM) as tx:
        return sorted(tx.session.scalars(select(AuditEntry.action)))


def worker(deployment: Deployment, run: Run, **options: Any) -> Worker:
    return Worker(deployment, [Job("test.kind", run)], **options)


def effect(context: JobContext, payload: Mapping[str, Any]) -> None:
    with context.finish({"said": payload["key"]}) as tx:
        record(tx, f"done {payload['key']}", "job", context.job_id)


def test_the_effect_and_done_are_one(deployment: Deployment) -> None:
    job_id = ask_for(deployment)
    work = worker(deployment, effect)
    assert work.run_once()
    done = job(deployment, job_id)
    assert (done.state, done.result, done.attempts, done.error) == (JobState.DONE, {"said": "a"}, 1, None)
    assert done.finished_at == deployment.clock()
    assert effects(deployment) == ["done a"]
    assert not work.run_once()


def test_what_a_job_returns_is_its_result(deployment: Deployment) -> None:
    work = worker(deployment, lambda context, payload: {"n": 3} if payload["key"] == "a" else 7)
    ids = [ask_for(deployment, key) for key in ("a", "b")]
    assert work.run_once()
    assert work.run_once()
    assert [job(deployment, job_id).result for job_id in ids] == [{"n": 3}, {"value": 7}]


def test_progress_is_seen_from_outside_while_the_job_runs(deployment: Deployment) -> None:
    seen = []

    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        for step in ("Reading", "Writing"):
            context.progress(step, 1, 2, "half")
            row = job(context.deployment, context.job_id)
            seen.append((row.state, row.progress))

    ask_for(deployment)
    worker(deployment, run).run_once()
    assert seen == [
        (JobState.RUNNING, {"step": step, "done": 1, "total": 2, "message": "half"}) for step in ("Reading", "Writing")
    ]


def test_many_reports_of_a_step_are_few_writes(deployment: Deployment, statements: list[str]) -> None:
    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        for row in range(100_000):
            context.progress("Reading", row, 100_000)

    ask_for(deployment)
    statements.clear()
    worker(deployment, run).run_once()
    assert len(statements) < 100


def test_progress_inside_finish_does_no_harm(deployment: Deployment) -> None:
    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        with context.finish({}) as tx:
            context.progress("Storing", 1, 2)
            record(tx, "stored", "job", None)

    job_id = ask_for(deployment)
    worker(deployment, run).run_once()
    assert job(deployment, job_id).state == JobState.DONE
    assert effects(deployment) == ["stored"]


def test_a_running_job_stops_when_asked_and_stores_nothing(deployment: Deployment) -> None:
    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        with context.deployment.transaction(SYSTEM) as tx:
            assert ask_to_cancel(tx, context.job_id).state == JobState.RUNNING
        if payload["key"] == "progress":
            context.progress("Next")
        effect(context, payload)

    ids = [ask_for(deployment, key) for key in ("progress", "finish")]
    work = worker(deployment, run)
    while work.run_once():
        pass
    assert [job(deployment, job_id).state for job_id in ids] == [JobState.CANCELLED] * 2
    assert effects(deployment) == []


def test_a_failing_effect_is_tried_again_later_and_given_up_at_last(deployment: Deployment, clock, caplog) -> None:
    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        with context.finish({}) as tx:
            record(tx, "half", "job", None)
            tx.session.flush()
            raise RuntimeError("ada@example.org")

    job_id = ask_for(deployment)
    work = worker(deployment, run)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert work.run_once()
        assert not work.run_once(), "tried again without waiting"
        row = job(deployment, job_id)
        assert row.attempts == attempt
        assert row.error is not None
        assert "RuntimeError" in row.error
        clock.move(minutes=10)
    assert (row.state, row.finished_at) == (JobState.FAILED, clock.now - timedelta(minutes=10))
    assert not work.run_once()
    assert f"given up after {MAX_ATTEMPTS} attempts" in row.error
    assert effects(deployment) == []
    assert "test_worker.py" in caplog.text
    assert "ada@example.org" not in caplog.text + row.error


def test_a_sentence_for_people_is_said_once(deployment: Deployment) -> None:
    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        raise InvalidInput("Row 3 has no name. Fill it in and upload the file again.")

    job_id = ask_for(deployment)
    work = worker(deployment, run)
    assert work.run_once()
    row = job(deployment, job_id)
    assert (row.state, row.attempts) == (JobState.FAILED, 1)
    assert row.error == "Row 3 has no name. Fill it in and upload the file again."


@pytest.mark.parametrize("stage", ["progress", "finish", "return"])
def test_a_worker_that_lost_its_lease_writes_nothing(deployment: Deployment, clock, caplog, stage: str) -> None:
    other = worker(deployment, effect)

    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        clock.move(minutes=2)
        assert other.run_once()
        if stage == "progress":
            context.progress("Next")
        if stage != "return":
            with context.finish({"said": "late"}) as tx:
                record(tx, "doubled", "job", None)

    job_id = ask_for(deployment)
    assert worker(deployment, run).run_once()
    row = job(deployment, job_id)
    assert (row.state, row.result, row.attempts) == (JobState.DONE, {"said": "a"}, 2)
    assert effects(deployment) == ["done a"]
    assert "another worker has it" in caplog.text


def test_progress_keeps_the_lease(deployment: Deployment, clock) -> None:
    other = worker(deployment, effect)

    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        for step in range(5):
            clock.move(seconds=50)
            context.progress(f"Step {step}")
            assert not other.run_once()
        effect(context, payload)

    job_id = ask_for(deployment)
    worker(deployment, run, lease=timedelta(seconds=60)).run_once()
    assert job(deployment, job_id).attempts == 1


class Died(BaseException):
    """Be the end of a worker that could not settle anything any more."""


def test_a_job_that_kills_its_worker_is_given_up(deployment: Deployment, clock) -> None:
    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        raise Died

    job_id = ask_for(deployment)
    work = worker(deployment, run)
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(Died):
            work.run_once()
        assert not work.run_once()
        clock.move(minutes=2)
    assert work.run_once()
    row = job(deployment, job_id)
    assert row.state == JobState.FAILED
    assert row.error is not None
    assert "its worker stopped before the end" in row.error


def test_a_cancelled_job_whose_worker_died_is_not_run_again(deployment: Deployment, clock) -> None:
    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        with context.deployment.transaction(SYSTEM) as tx:
            ask_to_cancel(tx, context.job_id)
        raise Died

    job_id = ask_for(deployment)
    with pytest.raises(Died):
        worker(deployment, run).run_once()
    clock.move(minutes=2)
    assert worker(deployment, effect).run_once()
    assert job(deployment, job_id).state == JobState.CANCELLED
    assert effects(deployment) == []


def test_jobs_of_kinds_that_nobody_here_knows_wait(deployment: Deployment) -> None:
    job_id = ask_for(deployment)
    assert not Worker(deployment, [Job("other.kind", effect)]).run_once()
    assert job(deployment, job_id).state == JobState.WAITING


def test_jobs_are_taken_in_the_order_of_their_time(deployment: Deployment, clock) -> None:
    with deployment.transaction(SYSTEM) as tx:
        for key, minutes in (("later", 30), ("soon", 10), ("now", 0)):
            ask(tx, "test.kind", {"key": key}, key=key, not_before=clock.now + timedelta(minutes=minutes))
    order: list[str] = []
    work = worker(deployment, lambda context, payload: order.append(payload["key"]))
    while work.run_once():
        pass
    assert order == ["now"]
    clock.move(hours=1)
    while work.run_once():
        pass
    assert order == ["now", "soon", "later"]


def test_repeated_jobs_run_once_a_period_whoever_asks(deployment: Deployment, clock) -> None:
    runs: list[str] = []
    hourly = Job("test.hourly", lambda context, payload: runs.append("run"), every=timedelta(hours=1))
    workers = [Worker(deployment, [hourly]) for _ in range(2)]
    for hour in range(3):
        for _ in range(2):
            for work in workers:
                work.run_once()
        assert len(runs) == hour + 1
        clock.move(hours=1)
    with deployment.reading(SYSTEM) as tx:
        assert [row.key for row in list_jobs(tx).items][-1] == "test.hourly@2026-11-23T09:00:00+00:00"


def test_a_worker_thread_is_woken_and_stops(deployment: Deployment) -> None:
    ran = threading.Event()
    work = worker(deployment, lambda context, payload: ran.set(), poll=3600)
    work.start()
    try:
        ask_for(deployment)
        assert ran.wait(30), "the worker slept on"
    finally:
        assert work.stop(30)
    assert job(deployment, 1).state == JobState.DONE


def test_a_stopping_worker_gives_its_job_back(deployment: Deployment) -> None:
    started, go_on = threading.Event(), threading.Event()

    def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        started.set()
        assert go_on.wait(30)
        context.progress("Next")

    job_id = ask_for(deployment)
    work = worker(deployment, run, poll=3600)
    work.start()
    assert started.wait(30)
    work.ask_to_stop()
    go_on.set()
    assert work.stop(30)
    row = job(deployment, job_id)
    assert (row.state, row.attempts, row.lease_token) == (JobState.WAITING, 0, None)
    assert worker(deployment, effect).run_once()
    assert effects(deployment) == ["done a"]


def rename(deployment: Deployment, old: str, new: str) -> None:
    with deployment.transaction(SYSTEM) as tx:
        tx.session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_a_worker_outlives_a_database_that_is_away(deployment: Deployment, caplog) -> None:
    caplog.set_level(logging.ERROR)
    ran = threading.Event()
    rename(deployment, "job", "job_away")
    work = worker(deployment, lambda context, payload: ran.set(), poll=0.01)
    work.start()
    try:
        while "the worker waits" not in caplog.text:
            assert not ran.wait(0.01)
        rename(deployment, "job_away", "job")
        ask_for(deployment)
        assert ran.wait(30)
    finally:
        assert work.stop(30)
