import threading

import pytest

from wayfellow.deployment import Deployment
from wayfellow.errors import NotAllowed, NotFound
from wayfellow.jobs.bell import bell
from wayfellow.jobs.models import JobState
from wayfellow.jobs.service import ask, ask_to_cancel, get_job, list_jobs
from wayfellow.people.models import Person
from wayfellow.programmes.models import Programme
from wayfellow.types import SYSTEM, Actor, Role, RoleGrant

COORDINATOR = Actor(None, "Coordinator", frozenset({RoleGrant(Role.COORDINATOR)}))
MENTOR = Actor(None, "Mentor", frozenset({RoleGrant(Role.MENTOR)}))


def ask_for(deployment: Deployment, *keys: str, actor: Actor = SYSTEM, **options: object) -> list[int]:
    with deployment.transaction(actor) as tx:
        return [ask(tx, "test.kind", {"key": key}, key=key, **options).id for key in keys]  # type: ignore[arg-type]


def test_asking_twice_is_asking_once(deployment: Deployment) -> None:
    first, again, other = ask_for(deployment, "a", "a", "b")
    assert ask_for(deployment, "a") == [first] == [again]
    assert other != first


def test_two_that_ask_at_once_get_one_job(deployment: Deployment) -> None:
    barrier, ids = threading.Barrier(4), []

    def ask_too() -> None:
        barrier.wait()
        ids.extend(ask_for(deployment, "same"))

    threads = [threading.Thread(target=ask_too) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_a_change_that_fails_leaves_no_job_and_rings_no_bell(deployment: Deployment) -> None:
    with pytest.raises(RuntimeError), deployment.transaction(SYSTEM) as tx:
        ask(tx, "test.kind", {}, key="a")
        raise RuntimeError
    with deployment.reading(SYSTEM) as tx:
        assert list_jobs(tx).total == 0
    assert not bell(deployment.engine).is_set()
    ask_for(deployment, "a")
    assert bell(deployment.engine).is_set()


def test_jobs_are_listed_newest_first_and_by_programme(deployment: Deployment) -> None:
    with deployment.transaction(SYSTEM) as tx:
        programme = Programme(slug="p", name="P", created_at=tx.now())
        tx.session.add(programme)
        tx.session.flush()
    first, second = ask_for(deployment, "a", "b")
    (third,) = ask_for(deployment, "c", programme_id=programme.id)
    with deployment.reading(SYSTEM) as tx:
        page = list_jobs(tx, size=2)
        assert ([job.id for job in page.items], page.total) == ([third, second], 3)
        assert [job.id for job in list_jobs(tx, page=2, size=2).items] == [first]
        assert [job.id for job in list_jobs(tx, programme_id=programme.id).items] == [third]
        assert list_jobs(tx, state=JobState.DONE).total == list_jobs(tx, kind="other").total == 0
    here = Actor(None, "Coordinator here", frozenset({RoleGrant(Role.COORDINATOR, programme.id)}))
    with deployment.reading(here) as tx:
        assert list_jobs(tx, programme_id=programme.id).total == 1
        with pytest.raises(NotAllowed):
            list_jobs(tx)
        with pytest.raises(NotAllowed):
            get_job(tx, first)


def test_who_asked_may_follow_and_stop_the_work(deployment: Deployment) -> None:
    with deployment.transaction(SYSTEM) as tx:
        people = [Person(reference=r, name=r, created_at=tx.now(), updated_at=tx.now()) for r in ("ada", "bo")]
        tx.session.add_all(people)
        tx.session.flush()
    ada, bo = (Actor(person.id, person.name, MENTOR.grants) for person in people)
    (job_id,) = ask_for(deployment, "a", actor=ada)
    for other in (bo, MENTOR):
        with deployment.transaction(other) as tx:
            with pytest.raises(NotAllowed, match="see work in progress"):
                get_job(tx, job_id)
            with pytest.raises(NotAllowed, match="stop work in progress"):
                ask_to_cancel(tx, job_id)
    with deployment.transaction(ada) as tx:
        assert get_job(tx, job_id).state == JobState.WAITING
        assert ask_to_cancel(tx, job_id).state == JobState.CANCELLED


def test_a_waiting_job_is_cancelled_at_once_and_stays_so(deployment: Deployment) -> None:
    (job_id,) = ask_for(deployment, "a")
    for _ in range(2):
        with deployment.transaction(COORDINATOR) as tx:
            job = ask_to_cancel(tx, job_id)
        assert (job.state, job.finished_at) == (JobState.CANCELLED, deployment.clock())
    assert ask_for(deployment, "a") == [job_id]


def test_a_job_that_is_not_there_gets_a_sentence(deployment: Deployment) -> None:
    with deployment.reading(SYSTEM) as tx, pytest.raises(NotFound, match="There is no job 7"):
        get_job(tx, 7)
