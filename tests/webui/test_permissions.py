"""Who may open what: every address, plugins' included, says it, and every role gets exactly that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from web_world import World
from werkzeug.routing import Rule

from wayfellow import hookimpl
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.pages import PUBLIC, SIGNED_IN
from wayfellow_web import create_app
from wayfellow_web.gate import UndeclaredPage, permission_of_endpoint

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EVERYBODY = "nobody mentee mentor coordinator administrator stranger"
#: What each permission lets through: roles of the programme, and "stranger", who coordinates another one.
OPEN_TO = {
    PUBLIC: EVERYBODY,
    SIGNED_IN: "mentee mentor coordinator administrator stranger",
    "programme.read": "coordinator administrator",
    "programme.create": "administrator",
    "programme.edit": "coordinator administrator",
    "roles.grant": "administrator",
    "settings.edit": "administrator",
    "audit.read": "administrator",
    "people.read": "coordinator administrator",
    "people.edit": "coordinator administrator",
    "people.import": "coordinator administrator",
    "people.export": "coordinator administrator",
    "accounts.invite": "coordinator administrator",
    "accounts.manage": "administrator",
    "matching.read": "coordinator administrator",
    "matching.run": "coordinator administrator",
    "matching.criteria": "coordinator administrator",
    "matching.review": "coordinator administrator",
    "matching.publish": "coordinator administrator",
    "proposals.answer": "mentee mentor",
    "proposals.ask": "mentee mentor",
    "goals.edit": "mentee mentor",
    "profile.edit": "mentee mentor coordinator administrator stranger",
    "plugins.read": "administrator",
    "jobs.manage": "administrator",
    "concerns.read": "administrator",
    "messages.read": "coordinator administrator",
    "messages.retry": "coordinator administrator",
    "messages.edit": "administrator",
}
#: Sends those back to the sign-in page who have not taken the first step there.
SECOND_STEP = "/sign-in/code/"
NAMES = {"mentee": "Mia", "mentor": "Tom", "coordinator": "Ruth", "administrator": "Ada", "stranger": "Otto"}


def rules(app: Flask) -> Iterator[Rule]:
    yield from app.url_map.iter_rules()


def address_of(rule: Rule) -> str:
    return (
        re.sub(r"<int:\w+>", "999999", rule.rule.replace("<programme>", "bridges"))
        .replace("<token>", "x")
        .replace("<letter>", "x")
        .replace("<slug>", "x")
        .replace("<role>", "mentor")
        .replace("<plugin>", "nothing")
        .replace("<form_key>", "accepted")
    )


def test_every_page_declares_who_may_see_it(app: Flask) -> None:
    for rule in rules(app):
        needed = permission_of_endpoint(app, rule.endpoint)
        assert needed in OPEN_TO, f"{rule.endpoint} needs {needed!r}: say in OPEN_TO which roles that lets through"


def test_a_page_that_says_nothing_is_not_served(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    client = sign_in("Ada")
    app.url_map.add(Rule("/forgotten", endpoint="forgotten"))
    app.view_functions["forgotten"] = lambda: "secret"
    answer = client.get("/forgotten")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    with pytest.raises(UndeclaredPage, match="forgotten"):
        permission_of_endpoint(app, "forgotten")


@pytest.mark.parametrize("role", EVERYBODY.split())
def test_every_address_for_every_role(app: Flask, role: str, sign_in: Callable[[str], FlaskClient]) -> None:
    client = app.test_client() if role == "nobody" else sign_in(NAMES[role])
    for rule in rules(app):
        if rule.endpoint in ("static", "accounts.sign_out"):
            continue
        needed = permission_of_endpoint(app, rule.endpoint)
        allowed = role in OPEN_TO[needed].split()
        if role == "stranger" and "<programme>" not in rule.rule and needed not in (PUBLIC, SIGNED_IN):
            allowed = needed in OPEN_TO and "coordinator" in OPEN_TO[needed].split()
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.open(address_of(rule), method=method)
            place = f"{method} {rule.rule} as {role} answers {answer.status_code}"
            if allowed:
                assert answer.status_code not in (401, 403, 500), place
                assert rule.rule == SECOND_STEP or not re.match(r"/sign-in($|\?)", answer.location or ""), place
            elif role == "nobody":
                assert answer.status_code == 302, place
                assert answer.location.startswith("/sign-in"), place
            else:
                assert answer.status_code in (403, 404), place


def test_a_programme_of_others_does_not_even_exist(sign_in: Callable[[str], FlaskClient]) -> None:
    ruth = sign_in("Ruth")
    assert ruth.get("/p/bridges/").status_code == 200
    for address in ("/p/night/", "/p/nonsense/", "/p/night/people/"):
        assert ruth.get(address).status_code == 404


class Undeclared:
    """Be a plugin whose page says nothing about who may see it."""

    @hookimpl
    def register_blueprints(self) -> list[Blueprint]:
        blueprint = Blueprint("careless", __name__)
        blueprint.add_url_rule("/", "index", lambda: "secret")
        return [blueprint]


def test_plugins_are_held_to_the_same_rule(deployment: Deployment, world: World) -> None:
    deployment.host = PluginHost.load(deployment.config, plugins=(("careless", Undeclared()),))
    app = create_app(deployment=deployment)
    with pytest.raises(UndeclaredPage, match="careless"):
        test_every_page_declares_who_may_see_it(app)
    assert app.test_client().get("/x/careless/").status_code == 500
