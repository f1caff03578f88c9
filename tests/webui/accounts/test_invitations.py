"""Whoever has a link comes in as somebody: so nobody makes one for people with rights that they lack."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.errors import NotAllowed
from wayfellow.programmes.members import add_member
from wayfellow.programmes.roles import actor_for, grant_role
from wayfellow.types import SYSTEM, Role
from wayfellow_web.accounts.service import invite

SignIn = Callable[[str], FlaskClient]


def invite_as(deployment: Deployment, world: World, inviter: str, invited: str) -> str:
    with deployment.reading(SYSTEM) as tx:
        actor = actor_for(tx.session, world.people[inviter])
    with deployment.transaction(actor) as tx:
        return invite(tx, world.people[invited])


@pytest.mark.parametrize("invited", ["Mia", "Tom"])
def test_coordinators_invite_their_mentors_and_mentees(deployment: Deployment, world: World, invited: str) -> None:
    assert invite_as(deployment, world, "Ruth", invited)


@pytest.mark.parametrize(
    ("inviter", "invited"),
    [
        ("Ruth", "Ada"),  # an administrator
        ("Ruth", "Ruth"),  # a coordinator, even oneself
        ("Ruth", "Otto"),  # another programme's coordinator
        ("Ruth", "Nils"),  # another programme's mentor
        ("Otto", "Mia"),
        ("Mia", "Tom"),
        ("Tom", "Tom"),
    ],
)
def test_nobody_climbs_by_a_link(deployment: Deployment, world: World, inviter: str, invited: str) -> None:
    with pytest.raises(NotAllowed, match="Ask an administrator"):
        invite_as(deployment, world, inviter, invited)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.SAFEGUARDING_LEAD])
def test_a_mentor_with_a_duty_is_out_of_a_coordinators_reach(deployment: Deployment, world: World, role: Role) -> None:
    with deployment.transaction(SYSTEM) as tx:
        grant_role(tx, world.people["Tom"], role, world.programme_id)
    with pytest.raises(NotAllowed):
        invite_as(deployment, world, "Ruth", "Tom")


def test_a_mentor_of_two_programmes_takes_both_coordinators(deployment: Deployment, world: World) -> None:
    with deployment.transaction(SYSTEM) as tx:
        add_member(tx, world.other_cycle_id, world.people["Tom"], Role.MENTOR)
    with pytest.raises(NotAllowed):
        invite_as(deployment, world, "Ruth", "Tom")
    with deployment.transaction(SYSTEM) as tx:
        grant_role(tx, world.people["Ruth"], Role.COORDINATOR, world.other_programme_id)
    assert invite_as(deployment, world, "Ruth", "Tom")


@pytest.mark.parametrize("invited", ["Ruth", "Otto", "Nils", "Mia", "Ada"])
def test_administrators_invite_everybody(deployment: Deployment, world: World, invited: str) -> None:
    assert invite_as(deployment, world, "Ada", invited)


def test_the_link_is_shown_once_and_works_for_seven_days(
    world: World, sign_in: SignIn, client: FlaskClient, clock: object
) -> None:
    ruth, person = sign_in("Ruth"), world.people["Mia"]
    shown = ruth.post(f"/p/bridges/people/{person}/invitation")
    assert shown.status_code == 200
    link = shown.text.split('readonly value="http://localhost')[1].split('"')[0]
    assert link not in ruth.get(f"/p/bridges/people/{person}").text
    clock.move(days=6, hours=23)  # type: ignore[attr-defined]
    assert client.post(link).location == "/"
    assert client.get("/me/").status_code == 200


def test_the_page_offers_no_link_that_would_be_refused(world: World, sign_in: SignIn) -> None:
    ruth = sign_in("Ruth")
    assert "Make a sign-in link" in ruth.get(f"/p/bridges/people/{world.people['Mia']}").text
    own = ruth.get(f"/p/bridges/people/{world.people['Ruth']}")
    assert "Make a sign-in link" not in own.text
    assert ruth.post(f"/p/bridges/people/{world.people['Ruth']}/invitation").status_code == 403
