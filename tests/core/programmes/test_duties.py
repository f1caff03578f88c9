"""Duties are given and taken by those who may, and an installation never loses its last administrator."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from wayfellow.deployment import Deployment
from wayfellow.errors import Conflict, InvalidInput, NotAllowed
from wayfellow.people.service import create_person
from wayfellow.programmes.roles import actor_for, appoint, grant_role, list_duties, revoke_role
from wayfellow.programmes.service import create_programme
from wayfellow.types import SYSTEM, Actor, Role


@pytest.fixture
def programme_id(deployment: Deployment) -> int:
    with deployment.transaction(SYSTEM) as tx:
        return create_programme(tx, "Bridges").id


def made(deployment: Deployment, name: str, role: Role, programme_id: int | None) -> Actor:
    with deployment.transaction(SYSTEM) as tx:
        person = create_person(tx, None, name=name, email=f"{name.lower()}@example.org")
        grant_role(tx, person.id, role, programme_id)
        return actor_for(tx.session, person.id)


def test_a_known_address_gets_the_duty_and_an_unknown_one_with_a_name_is_added(
    deployment: Deployment, programme_id: int
) -> None:
    ruth = made(deployment, "Ruth", Role.COORDINATOR, programme_id)
    with deployment.transaction(ruth) as tx:
        known = create_person(tx, programme_id, name="Mia", email="mia@example.org").id
        assert appoint(tx, " MIA@example.org", "", Role.DOOR_STAFF, programme_id).id == known
        assert appoint(tx, "new@example.org", "Nora", Role.EVENT_HOST, programme_id).name == "Nora"
        appoint(tx, "new@example.org", "", Role.EVENT_HOST, programme_id)  # twice is once
        shown = [(duty.name, duty.role) for duty in list_duties(tx, programme_id)]
    assert shown == [("Mia", Role.DOOR_STAFF), ("Nora", Role.EVENT_HOST), ("Ruth", Role.COORDINATOR)]


@pytest.mark.parametrize(
    ("email", "name", "role", "field"),
    [
        ("nobody@example.org", " ", Role.COORDINATOR, "name"),
        ("no address", "Nora", Role.COORDINATOR, "email"),
        ("nora@example.org", "Nora", Role.MENTOR, "role"),
        ("nora@example.org", "Nora", Role.ADMINISTRATOR, "role"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    deployment: Deployment, programme_id: int, email: str, name: str, role: Role, field: str
) -> None:
    with deployment.transaction(SYSTEM) as tx, pytest.raises(InvalidInput) as refused:
        appoint(tx, email, name, role, programme_id)
    assert [problem.column for problem in refused.value.problems] == [field]


def test_only_those_who_may_give_and_see_duties(deployment: Deployment, programme_id: int) -> None:
    ruth = made(deployment, "Ruth", Role.COORDINATOR, programme_id)
    mia = made(deployment, "Mia", Role.DOOR_STAFF, programme_id)
    for actor, where in ((ruth, None), (mia, programme_id)):
        with deployment.reading(actor) as tx, pytest.raises(NotAllowed):
            list_duties(tx, where)
        role = Role.COORDINATOR
        with deployment.transaction(actor) as tx, pytest.raises(NotAllowed):
            appoint(tx, "x@example.org", "X", role, where)


def test_the_last_administrator_stays(deployment: Deployment) -> None:
    ada = made(deployment, "Ada", Role.ADMINISTRATOR, None)
    with deployment.transaction(ada) as tx, pytest.raises(Conflict, match="Make somebody else one first"):
        revoke_role(tx, ada.person_id, Role.ADMINISTRATOR, None)
    bea = made(deployment, "Bea", Role.ADMINISTRATOR, None)
    with deployment.transaction(bea) as tx:
        revoke_role(tx, ada.person_id, Role.ADMINISTRATOR, None)
        assert [duty.name for duty in list_duties(tx, None)] == ["Bea"]


def test_of_two_administrators_who_leave_at_once_one_stays(deployment: Deployment) -> None:
    both = [made(deployment, name, Role.ADMINISTRATOR, None) for name in ("Ada", "Bea")]

    def leave(actor: Actor) -> str:
        try:
            with deployment.transaction(actor) as tx:
                revoke_role(tx, actor.person_id, Role.ADMINISTRATOR, None)
        except Conflict:
            return "stays"
        return "left"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, both)) == ["left", "stays"]
