"""Pages and letters of events speak the language of whoever reads them, all of it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from pseudo_language import Bracketed, find_unsaid
from sqlalchemy import select

from wayfellow.notify.models import Notice
from wayfellow.people.models import Person
from wayfellow.types import SYSTEM
from wayfellow_events.events.calling_off import call_off
from wayfellow_events.events.models import Visibility
from wayfellow_events.registration.registering import register

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NAMES = ["Wayfellow", "Our organisation", "Career Bridges", "Winter gathering", "Winter", "The Old Rope Works, Bristol"]
NAMES += [
    "Cora",
    "Mio",
    "Member",
    "Guest",
    "Europe/London",
    "CSV",
    "XLSX",
    "@example.org",
    "mio",
    "maja",
    "C",
    "Thu",
    "Dec",
    "GMT",
    "Maja",
]
SHORT_CODE = r'<p class="mono">.*?</p>'
OF_HOSTS = [
    "p/career-bridges/",
    "p/career-bridges/new",
    "1/",
    "1/edit",
    "1/copy",
    "1/call-off",
    "1/set-up",
    "1/types/1",
]
OF_ALL = ["", "?show=past", "tickets/", "tickets/1", "e/{slug}"]


@pytest.fixture
def event(gathering):
    """Give an event for which Mio is registered, and Maja waits."""
    event = gathering.event(capacity=1, visibility=Visibility.PUBLIC)
    for who in ("Mio", "Maja"):
        gathering.do(who, lambda tx: register(tx, event.id, 1))
    return event


def unsaid(client: FlaskClient, paths: list[str], slug: str) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        answer = client.get(f"/x/events/{path.format(slug=slug)}")
        assert answer.status_code == 200, path
        found |= {path: left} if (left := find_unsaid(re.sub(SHORT_CODE, "", answer.text), NAMES)) else {}
    return found


def test_pages_of_events_say_nothing_untranslated(gathering, event, sign_in, app) -> None:
    mio, maja, cora, stranger = sign_in("Mio"), sign_in("Maja"), sign_in("Cora"), app.test_client()
    gathering.deployment.host.words = Bracketed()
    assert unsaid(mio, OF_ALL, event.slug) == {}
    assert unsaid(maja, ["tickets/2"], event.slug) == {}
    assert unsaid(cora, OF_HOSTS, event.slug) == {}
    assert unsaid(stranger, ["e/{slug}", "e/{slug}/mailed"], event.slug) == {}
    gathering.do("Cora", lambda tx: call_off(tx, event.id))
    assert unsaid(mio, ["tickets/1", "e/{slug}"], event.slug) == {}
    assert unsaid(cora, ["p/career-bridges/?show=called_off", "1/"], event.slug) == {}


def test_the_hosts_pages_of_the_door_say_nothing_untranslated(gathering, event, sign_in) -> None:
    cora = sign_in("Cora")
    point = {"name": "7", "area": "8", "capacity": "9", "gates": "1;2", "reentry": "after_exit", "exits": "1"}
    assert cora.post("/x/events/1/points/new", data=point, follow_redirects=True).status_code == 200
    assert cora.post("/x/events/1/devices", data={"name": "3", "point": "1"}, follow_redirects=True).status_code == 200
    gathering.deployment.host.words = Bracketed()
    pages = ["1/door", "1/points", "1/points/new", "1/points/1", "1/devices", "1/devices/1", "1/door/conflicts"]
    assert unsaid(cora, pages, event.slug) == {}


def test_each_reads_letters_in_their_own_language(gathering) -> None:
    with gathering.deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(Person, gathering.people["Mio"]).language = "de"
        tx.session.get_one(Person, gathering.people["Maja"]).language = "ar"
    event = gathering.event()
    for who in ("Mio", "Maja"):
        gathering.do(who, lambda tx: register(tx, event.id, 1))
    gathering.do("Cora", lambda tx: call_off(tx, event.id, "See you in spring."))
    with gathering.deployment.reading(SYSTEM) as tx:
        query = select(Notice.subject, Notice.body).order_by(Notice.id)
        mio = tx.session.execute(query.where(Notice.person_id == gathering.people["Mio"])).all()
        maja = tx.session.execute(query.where(Notice.person_id == gathering.people["Maja"])).all()
    assert [subject for subject, _ in mio] == ["Ihr Ticket: Winter gathering", "Abgesagt: Winter gathering"]
    assert "Donnerstag, 3. Dezember 2026, 17:30 bis 20:00 GMT" in mio[0].body
    assert mio[1].body.endswith("\n\nSee you in spring.")
    assert [subject for subject, _ in maja] == ["تذكرتك: Winter gathering", "أُلغيت: Winter gathering"]
    assert "الخميس، 3 ديسمبر 2026" in maja[0].body
