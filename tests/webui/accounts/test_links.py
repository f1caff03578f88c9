"""One-time links: who they let in, how often, and what those see for whom they do not work."""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from wayfellow.deployment import Deployment
from wayfellow.types import SYSTEM
from wayfellow_web.accounts.models import Account, AccountSession, Ticket
from wayfellow_web.accounts.secret import digest

MakeLink = Callable[[str], str]


def test_a_new_database_has_no_account(deployment: Deployment, app: Flask) -> None:
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(Account)).all() == []


def test_looking_at_a_link_does_not_spend_it(client: FlaskClient, make_link: MakeLink) -> None:
    link = make_link("Mia")
    for _ in range(3):
        answer = client.get(link)
        assert answer.status_code == 200
        assert "Hello Mia Example" in answer.text
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.get("/me/").status_code == 302
    assert client.post(link).status_code == 302
    assert client.get("/me/").status_code == 200


def test_a_link_works_once(app: Flask, make_link: MakeLink) -> None:
    link = make_link("Mia")
    assert app.test_client().post(link).status_code == 302
    second = app.test_client()
    assert second.post(link).status_code == 404
    assert second.get("/me/").status_code == 302


def test_of_two_who_use_a_link_at_once_one_gets_in(app: Flask, make_link: MakeLink) -> None:
    link = make_link("Mia")
    with ThreadPoolExecutor(2) as pool:
        answers = [done.result().status_code for done in [pool.submit(app.test_client().post, link) for _ in range(2)]]
    assert sorted(answers) == [302, 404]


def test_unknown_used_and_old_links_look_alike(app: Flask, make_link: MakeLink, clock: object) -> None:
    used, old = make_link("Mia"), make_link("Tom")
    app.test_client().post(used)
    clock.move(minutes=11)  # type: ignore[attr-defined]
    for method in ("get", "post"):
        answers = [getattr(app.test_client(), method)(link) for link in (used, old, "/sign-in/nonsense")]
        assert {answer.status_code for answer in answers} == {404}
        token = r'name="csrf_token" value="[^"]*"'  # that of each browser
        assert len({re.sub(token, "", answer.text) for answer in answers}) == 1


def test_the_token_is_kept_nowhere(
    app: Flask, deployment: Deployment, make_link: MakeLink, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    link = make_link("Mia")
    token = link.rpartition("/")[2]
    client = app.test_client()
    client.get(link)
    client.post(link)
    client.post(link)
    assert token not in caplog.text
    with deployment.reading(SYSTEM) as tx:
        ticket = tx.session.scalars(select(Ticket)).one()
        sid = tx.session.scalars(select(AccountSession.sid_hash)).one()
    assert ticket.token_hash == digest(token)
    with client.session_transaction() as session:
        assert digest(session["sid"]) == sid


def test_signing_in_twice_keeps_one_account(deployment: Deployment, sign_in: Callable[[str], FlaskClient]) -> None:
    sign_in("Mia")
    sign_in("Mia")
    with deployment.reading(SYSTEM) as tx:
        assert len(tx.session.scalars(select(Account)).all()) == 1


def test_a_switched_off_account_stays_out(
    app: Flask, deployment: Deployment, make_link: MakeLink, sign_in: Callable[[str], FlaskClient]
) -> None:
    inside = sign_in("Mia")
    with deployment.transaction(SYSTEM) as tx:
        tx.session.scalars(select(Account)).one().active = False
    assert inside.get("/me/").status_code == 302
    outside = app.test_client()
    refused = outside.post(make_link("Mia"))
    assert refused.status_code == 403
    assert "switched off" in refused.text
    with deployment.transaction(SYSTEM) as tx:
        tx.session.scalars(select(Account)).one().active = True
    assert outside.get("/me/").status_code == 302


def test_nothing_from_before_the_sign_in_lives_on(app: Flask, make_link: MakeLink) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    client.post(make_link("Mia"))
    with client.session_transaction() as session:
        assert "planted" not in session


def test_people_come_to_the_page_that_they_asked_for(client: FlaskClient, make_link: MakeLink) -> None:
    sent = client.get("/me/sign-ins")
    assert sent.location == "/sign-in?next=/me/sign-ins"
    client.get(sent.location)
    assert client.post(make_link("Mia")).location == "/me/sign-ins"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert()"]
)
def test_nobody_is_sent_to_another_site(client: FlaskClient, make_link: MakeLink, target: str) -> None:
    client.get("/sign-in", query_string={"next": target})
    assert client.post(make_link("Mia")).location == "/"
