"""Each verdict that the documentation promises can be had through the API."""

import pytest
from door_world import Door, key, make_door
from sqlalchemy import Engine, event

from wayfellow_events.door.points import set_open
from wayfellow_events.events.facts import EventFacts
from wayfellow_events.events.questions import add_question
from wayfellow_events.registration.answering import cancel, get_own
from wayfellow_events.registration.hosting import change_event
from wayfellow_events.registration.registering import register
from wayfellow_events.tickets.issuing import replace_code, set_blocked, ticket_of
from wayfellow_events.verdict.codes import Code
from wayfellow_web import create_app

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Asking:
    """Ask the API as a device of a door."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.browser = create_app(deployment=door.gathering.deployment).test_client()

    def __call__(self, code: str, **more) -> str:
        head = {"Authorization": f"Bearer {self.door.tokens['Sam']}"}
        body = {"key": key(), "code": code} | more
        answer = self.browser.post("/events/api/v1/scan", json=body, headers=head)
        assert answer.status_code == 200, answer.json
        assert answer.json["reason"]
        assert answer.json["word"]
        return answer.json["verdict"]


@pytest.fixture
def door(gathering) -> Door:
    return make_door(gathering)


@pytest.fixture
def ask(door) -> Asking:
    return Asking(door)


def ticket_id(door, name: str) -> int:
    return door.gathering.do("Cora", lambda tx: ticket_of(tx, door.registrations[name]).id)


def test_what_the_ticket_is(door, ask, gathering):
    mine, code = key(), door.ticket("Mio")
    assert ask(code, key=mine) == Code.OK
    assert ask(code, key=mine) == Code.OK_REPEAT
    assert ask(code) == Code.ALREADY_IN
    assert ask("NOBODY ISSUED THIS") == Code.UNKNOWN
    assert ask(make_door(gathering, title="Spring walk").ticket("Maja")) == Code.FOREIGN_EVENT
    blocked = door.ticket("Ann")
    assert ask(code + blocked) == Code.AMBIGUOUS
    number = ticket_id(door, "Ann")
    gathering.do("Cora", lambda tx: set_blocked(tx, number, True))
    assert ask(blocked) == Code.BLOCKED
    old = door.ticket("Ben")
    other = ticket_id(door, "Ben")
    gathering.do("Ben", lambda tx: replace_code(tx, other))
    assert ask(old) == Code.REPLACED
    assert ask(code, offline=True) == Code.OFFLINE_CONFLICT


def test_where_the_registration_stands(door, ask, gathering):
    def come_again(name: str) -> None:
        gathering.do(name, lambda tx: register(tx, door.event.id, door.kinds()["Member"]))

    codes = {name: door.ticket(name) for name in ("Mio", "Ann", "Ben")}
    for name in codes:
        gathering.do(name, lambda tx, name=name: cancel(tx, *get_own(tx, door.registrations[name])))
    assert ask(codes["Mio"]) == Code.CANCELED
    change(door, needs_approval=True)
    come_again("Mio")
    assert ask(codes["Mio"]) == Code.UNAPPROVED
    change(door, capacity=0)
    come_again("Ann")
    assert ask(codes["Ann"]) == Code.WAITLISTED
    change(door, capacity=1)
    assert ask(codes["Ann"]) == Code.PENDING


def change(door: Door, **facts: object) -> None:
    whole = {key: getattr(door.event, key) for key in EventFacts.__dataclass_fields__ if hasattr(door.event, key)}
    new = EventFacts(**(whole | facts))
    door.gathering.do("Cora", lambda tx: change_event(tx, door.event.id, new))


def test_what_the_point_says(door, ask, gathering):
    code = door.ticket("Mio")
    door.change(types=str(door.kinds()["Guest"]))
    assert ask(code) == Code.NOT_ON_POINT
    door.change(opens_at="2026-12-03T17:00")
    assert ask(code) == Code.OUTSIDE_WINDOW
    door.change(rules="until 9000 minutes before the end\nfrom the start")
    assert ask(code) == Code.RULE_DENIED
    door.change(exits="1")
    assert ask(code, kind="exit") == Code.NOT_INSIDE
    gathering.do("Cora", lambda tx: set_open(tx, door.event.id, door.point.id, False))
    assert ask(code) == Code.POINT_CLOSED
    gathering.do("Cora", lambda tx: set_open(tx, door.event.id, door.point.id, True))
    form = {"label": "Do you need the lift?", "kind": "yes_no", "moment": "door", "required": "1"}
    gathering.do("Cora", lambda tx: add_question(tx, door.event.id, form))
    assert ask(code) == Code.NEEDS_ANSWERS


def test_a_database_that_is_busy_decides_nothing(door, ask, engine: Engine):
    code, mine = door.ticket("Mio"), key()
    event.listen(engine, "checkout", lambda connection, *rest: connection.execute("PRAGMA busy_timeout=1"))
    with engine.connect() as other:
        other.connection.driver_connection.execute("BEGIN IMMEDIATE")
        assert ask(code, key=mine) == Code.RETRY_LATER
        other.connection.driver_connection.execute("ROLLBACK")
    assert ask(code, key=mine) == Code.OK
