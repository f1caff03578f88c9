"""What is risky is for those who showed within ten minutes who they are."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.pages import PUBLIC, needs_fresh
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM
from wayfellow_web.gate import permission_of_endpoint

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[str], FlaskClient]
WORDS = "four words make one"

#: Everything that a thief with an open browser must not do; a new page of this sort belongs in here.
RISKY = {
    "administrators.add_here",
    "administrators.remove_here",
    "audit.export",
    "deliveries.export",
    "jobs.export",
    "concerns.export",
    "managing.reset",
    "managing.turn",
    "managing.unbind",
    "matching.export",
    "matching.export_changes",
    "my_data.erase",
    "my_data.take",
    "new_email.edit",
    "new_email.save",
    "passkeys.add",
    "passkeys.index",
    "passkeys.remove",
    "password.edit",
    "password.remove",
    "password.save",
    "people.export",
    "person.invitation",
    "plugins.save",
    "proposals.export",
    "second_factor.edit",
    "second_factor.remove",
    "second_factor.renew",
    "second_factor.save",
    "second_factor.start",
    "settings.save",
    "settings.try_mail",
    "team.add",
    "team.remove",
}


def test_the_risky_pages_are_these(app: Flask) -> None:
    marked = {endpoint for endpoint, view in app.view_functions.items() if needs_fresh(view)}
    assert marked == RISKY
    assert all(permission_of_endpoint(app, endpoint) != PUBLIC for endpoint in marked)


@pytest.mark.parametrize("endpoint", sorted(RISKY))
def test_after_ten_minutes_each_asks_first_and_does_nothing(
    app: Flask, deployment: Deployment, sign_in: SignIn, clock, endpoint: str
) -> None:
    client = sign_in("Ada")
    clock.move(minutes=11)
    with deployment.reading(SYSTEM) as tx:
        before = tx.session.scalar(select(func.count()).select_from(AuditEntry))
    for rule in app.url_map.iter_rules(endpoint):
        known = {
            "programme": "bridges",
            "person_id": 1,
            "suffix": "csv",
            "run_id": 1,
            "passkey_id": 1,
            "plugin": "tfidf",
        }
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        with app.test_request_context():
            _, address = rule.build({name: known[name] for name in rule.arguments})
        answer = client.open(address, method=method)
        assert answer.status_code == 302, address
        assert answer.location.startswith("/me/confirm/"), address
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(AuditEntry)) == before


def with_password(client: FlaskClient) -> FlaskClient:
    assert client.post("/me/sign-ins/password/", data={"password": WORDS, "again": WORDS}).status_code == 302
    return client


def test_a_password_makes_it_fresh_and_leads_back(sign_in: SignIn, clock) -> None:
    ruth = with_password(sign_in("Ruth"))
    clock.move(minutes=11)
    asked = ruth.get("/p/bridges/people/export.csv?q=x")
    page = ruth.get(asked.location)
    assert 'name="next" value="/p/bridges/people/export.csv?q=x"' in page.text
    wrong = ruth.post("/me/confirm/", data={"password": "wrong words here", "next": "/me/"})
    assert wrong.status_code == 422
    right = ruth.post("/me/confirm/", data={"password": WORDS, "next": "/p/bridges/people/export.csv?q=x"})
    assert right.location == "/p/bridges/people/export.csv?q=x"
    assert ruth.get(right.location).status_code == 200
    clock.move(minutes=9)
    assert ruth.get("/p/bridges/people/export.csv").status_code == 200
    clock.move(minutes=2)
    assert ruth.get("/p/bridges/people/export.csv").status_code == 302


def test_it_holds_for_this_browser_alone(sign_in: SignIn, clock) -> None:
    here = with_password(sign_in("Mia"))
    there = sign_in("Mia")
    clock.move(minutes=11)
    here.post("/me/confirm/", data={"password": WORDS})
    assert here.get("/me/sign-ins/password/").status_code == 200
    assert there.get("/me/sign-ins/password/").status_code == 302


def test_a_form_that_came_too_late_leads_back_to_its_page(sign_in: SignIn, world: World, clock) -> None:
    ruth = sign_in("Ruth")
    clock.move(minutes=11)
    place = f"/p/bridges/people/{world.people['Mia']}"
    answer = ruth.post(f"{place}/invitation", headers={"Referer": f"http://localhost{place}?a=b"})
    assert answer.location.endswith(f"next={place}?a%3Db")
    assert "then do it again" in ruth.get(answer.location).text
    elsewhere = ruth.post(f"{place}/invitation", headers={"Referer": "https://evil.example/x"})
    assert "evil" not in elsewhere.location


def test_guessing_a_password_in_an_open_browser_ends(sign_in: SignIn, clock) -> None:
    mia = with_password(sign_in("Mia"))
    clock.move(minutes=11)
    guesses = [mia.post("/me/confirm/", data={"password": f"guess number {n}"}).status_code for n in range(11)]
    assert guesses == [422] * 10 + [429]
    assert mia.post("/me/confirm/", data={"password": WORDS}).status_code == 429


def test_it_never_leads_to_another_site(sign_in: SignIn) -> None:
    mia = with_password(sign_in("Mia"))
    assert mia.post("/me/confirm/", data={"password": WORDS, "next": "//evil.example"}).location == "/"


def test_a_new_link_makes_it_fresh(sign_in: SignIn, make_link, clock) -> None:
    mia = sign_in("Mia")
    clock.move(minutes=11)
    assert mia.get("/me/sign-ins/password/").status_code == 302
    mia.post(make_link("Mia"))
    assert mia.get("/me/sign-ins/password/").status_code == 200
    assert mia.get("/me/sign-ins").text.count("last seen") == 1
