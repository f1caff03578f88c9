"""Whoever asks for a link gets it by mail, and whoever only guesses addresses learns nothing."""

import re
from collections.abc import Callable

import pytest
from aiosmtpd.controller import Controller
from flask.testing import FlaskClient
from mail_sink import Sink, work_off
from sqlalchemy import func, inspect, select, text, update
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.jobs.models import JobRow
from wayfellow.notify.models import Delivery, DeliveryState, Notice
from wayfellow.people.models import Person
from wayfellow.types import SYSTEM
from wayfellow_web import create_app
from wayfellow_web.accounts.attempts import network_of
from wayfellow_web.accounts.models import Account, Attempt

LINK = re.compile(r"https://mentors\.example\.org(/sign-in/[\w-]{40,})")
HOST = "https://mentors.example.org"


@pytest.fixture
def visit(house: Deployment) -> Callable[..., FlaskClient]:
    app = create_app(deployment=house)
    app.config.update(WTF_CSRF_ENABLED=False, TRUSTED_HOSTS=["localhost"])

    def make(address: str = "203.0.113.7") -> FlaskClient:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return client

    return make


def email_of(house: Deployment, world: World, name: str) -> str:
    with house.reading(SYSTEM) as tx:
        return tx.session.get_one(Person, world.people[name]).email or ""


def ask(client: FlaskClient, email: str):
    return client.post("/sign-in", data={"email": email})


def test_the_link_in_the_mail_signs_in_once(house: Deployment, world: World, sink: Sink, visit) -> None:
    client = visit()
    answer = ask(client, f" {email_of(house, world, 'Mia').upper()} ")
    assert answer.location == "/sign-in/mailed"
    assert "on its way" in client.get("/sign-in/mailed").text
    work_off(house)
    (mail,) = sink.mails
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    (path,) = set(LINK.findall(plain))
    assert f'<a href="{HOST}{path}">' in html
    assert "List-Unsubscribe" not in mail
    assert "unsubscribe" not in plain
    assert "Mia" in client.get(path).text
    assert client.post(path).status_code == 302
    assert client.get("/me/").status_code == 200
    assert visit().post(path).status_code == 404


def test_nothing_keeps_the_link(house: Deployment, world: World, sink: Sink, visit) -> None:
    ask(visit(), email_of(house, world, "Mia"))
    work_off(house)
    token = LINK.findall(sink.mails[0].get_body(("plain",)).get_content())[0].rsplit("/", 1)[1]
    with house.engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()
            assert token not in str(rows), name


def test_a_known_and_an_unknown_address_look_alike(house: Deployment, world: World, sink: Sink, visit) -> None:
    with house.transaction(SYSTEM) as tx:
        tx.session.add(Account(person_id=world.people["Tom"], created_at=tx.now(), active=False))
    shown, jobs = [], []
    for email in (email_of(house, world, "Mia"), "nobody@example.org", email_of(house, world, "Tom")):
        answer = ask(visit(), email)
        shown.append((answer.status_code, answer.location, answer.text))
        with house.reading(SYSTEM) as tx:
            jobs.append(tx.session.scalar(select(func.count()).select_from(JobRow)))
    assert len(set(shown)) == 1
    assert jobs == [1, 2, 3]
    work_off(house)
    assert sink.to == [email_of(house, world, "Mia")]


def test_quiet_hours_do_not_hold_a_link_back_and_nobody_can_switch_it_off(
    house: Deployment, world: World, sink: Sink, visit
) -> None:
    from wayfellow.notify.models import MessageChoice, MessageTimes

    with house.transaction(SYSTEM) as tx:
        mia, hour = world.people["Mia"], tx.now().hour
        tx.session.add(MessageChoice(person_id=mia, kind="accounts.sign-in", channel="email", choice="never"))
        tx.session.add(MessageTimes(person_id=mia, quiet_from=hour, quiet_until=(hour + 2) % 24))
    ask(visit(), email_of(house, world, "Mia"))
    work_off(house)
    assert len(sink.mails) == 1


def test_a_sixth_wish_for_an_address_is_refused_for_a_quarter_of_an_hour(
    house: Deployment, world: World, visit, clock
) -> None:
    email = email_of(house, world, "Mia")
    for _ in range(5):
        assert ask(visit(), email).status_code == 302
    refused = ask(visit(), email)
    assert refused.status_code == 429
    assert "quarter of an hour" in refused.text
    assert f'value="{email}"' in refused.text
    assert ask(visit(), "nobody@example.org").status_code == 302  # the network has tries left
    assert ask(visit("203.0.113.8"), email).status_code == 302  # a stranger elsewhere locks nobody out
    clock.move(minutes=16)
    assert ask(visit(), email).status_code == 302


def test_a_network_that_tries_address_after_address_is_stopped(house: Deployment, visit) -> None:
    answers = [ask(visit(f"2001:db8::{n:x}"), f"guess{n}@example.org").status_code for n in range(31)]
    assert answers == [302] * 30 + [429]
    assert ask(visit("2001:db8:0:1::1"), "guess@example.org").status_code == 302


def test_what_was_tried_is_kept_without_addresses_and_not_for_long(house: Deployment, visit, clock) -> None:
    ask(visit(), "guess@example.org")
    with house.reading(SYSTEM) as tx:
        (row,) = tx.session.scalars(select(Attempt))
        assert not {"guess", "203"} & set(re.split(r"\W", f"{row.network} {row.target}"))
    clock.move(minutes=20)
    ask(visit(), "other@example.org")
    with house.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Attempt)) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        (None, "unknown"),
        ("a socket", "unknown"),
    ],
)
def test_networks(address: str | None, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize("email", ["", "mia", "mia@", "@example.org", "a b@example.org", "x" * 400 + "@example.org"])
def test_what_is_no_address_is_said_beside_the_field(visit, email: str) -> None:
    answer = ask(visit(), email)
    assert answer.status_code == 422
    assert "whole e-mail address" in answer.text


def test_without_mail_the_page_says_how_else(client: FlaskClient) -> None:
    assert "Send me a link" not in client.get("/sign-in").text
    assert client.post("/sign-in", data={"email": "mia@example.org"}).status_code == 409


def test_a_server_that_is_down_for_an_hour_delays_a_link_and_loses_none(
    house: Deployment, world: World, sink: Sink, server: Controller, visit, clock
) -> None:
    sink.refuse[email_of(house, world, "Mia")] = "451 try later"
    ask(visit(), email_of(house, world, "Mia"))
    work_off(house)
    sink.refuse.clear()
    clock.move(hours=1)
    work_off(house)
    (path,) = set(LINK.findall(sink.mails[0].get_body(("plain",)).get_content()))
    assert visit().post(path).status_code == 302  # its ten minutes count from when it was sent


def test_a_coordinator_invites_by_mail_and_sees_whether_it_arrived(
    house: Deployment, world: World, sink: Sink, visit, clock
) -> None:
    ruth, mia = visit(), world.people["Mia"]
    ask(ruth, email_of(house, world, "Ruth"))
    work_off(house)
    ruth.post(LINK.findall(sink.mails.pop().get_body(("plain",)).get_content())[0])
    assert "Send an invitation" in ruth.get(f"/p/bridges/people/{mia}").text
    sent = ruth.post(f"/p/bridges/people/{mia}/invitation/mail")
    assert sent.status_code == 302
    work_off(house)
    (mail,) = sink.mails
    assert mail["To"].endswith(f"<{email_of(house, world, 'Mia')}>")
    clock.move(days=6)
    assert visit().post(LINK.findall(mail.get_body(("plain",)).get_content())[0]).status_code == 302
    with house.reading(SYSTEM) as tx:
        states = tx.session.execute(
            select(Notice.programme_id, Delivery.state).join(Delivery).where(Notice.kind == "accounts.invitation")
        ).all()
    assert states == [(world.programme_id, DeliveryState.SENT)]
    assert ruth.post(f"/p/bridges/people/{world.people['Otto']}/invitation/mail").status_code == 403


def test_nobody_without_an_address_is_invited_by_mail(house: Deployment, world: World, sink: Sink, visit) -> None:
    ruth = visit()
    ask(ruth, email_of(house, world, "Ruth"))
    work_off(house)
    ruth.post(LINK.findall(sink.mails.pop().get_body(("plain",)).get_content())[0])
    with house.transaction(SYSTEM) as tx:
        tx.session.execute(update(Person).where(Person.id == world.people["Mia"]).values(email=None))
    answer = ruth.post(f"/p/bridges/people/{world.people['Mia']}/invitation/mail")
    assert answer.status_code == 409
    assert "hand it over yourself" in answer.text
