from datetime import timedelta

from sqlalchemy import select

from wayfellow.deployment import Deployment
from wayfellow.jobs.models import JobRow
from wayfellow.jobs.service import ask
from wayfellow.jobs.tidy import JOBS
from wayfellow.jobs.worker import Worker
from wayfellow.types import SYSTEM, Job


def kinds(deployment: Deployment) -> list[str]:
    with deployment.reading(SYSTEM) as tx:
        return sorted(tx.session.scalars(select(JobRow.kind)))


def test_what_ended_goes_after_its_time_and_regular_work_is_never_done_twice(deployment: Deployment, clock) -> None:
    """Each kind's last regular job stays, else a worker that starts anew would ask for it again."""
    runs: list[str] = []

    def work() -> None:
        weekly = Job("test.weekly", lambda context, payload: runs.append("weekly"), every=timedelta(days=7))
        often = Job("test.often", lambda context, payload: runs.append("often"), every=timedelta(hours=1))
        worker = Worker(deployment, [*JOBS, weekly, often, Job("test.asked", lambda context, payload: {})])
        while worker.run_once():
            pass

    clock.now = clock.now.replace(day=26, hour=0, minute=0)  # a week begins, as weeks are counted from 1970
    with deployment.transaction(SYSTEM) as tx:
        ask(tx, "test.asked", {}, key="test.asked:1")
        ask(tx, "test.waiting", {}, key="test.waiting:1")
    for _ in range(6):
        work()
        clock.move(days=1)
    assert runs.count("weekly") == 1
    assert runs.count("often") == 6
    assert kinds(deployment).count("test.often") <= 3
    assert kinds(deployment).count("test.asked") == 1
    clock.move(days=31)
    work()
    assert kinds(deployment).count("test.asked") == 0
    assert kinds(deployment).count("test.waiting") == 1
