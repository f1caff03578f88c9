"""Whoever reads the console makes the first administrator, once; nobody else does."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from wayfellow.deployment import Deployment
from wayfellow.people.models import Person
from wayfellow.people.service import create_person
from wayfellow.programmes.models import Programme, RoleAssignment
from wayfellow.programmes.roles import actor_for, grant_role
from wayfellow.types import SYSTEM, Role
from wayfellow_web import create_app
from wayfellow_web.accounts.first_run import setup_token
from wayfellow_web.accounts.models import Account

ANSWERS = {
    "name": "Ada Lindqvist",
    "email": "Ada@Example.org",
    "timezone": "Europe/Berlin",
    "programme": "Career Bridges",
    "cycle": "Spring 2027",
}


@pytest.fixture
def app(deployment: Deployment) -> Flask:
    app = create_app(deployment=deployment)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def address(deployment: Deployment) -> str:
    return f"/set-up/{setup_token(deployment.config)}"


def test_one_form_leads_to_the_overview_of_the_first_programme(
    deployment: Deployment, client: FlaskClient, address: str
) -> None:
    asked = client.get(address)
    assert asked.status_code == 200
    assert asked.headers["Referrer-Policy"] == "no-referrer"
    overview = client.post(address, data=ANSWERS, follow_redirects=True)
    assert overview.request.path == "/p/career-bridges/"
    assert "Bring in mentors" in overview.text
    with deployment.reading(SYSTEM) as tx:
        ada = tx.session.scalars(select(Person)).one()
        assert (ada.email, ada.timezone) == ("ada@example.org", "Europe/Berlin")
        programme = tx.session.scalars(select(Programme)).one()
        assert programme.timezone == "Europe/Berlin"
        actor = actor_for(tx.session, ada.id)
        assert actor.holds([Role.ADMINISTRATOR], None)
        assert actor.holds([Role.COORDINATOR], programme.id)


def test_the_address_is_worth_nothing_afterwards(deployment: Deployment, app: Flask, address: str) -> None:
    app.test_client().post(address, data=ANSWERS)
    stranger = app.test_client()
    shown = {(a.status_code, a.text) for a in (stranger.get(address), stranger.get("/set-up/nonsense"))}
    assert {status for status, _ in shown} == {404}
    assert stranger.post(address, data=ANSWERS | {"email": "eve@example.org"}).status_code == 404
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_wrong_address_sets_nothing_up(deployment: Deployment, client: FlaskClient, address: str) -> None:
    for wrong in (address[:-1], f"{address}x", "/set-up/é"):
        assert client.post(wrong, data=ANSWERS).status_code == 404
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(RoleAssignment)) == 0


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_half_done(
    deployment: Deployment, client: FlaskClient, address: str
) -> None:
    answer = client.post(address, data=ANSWERS | {"email": "ada", "timezone": "Mars", "cycle": " "})
    assert answer.status_code == 422
    for field in ("email", "timezone", "cycle"):
        assert f'id="{field}-error"' in answer.text
    assert 'value="Career Bridges"' in answer.text
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Programme)) == 0


def test_somebody_who_was_imported_before_is_not_made_twice(
    deployment: Deployment, client: FlaskClient, address: str
) -> None:
    with deployment.transaction(SYSTEM) as tx:
        known = create_person(tx, None, name="Ada L.", email="ada@example.org", reference="A-1").id
    assert client.post(address, data=ANSWERS).status_code == 302
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(RoleAssignment.person_id).distinct()).all() == [known]


def test_of_several_at_once_one_becomes_administrator(deployment: Deployment, app: Flask, address: str) -> None:
    def send(number: int) -> int:
        return app.test_client().post(address, data=ANSWERS | {"email": f"a{number}@example.org"}).status_code

    with ThreadPoolExecutor(5) as pool:
        answers = sorted(pool.map(send, range(5)))
    assert answers == [302, 404, 404, 404, 404]
    with deployment.reading(SYSTEM) as tx:
        held = select(func.count()).where(RoleAssignment.role == Role.ADMINISTRATOR)
        assert tx.session.scalar(held) == 1


def test_whoever_holds_the_console_gets_back_in_when_no_administrator_is_left(
    deployment: Deployment, app: Flask, address: str
) -> None:
    with deployment.transaction(SYSTEM) as tx:
        ada = create_person(tx, None, name="Ada", email="ada@example.org").id
        grant_role(tx, ada, Role.ADMINISTRATOR, None)
    assert app.test_client().get(address).status_code == 404
    with deployment.transaction(SYSTEM) as tx:
        tx.session.execute(delete(RoleAssignment).where(RoleAssignment.person_id == ada))
    assert app.test_client().get(address).status_code == 200


def test_what_was_said_of_the_organisation_counts_at_once(
    deployment: Deployment, client: FlaskClient, address: str
) -> None:
    said = {"organisation": "Open Bridges", "language": "de"}
    client.post(address, data=ANSWERS | said, follow_redirects=True)
    assert (deployment.config.organisation, deployment.config.language) == ("Open Bridges", "de")
    assert deployment.config.timezone == "Europe/Berlin"
    wrong = client.post(address, data=ANSWERS)
    assert wrong.status_code == 404


def test_a_language_that_is_not_here_stands_beside_its_field(client: FlaskClient, address: str) -> None:
    answer = client.post(address, data=ANSWERS | {"language": "xx"})
    assert answer.status_code == 422
    assert 'id="language-error"' in answer.text


def test_the_steps_of_the_installation_tick_themselves_off(
    deployment: Deployment, client: FlaskClient, address: str
) -> None:
    overview = client.post(address, data=ANSWERS, follow_redirects=True).text
    assert "The installation, step by step" in overview
    assert overview.count('href="/settings/"') == 2, "the menu, and the step that is open"
    client.post("/settings/", data={"organisation": "Open Bridges"})
    overview = client.get("/p/career-bridges/").text
    assert overview.count('href="/settings/"') == 1
    assert "Secure your account" in overview
    with deployment.transaction(SYSTEM) as tx:
        tx.session.execute(update(Account).values(totp_secret="any"))
    assert "The installation, step by step" not in client.get("/p/career-bridges/").text
