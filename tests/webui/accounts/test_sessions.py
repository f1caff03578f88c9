"""The register of signed-in browsers: a cookie counts only while its row is there."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from wayfellow.deployment import Deployment
from wayfellow.types import SYSTEM
from wayfellow_web import create_app
from wayfellow_web.accounts.models import AccountSession
from wayfellow_web.accounts.sessions import name_device

SignIn = Callable[[str], FlaskClient]


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("wayfellow")
    assert cookie is not None
    return cookie.value


def test_a_copied_cookie_is_dead_after_sign_out(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("Mia")
    thief = app.test_client()
    thief.set_cookie("wayfellow", cookie_of(client))
    assert thief.get("/me/").status_code == 200
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/me/").status_code == 302
    assert thief.get("/me/").status_code == 302


def test_each_sign_in_gets_a_new_secret(sign_in: SignIn) -> None:
    with sign_in("Mia").session_transaction() as first, sign_in("Mia").session_transaction() as second:
        assert first["sid"] != second["sid"]


def test_browsers_are_listed_and_ended_one_by_one(deployment: Deployment, sign_in: SignIn) -> None:
    here, there = sign_in("Mia"), sign_in("Mia")
    assert here.get("/me/sign-ins").text.count("this browser") == 1
    with deployment.reading(SYSTEM) as tx:
        ids = tx.session.scalars(select(AccountSession.id).order_by(AccountSession.id)).all()
    assert here.post(f"/me/sign-ins/{ids[1]}/end").status_code == 302
    assert there.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_all_others_are_ended_at_once(sign_in: SignIn) -> None:
    here, there, elsewhere = sign_in("Mia"), sign_in("Mia"), sign_in("Mia")
    stranger = sign_in("Tom")
    here.post("/me/sign-ins/end-others")
    assert [client.get("/me/").status_code for client in (here, there, elsewhere, stranger)] == [200, 302, 302, 200]


def test_nobody_ends_somebody_elses_browser(deployment: Deployment, sign_in: SignIn) -> None:
    victim = sign_in("Tom")
    with deployment.reading(SYSTEM) as tx:
        session_id = tx.session.scalars(select(AccountSession.id)).one()
    sign_in("Mia").post(f"/me/sign-ins/{session_id}/end")
    assert victim.get("/me/").status_code == 200


def test_an_idle_browser_is_signed_out(sign_in: SignIn, clock: object) -> None:
    client = sign_in("Mia")
    clock.move(days=13)  # type: ignore[attr-defined]
    assert client.get("/me/").status_code == 200
    clock.move(days=13)  # type: ignore[attr-defined]
    assert client.get("/me/").status_code == 200
    clock.move(days=14, minutes=1)  # type: ignore[attr-defined]
    assert client.get("/me/").status_code == 302


def test_even_a_busy_browser_is_signed_out_in_the_end(sign_in: SignIn, clock: object) -> None:
    client = sign_in("Mia")
    for _ in range(3):
        clock.move(days=9)  # type: ignore[attr-defined]
        assert client.get("/me/").status_code == 200
    clock.move(days=4)  # type: ignore[attr-defined]
    assert client.get("/me/").status_code == 302


def test_a_removed_person_is_out_at_once(deployment: Deployment, world: object, sign_in: SignIn) -> None:
    from wayfellow.people.models import Person

    client = sign_in("Mia")
    with deployment.transaction(SYSTEM) as tx:
        tx.session.delete(tx.session.get(Person, world.people["Mia"]))  # type: ignore[attr-defined]
    assert client.get("/me/").status_code == 302


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    client: FlaskClient, make_link: Callable[[str], str]
) -> None:
    cookie = client.post(make_link("Mia")).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_cookies_never_leave_it(deployment: Deployment, make_link: Callable[[str], str]) -> None:
    deployment.config = replace(deployment.config, base_url="https://way.example")
    app = create_app(deployment=deployment)
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post(make_link("Mia"), base_url="https://way.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-wayfellow=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Windows"),
        ("", "A browser"),
    ],
)
def test_devices_are_named_in_plain_words(user_agent: str, device: str) -> None:
    assert name_device(user_agent) == device
