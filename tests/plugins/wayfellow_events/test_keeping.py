"""Hosts set the door up and watch it in the browser; their helpers keep it, and nobody else sees it."""

import html
import re

import pytest
from door_world import make_door
from sqlalchemy import select

from wayfellow.host import PluginHost
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM
from wayfellow_events import plugin
from wayfellow_events.door.models import Conflict, Point
from wayfellow_events.events.team import add_helper
from wayfellow_web import create_app
from wayfellow_web.accounts.tickets import Purpose, issue_ticket

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LINES = """from 60 minutes before the start
until the end
at most 3 entries
10 minutes between entries
not inside Main hall or answer 7 is yes
inside Roof"""


@pytest.fixture
def door(gathering):
    config = gathering.deployment.config
    gathering.deployment.host = PluginHost.load(
        config, plugins=(("accounts", "wayfellow_web.plugin"), ("events", plugin))
    )
    return make_door(gathering)


@pytest.fixture
def visit(door):
    """Give a function that asks for a page of the event as somebody and returns its status and text."""
    app = create_app(deployment=door.gathering.deployment)
    app.config["WTF_CSRF_ENABLED"] = False
    signed_in = {}

    def visit(who, address, **form):
        if who not in signed_in:
            with door.gathering.deployment.transaction(SYSTEM) as tx:
                ticket = issue_ticket(tx, door.gathering.people[who], Purpose.SIGN_IN)
            signed_in[who] = app.test_client()
            signed_in[who].post(f"/sign-in/{ticket}")
        send = signed_in[who].post if form else signed_in[who].get
        answer = send(f"/x/events/{door.event.id}{address}", data=form, follow_redirects=True)
        return answer.status_code, re.sub(r"\s+", " ", html.unescape(answer.get_data(as_text=True)))

    return visit


def test_a_point_is_added_changed_closed_and_removed(door, visit):
    status, page = visit(
        "Cora", "/points/new", name="Garden", area="Inside", rules=LINES, reentry="many", capacity="80"
    )
    assert status == 200
    assert "Garden is saved" in page
    assert "at most 3 entries" in page
    with door.gathering.deployment.reading(SYSTEM) as tx:
        garden = tx.session.scalars(select(Point).where(Point.name == "Garden")).one()
    assert garden.area_id == door.point.area_id
    assert "not inside Main hall or answer 7 is yes" in visit("Cora", f"/points/{garden.id}")[1]
    assert "is closed" in visit("Cora", f"/points/{garden.id}/close", sent="1")[1]
    assert "lets people in" in visit("Cora", f"/points/{garden.id}/open", sent="1")[1]
    assert "removed" in visit("Cora", f"/points/{garden.id}/remove", sent="1")[1]
    door.scan(door.ticket("Mio"))
    status, page = visit("Cora", f"/points/{door.point.id}/remove", sent="1")
    assert (status, "Close it instead" in page) == (409, True)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"name": ""}, "The name"),
        ({"name": "Main door"}, "There is a point of that name"),
        ({"rules": "whenever I like"}, "“whenever I like” is no rule"),
        ({"capacity": "-1"}, "no number of places"),
        ({"reentry": "after_exit"}, "Count people out too"),
        ({"opens_at": "2026-12-03T18:00", "closes_at": "2026-12-03T17:00"}, "close before it opens"),
    ],
)
def test_a_form_that_can_not_be_is_kept(visit, form, why):
    status, page = visit("Cora", "/points/new", **({"name": "Garden", "gates": "East; West"} | form))
    assert status == 422
    assert why in page
    assert "East; West" in page


def test_a_phone_is_added_by_a_link_and_sent_away(door, visit):
    status, page = visit("Cora", "/devices", name="Mei", point=str(door.point.id), gate="North", rights="search")
    assert status == 200
    link = re.search(r"/x/events/scanner/#([A-Z2-7]{32})", page)
    assert link is not None
    assert "<svg" in page
    status, page = visit("Cora", "/devices", name="", point="7", gate="West")
    assert (status, "Choose the check-in point" in page) == (422, True)
    page = visit("Cora", f"/devices/{door.devices['Sam']}/away", sent="1")[1]
    assert "Sam is sent away" in page


def test_helpers_keep_the_door_and_change_nothing_else(door, visit):
    door.gathering.do("Cora", lambda tx: add_helper(tx, door.event.id, "maja@example.org", "door"))
    for address in ("/door", "/points", "/devices", "/door/conflicts"):
        assert visit("Maja", address)[0] == 200
        assert visit("Mio", address)[0] == 404
    assert visit("Maja", "/points/new")[0] == 403
    assert visit("Maja", "/devices", name="Mine", point=str(door.point.id))[0] == 200
    assert visit("Maja", "/devices", name="Boss", point=str(door.point.id), rights="override")[0] == 403


def test_the_board_counts_and_a_conflict_is_settled(door, visit):
    door.device("Mei", gate="South")
    code = door.ticket("Mio")
    for device in ("Sam", "Mei"):
        door.scan(code, late=True, offline=True, device=device)
    page = visit("Cora", "/door")[1]
    assert "One ticket, two doors." in page
    assert "Mio" in page
    assert "Mio" not in visit("Cora", "/door/live?names=no")[1]
    with door.gathering.deployment.reading(SYSTEM) as tx:
        [number] = tx.session.scalars(select(Conflict.id))
    assert "Choose how" in visit("Cora", f"/door/conflicts/{number}", outcome="maybe")[1]
    assert "It is settled" in visit("Cora", f"/door/conflicts/{number}", outcome="same")[1]
    assert visit("Cora", f"/door/conflicts/{number}", outcome="same")[0] == 409
    assert "The same person, scanned twice" in visit("Cora", "/door/conflicts")[1]
    with door.gathering.deployment.reading(SYSTEM) as tx:
        acts = set(tx.session.scalars(select(AuditEntry.action)))
    assert {"point.saved", "device.invited", "device.enrolled", "checkin.conflict_settled"} <= acts


def test_the_board_takes_as_many_statements_for_many(door, visit, statements):
    def count() -> int:
        statements.clear()
        assert visit("Cora", "/door/live")[0] == 200
        return len(statements)

    door.scan(door.ticket("Mio"))
    visit("Cora", "/door")
    few = count()
    for number in range(6):
        door.device(f"Phone {number}")
        door.scan(door.ticket(f"Guest {number}"))
    assert count() == few <= 20
