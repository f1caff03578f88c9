"""What a run would find, before it is asked for."""

from uuid import uuid4

import pytest

from wayfellow.deployment import Deployment
from wayfellow.errors import NotAllowed
from wayfellow.goals.models import GoalState
from wayfellow.goals.service import add_goal, set_goal_state
from wayfellow.matching.readiness import Gaps, Readiness, count_ready, find_gaps
from wayfellow.matching.topics import Topic
from wayfellow.people.fields import sync_fields
from wayfellow.people.service import create_person, save_profile
from wayfellow.programmes.members import add_member
from wayfellow.programmes.models import MembershipState
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.types import ANONYMOUS, SYSTEM, Role


@pytest.fixture
def cycle_id(deployment: Deployment) -> int:
    with deployment.transaction(SYSTEM) as tx:
        sync_fields(tx)
        return create_cycle(tx, create_programme(tx, "Bridges").id, "Winter").id


def add(deployment: Deployment, cycle_id: int, role: Role, state: str = "approved", **says: str) -> int:
    with deployment.transaction(SYSTEM) as tx:
        person = create_person(tx, None, name="Somebody", email=f"{uuid4().hex}@example.org")
        save_profile(tx, person.id, says)
        add_member(tx, cycle_id, person.id, role, capacity=3, state=MembershipState(state))
        return person.id


def ready(deployment: Deployment, cycle_id: int) -> Readiness:
    with deployment.reading(SYSTEM) as tx:
        return count_ready(tx, cycle_id)


def test_an_empty_cycle_has_nobody(deployment: Deployment, cycle_id: int) -> None:
    assert ready(deployment, cycle_id) == Readiness(0, 0, 0, 0, 0)


def test_only_the_approved_count_and_the_silent_are_told_apart(deployment: Deployment, cycle_id: int) -> None:
    add(deployment, cycle_id, Role.MENTOR, expertise="forecasting")
    add(deployment, cycle_id, Role.MENTOR)
    add(deployment, cycle_id, Role.MENTEE, skills_to_learn="sql")
    assert ready(deployment, cycle_id) == Readiness(2, 6, 1, 1, 0)


def test_people_who_wait_for_approval_do_not_count(deployment: Deployment, cycle_id: int) -> None:
    add(deployment, cycle_id, Role.MENTOR, "applied", expertise="forecasting")
    assert ready(deployment, cycle_id) == Readiness(0, 0, 0, 0, 0)


def test_what_a_mentee_offers_says_nothing_about_what_they_want(deployment: Deployment, cycle_id: int) -> None:
    add(deployment, cycle_id, Role.MENTEE, skills="sql")
    assert ready(deployment, cycle_id).silent_mentees == 1


def test_only_open_goals_speak(deployment: Deployment, cycle_id: int) -> None:
    mentee = add(deployment, cycle_id, Role.MENTEE)
    with deployment.transaction(SYSTEM) as tx:
        goal = add_goal(tx, mentee, "Lead a team.").id
    assert ready(deployment, cycle_id).silent_mentees == 0
    with deployment.transaction(SYSTEM) as tx:
        set_goal_state(tx, goal, GoalState.ACHIEVED)
    assert ready(deployment, cycle_id).silent_mentees == 1


def test_strangers_count_nothing(deployment: Deployment, cycle_id: int) -> None:
    with deployment.reading(ANONYMOUS) as tx, pytest.raises(NotAllowed):
        count_ready(tx, cycle_id)


def gaps(deployment: Deployment, cycle_id: int) -> Gaps:
    with deployment.reading(SYSTEM) as tx:
        return find_gaps(tx, cycle_id)


def test_mentors_who_pause_are_counted_apart(deployment: Deployment, cycle_id: int) -> None:
    add(deployment, cycle_id, Role.MENTOR, "paused", expertise="forecasting")
    assert ready(deployment, cycle_id) == Readiness(0, 0, 0, 0, 0, paused_mentors=1)


def test_the_silent_are_named_and_skills_asked_for_in_vain(deployment: Deployment, cycle_id: int) -> None:
    for _ in range(4):
        add(deployment, cycle_id, Role.MENTEE, skills_to_learn="sql")
    add(deployment, cycle_id, Role.MENTOR, skills="sql")
    add(deployment, cycle_id, Role.MENTOR, "paused", skills="sql")
    silent = [add(deployment, cycle_id, Role.MENTOR) for _ in range(6)]
    found = gaps(deployment, cycle_id)
    assert [person.id for person in found.silent_mentors] == silent[:5]
    assert found.silent_mentees == ()
    assert found.topics == (Topic("sql", 4, 1, 3),)


def test_gaps_take_as_many_statements_for_many(deployment: Deployment, cycle_id: int, statements: list[str]) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            add(deployment, cycle_id, Role.MENTEE)
            add(deployment, cycle_id, Role.MENTOR, skills="sql")
        statements.clear()
        gaps(deployment, cycle_id)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_strangers_find_no_gaps(deployment: Deployment, cycle_id: int) -> None:
    with deployment.reading(ANONYMOUS) as tx, pytest.raises(NotAllowed):
        find_gaps(tx, cycle_id)
