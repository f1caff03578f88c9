"""What every answer carries, and what forged requests get."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from wayfellow.deployment import Deployment
from wayfellow_web import create_app
from wayfellow_web.security import CONTENT_SECURITY_POLICY

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignIn = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    "address",
    ["/sign-in", "/sign-in/x", "/me/", "/nowhere", "/p/bridges/", "/healthz", "/static/wayfellow.css", "/static/none"],
)
def test_every_answer_carries_the_headers(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Referrer-Policy" in headers
    assert "camera=()" in headers["Permissions-Policy"]


def test_pages_are_not_kept_by_the_browser(sign_in: SignIn) -> None:
    client = sign_in("Ruth")
    for address in ("/me/", "/p/bridges/", "/p/bridges/people/", "/nowhere"):
        assert client.get(address).headers["Cache-Control"] == "no-store"


def test_static_files_with_a_digest_are_kept_for_ever(app: Flask, client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    with client.get(address) as kept, client.get("/static/wayfellow.css") as checked:
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "immutable" not in checked.headers["Cache-Control"]


def test_a_form_without_its_token_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("Mia")
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/sign-out")
    assert answer.status_code == 400
    assert "out of date" in answer.text
    assert client.get("/me/").status_code == 200


def test_every_form_asks_for_its_token(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("Ada")
    app.config["WTF_CSRF_ENABLED"] = True
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(posts) > 10
    for rule in posts:
        address = rule.rule.replace("<programme>", "bridges").replace("<token>", "x")
        for kind in ("<int:person_id>", "<int:membership_id>", "<int:batch_id>", "<int:job_id>"):
            address = address.replace(kind, "1")
        assert client.post(address).status_code in (400, 404), rule.rule
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:9", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_other_sites_forms_are_refused(sign_in: SignIn, headers: dict[str, str]) -> None:
    client = sign_in("Mia")
    assert client.post("/sign-out", headers=headers).status_code == 403
    assert client.get("/me/").status_code == 200


def test_a_form_of_a_page_that_hides_where_it_is_works(client: FlaskClient, make_link: Callable[[str], str]) -> None:
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert client.post(make_link("Mia"), headers=headers).status_code == 302


def test_unknown_hosts_get_no_address_made(client: FlaskClient) -> None:
    answer = client.get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert "base_url" in answer.text


def test_no_page_of_the_library_is_open(app: Flask) -> None:
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")] == []
    token = app.test_client().post("/account/login?include_auth_token", json={"email": "a", "password": "b"})
    assert token.status_code == 404


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.9"), (2, "192.0.2.1")])
def test_only_as_many_proxies_are_believed_as_are_configured(deployment: Deployment, proxies: int, seen: str) -> None:
    app = create_app(deployment=replace(deployment, config=replace(deployment.config, proxies=proxies)))
    with app.test_client() as client:
        client.get("/sign-in", headers={"X-Forwarded-For": "192.0.2.1, 198.51.100.9"})
        assert request.remote_addr == seen
