"""Duties in the browser: given, taken and given back."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.programmes.roles import list_duties
from wayfellow.types import SYSTEM, Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignIn = Callable[[str], FlaskClient]


def duties(deployment: Deployment, programme_id: int | None) -> list[tuple[str, Role]]:
    with deployment.reading(SYSTEM) as tx:
        return [(duty.name, duty.role) for duty in list_duties(tx, programme_id)]


def test_a_coordinator_makes_another_and_takes_it_back(deployment: Deployment, world: World, sign_in: SignIn) -> None:
    ruth = sign_in("Ruth")
    form = {"email": "nora@example.org", "name": "Nora", "role": "coordinator"}
    assert "Nora is coordinator now." in ruth.post("/p/bridges/team/", data=form, follow_redirects=True).text
    assert ("Nora", Role.COORDINATOR) in duties(deployment, world.programme_id)
    nora = next(d.person_id for d in _duties(deployment, world.programme_id) if d.name == "Nora")
    removed = ruth.post(f"/p/bridges/team/{nora}/remove", data={"role": "coordinator"}, follow_redirects=True)
    assert "Nora is no longer coordinator." in removed.text
    assert ("Nora", Role.COORDINATOR) not in duties(deployment, world.programme_id)
    assert 'name="email" value="nora@example.org"' in removed.text  # the undo


def test_what_was_typed_is_kept_beside_what_is_wrong(sign_in: SignIn) -> None:
    answer = sign_in("Ruth").post("/p/bridges/team/", data={"email": "who@example.org", "role": "door_staff"})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert 'value="who@example.org"' in answer.text
    assert '<option value="door_staff" selected>' in answer.text


@pytest.mark.parametrize("role", ["", "mentor", "administrator", "king"])
def test_no_other_role_is_given_here(sign_in: SignIn, role: str) -> None:
    form = {"email": "who@example.org", "name": "Who", "role": role}
    assert sign_in("Ruth").post("/p/bridges/team/", data=form).status_code == 422


def test_administrators_run_the_installation(deployment: Deployment, world: World, sign_in: SignIn) -> None:
    ada = sign_in("Ada")
    last = ada.post(f"/team/{world.people['Ada']}/remove", data={"role": "administrator"}, follow_redirects=True)
    assert "Make somebody else one first" in last.text
    ada.post("/team/", data={"email": "ruth@example.org", "role": "administrator"})
    left = ada.post(f"/team/{world.people['Ada']}/remove", data={"role": "administrator"})
    assert left.status_code == 302
    assert duties(deployment, None) == [("Ruth Example", Role.ADMINISTRATOR)]
    assert ada.get("/team/").status_code == 403


def test_whoever_gives_up_their_own_duty_goes_on_to_where_they_may_be(world: World, sign_in: SignIn) -> None:
    ruth = sign_in("Ruth")
    remove = f"/p/bridges/team/{world.people['Ruth']}/remove"
    assert ruth.post(remove, data={"role": "coordinator"}).location == "/"
    assert ruth.get("/p/bridges/team/").status_code == 404
    assert ruth.get("/", follow_redirects=True).status_code == 200


def _duties(deployment: Deployment, programme_id: int):
    with deployment.reading(SYSTEM) as tx:
        return list_duties(tx, programme_id)
