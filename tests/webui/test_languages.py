"""Pages speak the language of whoever reads them, all of it, in the right direction."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pseudo_language import Bracketed, find_unsaid
from web_board import Board
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.people.models import Person
from wayfellow.programmes.editing import CycleFacts, ProgrammeFacts, edit_cycle, edit_programme
from wayfellow.programmes.parts import list_parts
from wayfellow.types import SYSTEM
from wayfellow_web.figures import day, number, percent

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[str], FlaskClient]
OF_ALL = ["/sign-in", "/sign-in/nonsense", "/sign-in/passkey", "/sign-in/mailed", "/help/", "/join/", "/join/bridges"]
OF_MENTEES = [
    "/me/",
    "/me/profile",
    "/me/goals/",
    "/me/messages/",
    "/me/data/",
    "/me/sign-ins",
    "/me/sign-ins/password/",
    "/me/sign-ins/passkeys",
    "/me/sign-ins/second-factor/",
    "/me/sign-ins/email",
    "/me/confirm/",
    "/me/blocks/",
    "/concern/",
    "/join/bridges/mentee",
    "/join/bridges/mentor",
    "/nowhere",
    "/plugins/",
]
#: The work shell, as administrators have it: with a programme, and without people in it.
OF_STAFF = [
    "/p/bridges/",
    "/p/bridges/people/",
    "/p/bridges/people/{mia}",
    "/p/bridges/people/{mia}/profile",
    "/p/bridges/applications/",
    "/p/bridges/invitations/",
    "/p/bridges/imports/",
    "/p/bridges/messages/",
    "/p/bridges/team/",
    "/p/bridges/settings/form/mentor",
    "/p/bridges/matching/criteria/",
    "/p/bridges/proposals/",
    "/p/bridges/proposals/new",
    "/p/bridges/proposals/new?mentee={mia}",
    "/p/bridges/concerns/",
    "/p/night/people/",
    "/programmes/",
    "/programmes/new",
    "/notices/",
    "/team/",
    "/wording/member.rejected",
    "/p/bridges/imports/1",
    "/p/bridges/imports/2",
    "/jobs/",
    "/audit/?q=Nobody",
    "/plugins/",
    "/help/",
]
NAMES = ["Wayfellow", "Mia Example", "mia@example.org", "Bridges", "Winter 2026", "Our organisation", "UTC", "Night"]

OF_WORK = [
    *NAMES,
    *(f"{name} Example" for name in ("Ada", "Ruth", "Otto", "Tom", "Nils")),
    *(f"{name}@example.org" for name in ("ada", "ruth", "tom", "nils")),
    *("AE", "ME", "TE", "NE", "Mia", "Zoë", "CSV", "XLSX", "Mon", "Nov", "Dec"),
    *("good.csv", "bad.csv", "person_id", "full name", "capacity", "club", "lots"),
    *("{name}", "{role}", "{programme}", "{cycle}", "{reason}", "{note}"),
]

#: What a page shows of a letter is in the language of who gets it.
LETTER = r'(?s)<article class="panel panel-soft letter".*?</article>|<p><b>.*?</div>'


@pytest.fixture
def open_door(deployment: Deployment, world: World) -> None:
    """Let anybody apply to the first programme."""
    with deployment.transaction(SYSTEM) as tx:
        edit_programme(tx, world.programme_id, ProgrammeFacts("Bridges", "", "UTC", is_public=True))
        edit_cycle(tx, world.cycle_id, CycleFacts("Winter 2026", registration_closes_on=date(2099, 12, 31)))


def head(answer: object) -> tuple[str, str]:
    found = re.search(r'<html lang="(\w+)" dir="(\w+)"', answer.text)  # type: ignore[attr-defined]
    assert found is not None
    return found.group(1), found.group(2)


@pytest.mark.parametrize("path", OF_ALL)
def test_strangers_pages_say_nothing_untranslated(
    app: Flask, deployment: Deployment, open_door: None, path: str
) -> None:
    deployment.host.words = Bracketed()
    answer = app.test_client().get(path)
    assert answer.status_code == (404 if "nonsense" in path else 200)
    assert find_unsaid(answer.text, NAMES) == []


@pytest.mark.parametrize("path", OF_MENTEES)
def test_peoples_own_pages_say_nothing_untranslated(
    sign_in: SignIn, deployment: Deployment, open_door: None, path: str
) -> None:
    client = sign_in("Mia")
    deployment.host.words = Bracketed()
    answer = client.get(path)
    assert answer.status_code == {"/nowhere": 404, "/plugins/": 403}.get(path, 200), answer.text
    assert find_unsaid(answer.text, NAMES) == []


def test_work_pages_say_nothing_untranslated(
    sign_in: SignIn, deployment: Deployment, open_door: None, world: World
) -> None:
    client = sign_in("Ada")
    for name, text in (
        ("good.csv", "person_id;full name;capacity;club\n7;Zoë;2;Chess\n"),
        ("bad.csv", "person_id;full name;capacity\n7;Zoë;lots\n"),
    ):
        client.post(
            "/p/bridges/imports/",
            data={"role": "mentor", "file": (io.BytesIO(text.encode()), name)},
            content_type="multipart/form-data",
        )
    deployment.host.words = Bracketed()
    unsaid = {}
    for path in OF_STAFF:
        answer = client.get(path.format(mia=world.people["Mia"]))
        assert answer.status_code == 200, path
        unsaid |= {path: found} if (found := find_unsaid(answer.text, OF_WORK)) else {}
    assert unsaid == {}


def test_what_waits_and_what_was_said_in_confidence_says_nothing_untranslated(
    sign_in: SignIn, deployment: Deployment, board: Board, world: World
) -> None:
    board.publish(board.run([("Mia", "Tom", 0.8)]))
    mia, ada, tom = sign_in("Mia"), sign_in("Ada"), world.people["Tom"]
    concern = {"text": "7", "about": tom, "programme_id": world.programme_id}
    assert mia.post("/concern/", data=concern, follow_redirects=True).status_code == 200
    deployment.host.words = Bracketed()
    pages = {path: mia.get(path) for path in (f"/me/blocks/{tom}", f"/concern/?about={tom}")}
    pages |= {path: ada.get(f"/p/bridges/{path}") for path in ("proposals/", "concerns/", "concerns/1")}
    both = f"mentee={world.people['Mia']}&mentor={tom}"
    pages["by hand"] = ada.get(f"/p/bridges/proposals/new?{both}")
    pages["review"] = ada.post("/p/bridges/proposals/review", data={"proposal": "1", "decision": "withdraw"})
    assert {path: answer.status_code for path, answer in pages.items()} == dict.fromkeys(pages, 200)
    unsaid = {path: find_unsaid(re.sub(LETTER, "", answer.text), OF_WORK) for path, answer in pages.items()}
    assert {path: left for path, left in unsaid.items() if left} == {}


@pytest.mark.parametrize(
    ("asked", "language", "direction", "greeting"),
    [
        ("", "en", "ltr", "Good to see you"),
        ("de-AT,de;q=0.9,en;q=0.1", "de", "ltr", "Schön, dass Sie da sind"),
        ("ar-EG, en;q=0.5", "ar", "rtl", "سعداء برؤيتك"),
        ("tlh, fr;q=0.3", "en", "ltr", "Good to see you"),
    ],
)
def test_strangers_get_what_their_browser_asks_for(
    client: FlaskClient, asked: str, language: str, direction: str, greeting: str
) -> None:
    answer = client.get("/sign-in", headers={"Accept-Language": asked})
    assert head(answer) == (language, direction)
    assert f"<h1>{greeting}</h1>" in answer.text
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


def test_where_a_browser_asks_for_nothing_known_the_configuration_decides(deployment: Deployment, app: Flask) -> None:
    deployment.config = replace(deployment.config, language="de")
    assert head(app.test_client().get("/sign-in", headers={"Accept-Language": "tlh"})) == ("de", "ltr")


def test_a_stranger_chooses_and_the_browser_keeps_it(client: FlaskClient) -> None:
    answer = client.post("/me/language", data={"language": "ar", "next": "/help/"})
    assert answer.location == "/help/"
    assert head(client.get("/help/", headers={"Accept-Language": "de"})) == ("ar", "rtl")


def test_a_choice_goes_with_the_person_into_every_browser(sign_in: SignIn, world: World) -> None:
    sign_in("Mia").post("/me/language", data={"language": "de"})
    another = sign_in("Mia")
    assert head(another.get("/me/", headers={"Accept-Language": "ar"})) == ("de", "ltr")
    assert head(sign_in("Tom").get("/me/")) == ("en", "ltr")


def test_a_language_that_is_not_offered_is_refused(client: FlaskClient) -> None:
    answer = client.post("/me/language", data={"language": "tlh"})
    assert answer.status_code == 422
    assert "Choose one of the languages that the page offers." in answer.text


def test_errors_speak_the_language_too(client: FlaskClient, sign_in: SignIn) -> None:
    assert "Hier ist nichts" in client.get("/nowhere", headers={"Accept-Language": "de"}).text
    refused = sign_in("Mia").get("/plugins/", headers={"Accept-Language": "de"})
    assert refused.status_code == 403
    assert "Das dürfen nur: Administration. Es geht darum: sehen, welche Plugins" in refused.text
    wrong = client.post("/sign-in/password", data={"email": "x@example.org"}, headers={"Accept-Language": "ar"})
    assert "عنوان البريد وكلمة المرور غير متوافقين" in wrong.text


def test_a_file_is_found_fault_with_in_the_readers_language(sign_in: SignIn) -> None:
    client = sign_in("Ruth")
    client.post("/me/language", data={"language": "de"})
    file = (io.BytesIO(b"person_id;name;capacity;seniority\n7;Zo;x;high\n"), "bad.csv")
    preview = client.get(client.post("/p/bridges/imports/", data={"role": "mentor", "file": file}).location).text
    assert "2 Fehler zu beheben" in preview
    assert "Zeile 2, Spalte capacity: „x“ ist keine Zahl von Plätzen." in preview
    assert "Erfahrungsstufe: Hier steht eine Zahl wie 3 oder 2.5, nicht „high“." in preview


def test_a_letter_about_a_place_speaks_the_language_of_who_gets_it(
    sign_in: SignIn, deployment: Deployment, world: World
) -> None:
    with deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(Person, world.people["Mia"]).language = "ar"
        (part,) = list_parts(tx, world.cycle_id, world.people["Mia"])
    ruth = sign_in("Ruth")
    decision = {"act": "reject", "reason": "full", "note": "Bis bald.", "member": part.membership_id}
    review = ruth.post("/p/bridges/applications/review", data=decision).text
    ruth.post("/p/bridges/applications/decide", data=decision)
    notices = sign_in("Mia").get("/notices/").text
    for page in (review, notices):
        assert "ليس هذه المرة: Bridges" in page
        assert "بصفة مسترشد في Bridges" in page
        assert "عدد المتقدّمين أكبر من عدد المقاعد.\n\nBis bald." in page


def test_one_request_leaves_no_language_behind(app: Flask) -> None:
    client = app.test_client()
    client.get("/sign-in", headers={"Accept-Language": "ar"})
    assert head(client.get("/sign-in")) == ("en", "ltr")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("en", ["Mon 23 Nov 2026", "12,345", "97.5%", "100%"]),
        ("de", ["Mo., 23. Nov. 2026", "12.345", "97,5\xa0%", "100\xa0%"]),
        ("ar", ["الاثنين، 23 نوفمبر 2026", "12,345", "97.5%", "100%"]),
    ],
)
def test_days_and_numbers_are_written_as_the_language_does(app: Flask, asked: str, said: list[str]) -> None:
    with app.test_request_context(headers={"Accept-Language": asked}):
        app.preprocess_request()
        assert [day(date(2026, 11, 23)), number(12345), percent(0.9756), percent(1)] == said


def test_the_switch_offers_each_language_by_its_own_name(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    for code, name in (("en", "English"), ("de", "Deutsch"), ("ar", "العربية")):
        assert re.search(rf'<button [^>]*value="{code}" lang="{code}"[^>]*>{name}</button>', page)
    assert re.search(r'value="en"[^>]*aria-current="true"', page)


@pytest.mark.parametrize("language", [None, "de", "ar"])
def test_statements_are_as_many_in_every_language(
    sign_in: SignIn, deployment: Deployment, world: World, statements: list[str], language: str | None
) -> None:
    with deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(Person, world.people["Mia"]).language = language
    client = sign_in("Mia")
    client.get("/me/")
    statements.clear()
    client.get("/me/")
    assert len(statements) <= 13
