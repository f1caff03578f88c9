"""A second factor is asked for after every first one; each code and each recovery code works once."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM
from wayfellow_web.accounts.models import Account, RecoveryCode, Ticket
from wayfellow_web.accounts.secret import digest

SignIn = Callable[[str], FlaskClient]
WORDS = "four words make one"
PAGE = "/me/sign-ins/second-factor/"


def code_of(key: str, clock, steps: int = 0) -> str:
    """Compute a code as RFC 6238 says."""
    counter = int(clock.now.timestamp()) // 30 + steps
    mac = hmac.new(base64.b32decode(key.replace("-", "")), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(int.from_bytes(mac[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


class Phone:
    """Be an authenticator app with the key of an account, and the paper with the recovery codes."""

    def __init__(self, client: FlaskClient, clock) -> None:
        self.clock = clock
        assert client.post(f"{PAGE}begin").status_code == 302
        page = client.get(PAGE).text
        assert "<svg" in page
        found = re.search(r"<code[^>]*>([A-Z2-7-]+)</code>", page)
        assert found
        self.key = found.group(1)
        self.used = self.code()
        answer = client.post(PAGE, data={"code": self.used})
        assert answer.status_code == 200, answer.text
        self.paper = re.findall(r"<code>([a-z2-7-]+)</code>", answer.text)

    def code(self, steps: int = 0) -> str:
        return code_of(self.key, self.clock, steps)


@pytest.fixture
def mia(sign_in: SignIn) -> FlaskClient:
    return sign_in("Mia")


@pytest.fixture
def phone(mia: FlaskClient, clock) -> Phone:
    """Set Mia's second factor up; the clock then moves on, so that there is a code which was not used."""
    phone = Phone(mia, clock)
    clock.move(seconds=60)
    return phone


@pytest.fixture
def half(app: Flask, phone: Phone, make_link) -> FlaskClient:
    """Give a browser in which Mia's link was used."""
    client = app.test_client()
    assert client.post(make_link("Mia")).location == "/sign-in/code/"
    return client


def enter(client: FlaskClient, code: str):
    return client.post("/sign-in/code/", data={"code": code})


def is_in(client: FlaskClient) -> bool:
    return client.get("/me/").status_code == 200


def test_a_link_alone_is_not_enough_and_the_code_lets_in(half: FlaskClient, phone: Phone) -> None:
    assert not is_in(half)
    assert "Now the code" in half.get("/sign-in/code/").text
    wrong = enter(half, "000000" if phone.code() != "000000" else "000001")
    assert wrong.status_code == 422
    assert not is_in(half)
    assert enter(half, phone.code()).status_code == 302
    assert is_in(half)


def test_a_password_alone_is_not_enough(app: Flask, mia: FlaskClient, phone: Phone) -> None:
    mia.post("/me/sign-ins/password/", data={"password": WORDS, "again": WORDS})
    client = app.test_client()
    answer = client.post("/sign-in/password", data={"email": "mia@example.org", "password": WORDS})
    assert answer.location == "/sign-in/code/"
    assert not is_in(client)
    enter(client, phone.code())
    assert is_in(client)


def test_a_code_works_once_the_first_one_included(app: Flask, phone: Phone, make_link, clock) -> None:
    def try_code(code: str) -> int:
        client = app.test_client()
        client.post(make_link("Mia"))
        return enter(client, code).status_code

    clock.move(seconds=-60)
    assert try_code(phone.used) == 422
    clock.move(seconds=30)
    code = phone.code()
    assert [try_code(code), try_code(code)] == [302, 422]
    assert try_code(phone.used) == 422


def test_a_late_phone_is_forgiven_half_a_minute_and_no_more(half: FlaskClient, phone: Phone) -> None:
    assert enter(half, phone.code(-3)).status_code == 422
    assert enter(half, phone.code(3)).status_code == 422
    assert enter(half, f" {phone.code(1)} ").status_code == 302


def test_a_recovery_code_stands_in_once(app: Flask, half: FlaskClient, phone: Phone, make_link) -> None:
    assert len(set(phone.paper)) == 10
    assert enter(half, phone.paper[0].upper().replace("-", " ")).status_code == 302
    assert "9 recovery codes left" in half.get(PAGE).text
    again = app.test_client()
    again.post(make_link("Mia"))
    assert enter(again, phone.paper[0]).status_code == 422
    assert enter(again, phone.paper[1]).status_code == 302


def test_new_recovery_codes_void_the_old_ones(mia: FlaskClient, half: FlaskClient, phone: Phone) -> None:
    fresh = re.findall(r"<code>([a-z2-7-]+)</code>", mia.post(f"{PAGE}recovery-codes").text)
    assert len(fresh) == 10
    assert enter(half, phone.paper[0]).status_code == 422
    assert enter(half, fresh[0]).status_code == 302


def test_nothing_is_kept_that_could_be_read(deployment: Deployment, half: FlaskClient, phone: Phone) -> None:
    with deployment.reading(SYSTEM) as tx:
        kept = tx.session.scalars(select(Account.totp_secret).where(Account.totp_secret.is_not(None))).one()
        hashes = tx.session.scalars(select(RecoveryCode.code_hash)).all()
    assert kept
    assert phone.key.replace("-", "") not in kept
    assert digest(phone.paper[0].replace("-", "")) in hashes
    assert phone.paper[0] not in half.get(PAGE).text


def test_the_waiting_ticket_is_no_link_works_once_and_ends(app: Flask, half: FlaskClient, phone: Phone, clock) -> None:
    with half.session_transaction() as cookie:
        token = cookie["half"]
    assert app.test_client().post(f"/sign-in/{token}").status_code == 404
    copied = app.test_client()
    with copied.session_transaction() as cookie:
        cookie["half"] = token
    enter(half, phone.code())
    clock.move(seconds=30)
    assert enter(copied, phone.code()).location == "/sign-in"
    assert not is_in(copied)


def test_after_ten_minutes_the_first_step_counts_no_more(half: FlaskClient, phone: Phone, clock) -> None:
    clock.move(minutes=11)
    assert half.get("/sign-in/code/").location == "/sign-in"
    assert enter(half, phone.code()).location == "/sign-in"
    assert not is_in(half)


def test_a_link_is_not_worth_a_code(app: Flask, phone: Phone, make_link) -> None:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["half"] = make_link("Mia").rsplit("/", 1)[1]
    assert enter(client, phone.code()).location == "/sign-in"
    assert not is_in(client)


def test_guessing_codes_ends_wherever_it_comes_from(app: Flask, phone: Phone, make_link, clock) -> None:
    answers = []
    for n in range(11):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{n}"
        client.post(make_link("Mia"))
        answers.append(enter(client, f"guess{n}").status_code)
    assert answers == [422] * 10 + [429]
    assert enter(client, phone.code()).status_code == 429
    clock.move(minutes=16)
    client.post(make_link("Mia"))
    assert enter(client, phone.code()).status_code == 302


def test_a_code_makes_it_fresh(mia: FlaskClient, phone: Phone, clock) -> None:
    clock.move(minutes=11)
    assert mia.get(PAGE).status_code == 302
    assert mia.post("/me/confirm/", data={"code": "12345", "next": PAGE}).status_code == 422
    assert mia.post("/me/confirm/", data={"code": phone.code(), "next": PAGE}).location == PAGE
    assert mia.get(PAGE).status_code == 200


def test_it_is_on_only_after_a_code_of_the_new_secret(app: Flask, mia: FlaskClient, make_link) -> None:
    mia.post(f"{PAGE}begin")
    assert mia.post(PAGE, data={"code": "nothing"}).status_code == 422
    client = app.test_client()
    client.post(make_link("Mia"))
    assert is_in(client)


def test_turning_it_on_puts_other_browsers_out(sign_in: SignIn, clock) -> None:
    here, there = sign_in("Mia"), sign_in("Mia")
    Phone(here, clock)
    assert is_in(here)
    assert not is_in(there)


def test_it_is_removed(app: Flask, mia: FlaskClient, phone: Phone, make_link, deployment: Deployment) -> None:
    mia.post(f"{PAGE}remove")
    client = app.test_client()
    client.post(make_link("Mia"))
    assert is_in(client)
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(RecoveryCode)).all() == []


def test_an_administrator_lets_in_who_lost_both(
    app: Flask, phone: Phone, sign_in: SignIn, make_link, world: World, deployment: Deployment
) -> None:
    place = f"/p/bridges/people/{world.people['Mia']}"
    assert "Reset the second factor" not in sign_in("Ruth").get(place).text
    assert sign_in("Ruth").post(f"{place}/account/second-factor/reset").status_code == 403
    ada = sign_in("Ada")
    assert "Reset the second factor" in ada.get(place).text
    ada.post(f"{place}/account/second-factor/reset")
    client = app.test_client()
    client.post(make_link("Mia"))
    assert is_in(client)
    with deployment.reading(SYSTEM) as tx:
        entry = select(AuditEntry.actor_id, AuditEntry.subject_id)
        done = tx.session.execute(entry.where(AuditEntry.action == "account.second_factor_reset")).all()
    assert done == [(world.people["Ada"], world.people["Mia"])]


def test_an_account_that_is_switched_off_is_out_and_stays_out_until_it_is_on(
    app: Flask, mia: FlaskClient, sign_in: SignIn, make_link, world: World
) -> None:
    place = f"/p/bridges/people/{world.people['Mia']}/account/switch"
    ada, link = sign_in("Ada"), make_link("Mia")
    assert sign_in("Ruth").post(place, data={"to": "off"}).status_code == 403
    ada.post(place, data={"to": "off"})
    assert not is_in(mia)
    assert app.test_client().post(link).status_code == 403
    ada.post(place, data={"to": "on"})
    assert not is_in(mia)
    assert mia.post(make_link("Mia")).status_code == 302
    assert is_in(mia)


def test_nobody_switches_themselves_off(sign_in: SignIn, world: World) -> None:
    ada = sign_in("Ada")
    place = f"/p/bridges/people/{world.people['Ada']}/account/switch"
    assert ada.post(place, data={"to": "off"}).status_code == 409
    assert is_in(ada)


def test_a_code_that_comes_after_the_account_went_off_is_refused(
    deployment: Deployment, half: FlaskClient, phone: Phone, world: World
) -> None:
    with deployment.transaction(SYSTEM) as tx:
        tx.session.scalars(select(Account).where(Account.person_id == world.people["Mia"])).one().active = False
    assert enter(half, phone.code()).status_code == 422
    with deployment.reading(SYSTEM) as tx:
        waiting = select(Ticket.used_at).where(Ticket.purpose == "second-factor")
        assert tx.session.scalars(waiting).all() == [None]
