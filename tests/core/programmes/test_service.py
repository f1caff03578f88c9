from datetime import date

import pytest

from wayfellow.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wayfellow.mentorships.standing import set_state
from wayfellow.programmes.models import CycleState, MembershipState
from wayfellow.programmes.roles import actor_for, grant_role, revoke_role
from wayfellow.programmes.service import (
    create_cycle,
    create_programme,
    current_cycle,
    get_cycle,
    get_programme,
    list_programmes,
    set_cycle_state,
)
from wayfellow.types import SYSTEM, Role, RoleGrant


def test_programmes_have_short_names_of_their_own(mentoring) -> None:
    with mentoring.deployment.transaction(SYSTEM) as tx:
        slugs = [create_programme(tx, name).slug for name in ("Career Bridges!", "Élan 2", "部署", "部署")]
    assert slugs == ["career-bridges-2", "elan-2", "programme", "programme-2"]


def test_people_see_the_programmes_they_have_to_do_with(mentoring) -> None:
    with mentoring.deployment.transaction(SYSTEM) as tx:
        other = create_programme(tx, "Another")
    with mentoring.deployment.reading(mentoring.actor("Mio")) as tx:
        assert [programme.name for programme in list_programmes(tx)] == ["Career Bridges"]
        assert get_programme(tx, mentoring.programme_id).timezone == "Europe/Berlin"
        with pytest.raises(NotFound):
            get_programme(tx, other.id)
    with mentoring.deployment.reading(SYSTEM) as tx:
        assert [programme.name for programme in list_programmes(tx)] == ["Another", "Career Bridges"]


@pytest.mark.parametrize(("name", "zone", "column"), [(" ", "UTC", "name"), ("X", "Moon", "timezone")])
def test_wrong_programmes_are_refused(deployment, name, zone, column) -> None:
    with deployment.transaction(SYSTEM) as tx, pytest.raises(InvalidInput) as caught:
        create_programme(tx, name, timezone=zone)
    assert caught.value.problems[0].column == column


def test_the_current_cycle_is_the_newest_that_is_not_over(mentoring) -> None:
    with mentoring.deployment.transaction(mentoring.actor("Cora")) as tx:
        autumn = create_cycle(
            tx, mentoring.programme_id, "Autumn", starts_on=date(2026, 9, 1), ends_on=date(2027, 3, 1)
        )
        assert current_cycle(tx, mentoring.programme_id) == autumn
        set_cycle_state(tx, autumn.id, CycleState.CANCELLED)
        spring = get_cycle(tx, mentoring.cycle_id)
        assert current_cycle(tx, mentoring.programme_id) == spring
        set_cycle_state(tx, spring.id, CycleState.COMPLETED)
        assert current_cycle(tx, mentoring.programme_id) == autumn
    with mentoring.deployment.transaction(SYSTEM) as tx:
        assert current_cycle(tx, create_programme(tx, "Empty").id) is None


def test_wrong_cycles_are_refused(mentoring) -> None:
    with mentoring.deployment.transaction(mentoring.actor("Cora")) as tx:
        with pytest.raises(Conflict, match="has a cycle “Spring” already"):
            create_cycle(tx, mentoring.programme_id, "Spring")
        with pytest.raises(InvalidInput, match="before it starts"):
            create_cycle(tx, mentoring.programme_id, "X", starts_on=date(2026, 9, 1), ends_on=date(2026, 8, 1))
    with mentoring.deployment.transaction(mentoring.actor("Mio")) as tx, pytest.raises(NotAllowed):
        create_cycle(tx, mentoring.programme_id, "Mine")


def test_an_actor_holds_duties_and_parts(mentoring) -> None:
    programme = mentoring.programme_id
    with mentoring.deployment.transaction(mentoring.actor("Cora")) as tx:
        for _ in range(2):
            grant_role(tx, mentoring.people["Maja"], Role.DOOR_STAFF, programme)
    assert mentoring.actor("Maja").grants == {RoleGrant(Role.MENTOR, programme), RoleGrant(Role.DOOR_STAFF, programme)}
    with mentoring.deployment.transaction(mentoring.actor("Cora")) as tx:
        revoke_role(tx, mentoring.people["Maja"], Role.DOOR_STAFF, programme)
        revoke_role(tx, mentoring.people["Maja"], Role.DOOR_STAFF, programme)
        set_state(tx, mentoring.members["Maja"], MembershipState.WITHDRAWN)
    assert mentoring.actor("Maja").grants == frozenset()
    with mentoring.deployment.reading(SYSTEM) as tx, pytest.raises(NotFound):
        actor_for(tx.session, 12345)


@pytest.mark.parametrize(
    ("role", "everywhere"), [(Role.ADMINISTRATOR, True), (Role.ADMINISTRATOR, False), (Role.COORDINATOR, True)]
)
def test_coordinators_cannot_raise_themselves(mentoring, role, everywhere) -> None:
    with mentoring.deployment.transaction(mentoring.actor("Cora")) as tx, pytest.raises(NotAllowed):
        grant_role(tx, mentoring.people["Cora"], role, None if everywhere else mentoring.programme_id)


def test_mentors_are_made_by_taking_part(mentoring) -> None:
    with mentoring.deployment.transaction(SYSTEM) as tx, pytest.raises(InvalidInput, match="takes part in a cycle"):
        grant_role(tx, mentoring.people["Cora"], Role.MENTOR, mentoring.programme_id)
