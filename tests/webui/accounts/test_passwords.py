"""Whoever wants a password has one; whoever guesses learns nothing, and a change puts others out and is told."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.notify.models import Notice
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM
from wayfellow_web import plugin
from wayfellow_web.accounts.models import Account

SignIn = Callable[[str], FlaskClient]
WORDS = "four words make one"


def set_password(client: FlaskClient, password: str = WORDS, again: str | None = None):
    data = {"password": password, "again": password if again is None else again}
    return client.post("/me/sign-ins/password/", data=data)


def try_password(app: Flask, email: str, password: str, address: str = "203.0.113.7"):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client, client.post("/sign-in/password", data={"email": email, "password": password})


@pytest.fixture
def mia(sign_in: SignIn) -> FlaskClient:
    """Give Mia's browser, after she set a password."""
    client = sign_in("Mia")
    assert set_password(client).status_code == 302
    return client


def test_a_password_brings_in(app: Flask, mia: FlaskClient) -> None:
    client, answer = try_password(app, " MIA@example.org ", WORDS)
    assert answer.status_code == 302
    assert client.get("/me/").status_code == 200


def test_a_password_may_be_typed_on_any_keyboard(app: Flask, sign_in: SignIn) -> None:
    set_password(sign_in("Mia"), "cafe\u0301 au lait, bitte")
    assert try_password(app, "mia@example.org", "caf\u00e9 au lait, bitte")[1].status_code == 302


def test_the_database_keeps_an_argon2id_hash_alone(deployment: Deployment, mia: FlaskClient) -> None:
    with deployment.reading(SYSTEM) as tx:
        (kept,) = tx.session.scalars(select(Account.password_hash).where(Account.password_hash.is_not(None)))
    assert kept.startswith("$argon2id$")
    assert WORDS not in kept


def test_all_refusals_look_alike_and_take_the_same_statements(
    app: Flask, deployment: Deployment, world: World, mia: FlaskClient, sign_in: SignIn, statements: list[str]
) -> None:
    set_password(sign_in("Nils"))
    with deployment.transaction(SYSTEM) as tx:
        nils = tx.session.scalars(select(Account).where(Account.person_id == world.people["Nils"])).one()
        nils.active = False
    sign_in("Tom")
    tries = {
        "wrong": ("mia@example.org", "not the right one"),
        "unknown": ("nob@example.org", WORDS),
        "without": ("tom@example.org", WORDS),
        "never in": ("ada@example.org", WORDS),
        "off": ("nils@example.org", WORDS),
    }
    try_password(app, "warm@example.org", WORDS)
    seen = set()
    for email, password in tries.values():
        statements.clear()
        _, answer = try_password(app, email, password)
        shown = re.sub(r'(name="csrf_token" value)="[^"]+"', r"\1", answer.text.replace(email, "X"))
        seen.add((answer.status_code, shown, len(statements)))
    assert len(seen) == 1
    assert seen.pop()[0] == 422


def test_a_refusal_keeps_the_address_and_never_the_password(app: Flask, mia: FlaskClient) -> None:
    text = try_password(app, "mia@example.org", "not the right one")[1].text
    assert 'value="mia@example.org"' in text
    assert "not the right one" not in text
    assert re.search(r"<details[^>]* open>", text)


def test_guessing_ends_for_a_network_and_the_owner_elsewhere_comes_in(app: Flask, mia: FlaskClient, clock) -> None:
    for email in ("mia@example.org", "nobody@example.org"):
        answers = [try_password(app, email, f"guess number {n}")[1].status_code for n in range(11)]
        assert answers == [422] * 10 + [429]
    assert try_password(app, "mia@example.org", WORDS)[1].status_code == 429
    assert try_password(app, "mia@example.org", WORDS, "198.51.100.9")[1].status_code == 302
    clock.move(minutes=16)
    assert try_password(app, "mia@example.org", WORDS)[1].status_code == 302


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("too short", None, "9 signs"),
        ("x" * 201, None, "201 signs"),
        ("Password123", None, "guessed first"),
        ("abababababab", None, "guessed first"),
        ("Mia@example.org", None, "e-mail address is guessed"),
        (WORDS, "four words make two", "not the same"),
    ],
)
def test_what_is_refused_says_why_beside_the_field(
    app: Flask, sign_in: SignIn, password: str, again: str | None, sentence: str
) -> None:
    answer = set_password(sign_in("Mia"), password, again)
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2  # in the summary, and beside the field
    assert try_password(app, "mia@example.org", password)[1].status_code == 422


def test_a_change_puts_all_other_browsers_out_and_is_told_and_written_down(
    deployment: Deployment, world: World, sign_in: SignIn
) -> None:
    deployment.host = PluginHost.load(deployment.config, plugins=(("accounts", plugin),))
    here, there, stranger = sign_in("Mia"), sign_in("Mia"), sign_in("Tom")
    set_password(here)
    assert [client.get("/me/").status_code for client in (here, there, stranger)] == [200, 302, 200]
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.execute(select(Notice.person_id, Notice.kind)).all() == [
            (world.people["Mia"], "accounts.changed")
        ]
        actions = tx.session.scalars(select(AuditEntry.action).where(AuditEntry.actor_id == world.people["Mia"])).all()
    assert "account.password_set" in actions


def test_a_password_is_changed_and_removed(app: Flask, mia: FlaskClient) -> None:
    assert "Change password" in mia.get("/me/sign-ins").text
    set_password(mia, "quite another one")
    assert try_password(app, "mia@example.org", WORDS)[1].status_code == 422
    assert try_password(app, "mia@example.org", "quite another one")[1].status_code == 302
    mia.post("/me/sign-ins/password/remove")
    assert try_password(app, "mia@example.org", "quite another one")[1].status_code == 422
    assert "Set a password" in mia.get("/me/sign-ins").text


def test_signing_in_replaces_what_the_browser_had(app: Flask, mia: FlaskClient) -> None:
    thief = app.test_client()
    cookie = mia.get_cookie("wayfellow")
    assert cookie is not None
    thief.set_cookie("wayfellow", cookie.value)
    mia.post("/sign-in/password", data={"email": "mia@example.org", "password": WORDS})
    assert mia.get("/me/").status_code == 200
    assert thief.get("/me/").status_code == 302
