"""Pages for everybody: errors, notices, theme, goals, the overview, programmes, health."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.matching.runs import start_run
from wayfellow.notify.service import tell
from wayfellow.types import SYSTEM, Role
from wayfellow.worker import make_worker

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignIn = Callable[[str], FlaskClient]


@contextmanager
def counted(deployment: Deployment) -> Iterator[list[str]]:
    """Note the statements that the database gets."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    event.listen(deployment.engine, "before_cursor_execute", note)
    yield statements
    event.remove(deployment.engine, "before_cursor_execute", note)


def test_a_fault_shows_a_code_and_no_trace(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = sign_in("Ruth")

    def fail() -> str:
        raise ZeroDivisionError("a secret detail")

    fail.__dict__.update(app.view_functions["overview.show"].__dict__)
    monkeypatch.setitem(app.view_functions, "overview.show", fail)
    answer = client.get("/p/bridges/")
    assert answer.status_code == 500
    assert "a secret detail" not in answer.text
    assert "Traceback" not in answer.text
    code = answer.text.split("<code>")[1].split("</code>")[0]
    assert code in caplog.text, "the administrator finds it in the log"
    assert "Overview" in answer.text, "the page stands in its frame"


def test_a_fault_of_the_frame_itself_still_answers(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> dict[str, object]:
        raise ZeroDivisionError

    monkeypatch.setitem(app.template_context_processors, None, [fail])
    answer = client.get("/sign-in")
    assert answer.status_code == 500
    assert "Tell your administrator this code" in answer.text


@pytest.mark.parametrize(("address", "status"), [("/nowhere", 404), ("/p/bridges/people/999", 404), ("/plugins/", 403)])
def test_refusals_say_what_to_do_next(sign_in: SignIn, address: str, status: int) -> None:
    answer = sign_in("Ruth").get(address)
    assert answer.status_code == status
    assert "Go to the start page" in answer.text
    assert answer.text.count("<h1>") == 1


def test_a_wrong_method_gets_a_page(sign_in: SignIn) -> None:
    assert sign_in("Ruth").get("/sign-out").status_code == 405


def test_people_begin_where_their_work_is(sign_in: SignIn) -> None:
    assert sign_in("Ruth").get("/").location == "/p/bridges/"
    assert sign_in("Ada").get("/").location == "/p/bridges/"
    assert sign_in("Mia").get("/").status_code == 302


def test_the_programme_last_looked_at_stays_in_the_menu(sign_in: SignIn) -> None:
    ada = sign_in("Ada")
    ada.get("/p/night/")
    assert 'href="/p/night/people/"' in ada.get("/plugins/").text
    assert "Bridges" in ada.get("/programmes/").text


def test_the_overview_leads_from_nothing_to_pairs(sign_in: SignIn, deployment: Deployment, world: World) -> None:
    assert "Import mentees" in sign_in("Otto").get("/p/night/").text
    ruth = sign_in("Ruth")
    assert "Next: find the best pairs." in ruth.get("/p/bridges/").text
    with deployment.transaction(SYSTEM) as tx:
        start_run(tx, world.cycle_id)
    while make_worker(deployment).run_once():
        pass
    after = ruth.get("/p/bridges/").text
    assert "match runs" in after
    assert "last Mon 23 Nov 2026" in after


def test_notices_are_read_one_by_one_and_all_at_once(sign_in: SignIn, deployment: Deployment, world: World) -> None:
    with deployment.transaction(SYSTEM) as tx:
        for number in range(3):
            tell(tx, world.people["Mia"], key=f"n{number}", subject=f"Notice {number} <b>", body="Line\nline")
    mia = sign_in("Mia")
    page = mia.get("/notices/").text
    assert "3 unread notices" in page
    assert "<b>" not in page.replace("<b>Mia", "")
    address = page.split('action="/notices/')[2].split('"')[0]
    assert "2 unread notices" in mia.post(f"/notices/{address}", follow_redirects=True).text
    assert sign_in("Tom").post(f"/notices/{address}").status_code == 404
    assert "<h1>Notices</h1>" in mia.post("/notices/read", follow_redirects=True).text


def test_the_theme_is_kept_in_a_cookie(client: FlaskClient, sign_in: SignIn) -> None:
    for browser in (client, sign_in("Mia")):
        answer = browser.post("/me/theme", data={"theme": "dark", "next": "/help/"})
        assert answer.location == "/help/"
        assert 'data-theme="dark"' in browser.get("/help/").text
        browser.post("/me/theme", data={"theme": "auto"})
        assert "data-theme" not in browser.get("/help/").text
    assert client.post("/me/theme", data={"theme": "pink"}).status_code == 422


def test_goals_are_added_achieved_set_aside_and_taken_back(sign_in: SignIn) -> None:
    mia = sign_in("Mia")
    refused = mia.post("/me/goals/", data={"text": "", "kind": "growth"})
    assert refused.status_code == 422
    assert 'href="#text"' in refused.text
    page = mia.post("/me/goals/", data={"text": "Lead <one> project.", "kind": "leading"}, follow_redirects=True).text
    assert "Lead &lt;one&gt; project." in page
    goal = page.split('href="/me/goals/')[1].split('"')[0]
    assert "Achieved" in mia.post(f"/me/goals/{goal}/state", data={"state": "achieved"}, follow_redirects=True).text
    assert mia.post(f"/me/goals/{goal}", data={"text": "Lead two.", "kind": "leading"}).status_code == 302
    gone = mia.post(f"/me/goals/{goal}/remove", follow_redirects=True).text
    assert "is set aside." in gone
    assert "None yet" in gone
    assert "Lead two." in mia.post(f"/me/goals/{goal}/restore", follow_redirects=True).text
    assert sign_in("Tom").post(f"/me/goals/{goal}/remove").status_code in (403, 404)


def test_own_profiles_are_kept_by_their_people(sign_in: SignIn) -> None:
    mia = sign_in("Mia")
    saved = mia.post("/me/profile", data={"name": "Mia Kurt", "skills_to_learn": "teaching"}, follow_redirects=True)
    assert "<h1>Mia Kurt</h1>" in saved.text
    assert "teaching" in saved.text
    assert mia.post("/me/profile", data={"name": ""}).status_code == 422


def test_health_is_told_to_everybody(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    "address", ["/p/bridges/", "/p/bridges/people/", "/p/bridges/imports/", "/notices/", "/programmes/"]
)
def test_ten_times_the_rows_take_no_more_statements(
    sign_in: SignIn, deployment: Deployment, world: World, address: str
) -> None:
    ruth = sign_in("Ruth")
    fill(deployment, world, 4)
    ruth.get(address)
    with counted(deployment) as few:
        assert ruth.get(address).status_code == 200
    fill(deployment, world, 40)
    with counted(deployment) as many:
        assert ruth.get(address).status_code == 200
    assert len(many) == len(few), [line for line in many if line not in few]
    assert len(few) <= 25


def fill(deployment: Deployment, world: World, count: int) -> None:
    with deployment.transaction(SYSTEM) as tx:
        for number in range(count):
            world.add(tx, f"Row{count}x{number}", Role.MENTEE if number % 2 else Role.MENTOR)
            tell(tx, world.people["Ruth"], key=f"{count}:{number}", subject="Hello")
