"""An address changes once its link was opened; the old one is told, and strangers learn of nobody."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from mail_sink import Sink, work_off
from sqlalchemy import select
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.people.models import Person
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM
from wayfellow_web import create_app

LINK = re.compile(r"https://mentors\.example\.org(/new-email/[\w-]{40,})")
PAGE = "/me/sign-ins/email"


@pytest.fixture
def visit(house: Deployment) -> Callable[[], FlaskClient]:
    app = create_app(deployment=house)
    app.config.update(WTF_CSRF_ENABLED=False, TRUSTED_HOSTS=["localhost"])
    return app.test_client


@pytest.fixture
def mia(visit: Callable[[], FlaskClient], make_link: Callable[[str], str]) -> FlaskClient:
    client = visit()
    assert client.post(make_link("Mia")).status_code == 302
    return client


def email_of(house: Deployment, world: World, name: str) -> str | None:
    with house.reading(SYSTEM) as tx:
        return tx.session.get_one(Person, world.people[name]).email


def link_in(sink: Sink) -> str:
    return LINK.findall(sink.mails[-1].get_body(("plain",)).get_content())[0]


def ask(client: FlaskClient, email: str, house: Deployment) -> None:
    answer = client.post(PAGE, data={"email": email})
    assert answer.status_code == 302, answer.text
    work_off(house)


def test_the_link_goes_to_the_new_address_and_the_old_one_is_told(
    house: Deployment, world: World, sink: Sink, visit, mia: FlaskClient
) -> None:
    ask(mia, " Mia.New@Example.org ", house)
    assert sink.to == ["mia.new@example.org"]
    assert email_of(house, world, "Mia") == "mia@example.org"
    path, elsewhere = link_in(sink), visit()
    assert "Mia" in elsewhere.get(path).text
    assert email_of(house, world, "Mia") == "mia@example.org"  # looking changes nothing
    assert elsewhere.post(path).status_code == 302
    assert email_of(house, world, "Mia") == "mia.new@example.org"
    work_off(house)
    assert sink.to[1:] == ["mia@example.org"]
    assert "not you?" in sink.mails[-1].get_body(("plain",)).get_content()
    assert elsewhere.post(path).status_code == 404
    with house.reading(SYSTEM) as tx:
        done = tx.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == world.people["Mia"])).all()
    assert {"account.email_change_asked", "account.email_changed"} <= set(done)


def test_the_link_signs_nobody_in(house: Deployment, sink: Sink, visit, mia: FlaskClient) -> None:
    ask(mia, "mia.new@example.org", house)
    client, path = visit(), link_in(sink)
    assert client.post(path.replace("new-email", "sign-in")).status_code == 404
    client.post(path)
    assert client.get("/me/").status_code == 302


def test_links_that_went_to_the_old_address_are_void(
    house: Deployment, sink: Sink, visit, mia: FlaskClient, make_link
) -> None:
    old = make_link("Mia")
    ask(mia, "mia.new@example.org", house)
    visit().post(link_in(sink))
    assert visit().post(old).status_code == 404
    assert visit().post(make_link("Mia")).status_code == 302


def test_an_address_of_somebody_else_gets_the_same_answer_and_no_mail(
    house: Deployment, world: World, sink: Sink, mia: FlaskClient, statements: list[str]
) -> None:
    seen = []
    for email in ("warm@example.org", "tom@example.org", "free@example.org"):
        statements.clear()
        answer = mia.post(PAGE, data={"email": email})
        seen.append((answer.status_code, answer.location, len(statements)))
    assert seen[1] == seen[2]
    sink.mails.clear()
    ask(mia, "tom@example.org", house)
    assert "tom@example.org" not in sink.to
    assert email_of(house, world, "Tom") == "tom@example.org"


def test_an_address_that_somebody_else_got_meanwhile_is_not_taken_from_them(
    house: Deployment, world: World, sink: Sink, visit, mia: FlaskClient
) -> None:
    ask(mia, "both@example.org", house)
    with house.transaction(SYSTEM) as tx:
        tx.session.get_one(Person, world.people["Tom"]).email = "both@example.org"
    assert visit().post(link_in(sink)).status_code == 404
    assert email_of(house, world, "Mia") == "mia@example.org"


def test_asking_again_voids_the_link_before(house: Deployment, world: World, sink: Sink, visit, mia) -> None:
    ask(mia, "first@example.org", house)
    first = link_in(sink)
    ask(mia, "second@example.org", house)
    assert visit().post(first).status_code == 404
    assert visit().post(link_in(sink)).status_code == 302
    assert email_of(house, world, "Mia") == "second@example.org"


def test_after_an_hour_the_link_is_over(house: Deployment, sink: Sink, visit, mia: FlaskClient, clock) -> None:
    ask(mia, "mia.new@example.org", house)
    clock.move(minutes=61)
    assert visit().get(link_in(sink)).status_code == 404
    assert visit().post(link_in(sink)).status_code == 404


@pytest.mark.parametrize(
    ("email", "sentence"), [("mia", "no e-mail address"), ("MIA@example.org", "your address already")]
)
def test_what_is_refused_says_why(mia: FlaskClient, email: str, sentence: str) -> None:
    answer = mia.post(PAGE, data={"email": email})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{email}"' in answer.text


def test_without_mail_it_says_who_helps(sign_in: Callable[[str], FlaskClient]) -> None:
    answer = sign_in("Mia").post(PAGE, data={"email": "mia.new@example.org"})
    assert answer.status_code == 409
    assert "coordinator" in answer.text
