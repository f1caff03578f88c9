"""Hosts plan, change, copy and call off events, decide on registrations, and time does its part."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from events_facts import FACTS
from hypothesis import given
from hypothesis import strategies as st
from mail_sink import work_off
from sqlalchemy import func, select

from wayfellow.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wayfellow.notify.models import Notice
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM, Role
from wayfellow_events.events.calendar import calendar_of
from wayfellow_events.events.calling_off import call_off
from wayfellow_events.events.facts import clean_moment, read_facts
from wayfellow_events.events.models import Event
from wayfellow_events.events.questions import add_question
from wayfellow_events.events.saving import copy_event, create_event
from wayfellow_events.events.series import others_of
from wayfellow_events.events.team import add_helper
from wayfellow_events.events.ticket_types import list_types, offers_of, remove_type
from wayfellow_events.personal import collect, erase
from wayfellow_events.registration.answering import accept_offer, approve, decline, get_own, let_in
from wayfellow_events.registration.answers import list_questions
from wayfellow_events.registration.clockwork import expire_offers, refill, remind
from wayfellow_events.registration.hosting import change_event, change_type
from wayfellow_events.registration.listing import GuestQuery, list_guests
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.registering import register
from wayfellow_events.tickets.issuing import set_blocked, ticket_of


def come(gathering, event, who):
    kind = gathering.do(SYSTEM, lambda tx: list_types(tx, event.id)[0].id)
    return gathering.do(who, lambda tx: register(tx, event.id, kind))


def states(gathering) -> list[str]:
    with gathering.deployment.reading(SYSTEM) as tx:
        return list(tx.session.scalars(select(Registration.state).order_by(Registration.id)))


def subjects(gathering, who) -> list[str]:
    mine = select(Notice.subject).where(Notice.person_id == gathering.people[who]).order_by(Notice.id)
    with gathering.deployment.reading(SYSTEM) as tx:
        return list(tx.session.scalars(mine))


def entry(gathering, event) -> icalendar.Event:
    with gathering.deployment.reading(SYSTEM) as tx:
        written = calendar_of(tx.session.get_one(Event, event.id), "Northlight", tx.now())
    calendar = icalendar.Calendar.from_ical(written)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    (found,) = calendar.walk("VEVENT")
    assert str(calendar["METHOD"]) == ("CANCEL" if found["STATUS"] == "CANCELLED" else "PUBLISH")
    return found


def test_calendars_know_an_event_by_its_uid_and_hear_of_changes(gathering):
    event = gathering.event()
    before = entry(gathering, event)
    come(gathering, event, "Mio")
    gathering.do("Cora", lambda tx: change_event(tx, event.id, replace(FACTS, description="Soup.")))
    assert entry(gathering, event)["SEQUENCE"] == before["SEQUENCE"]
    later = replace(FACTS, starts_at=FACTS.starts_at + timedelta(hours=1))
    gathering.do("Cora", lambda tx: change_event(tx, event.id, later))
    moved = entry(gathering, event)
    assert (moved["UID"], moved["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    assert moved["DTSTART"].dt == later.starts_at
    for _ in range(2):
        gathering.do("Cora", lambda tx: call_off(tx, event.id, "The roof leaks."))
    off = entry(gathering, event)
    assert (off["UID"], off["SEQUENCE"], off["STATUS"]) == (before["UID"], before["SEQUENCE"] + 2, "CANCELLED")
    assert subjects(gathering, "Mio")[1:] == ["New time or place: Winter gathering", "Called off: Winter gathering"]
    with pytest.raises(Conflict, match="called off"):
        come(gathering, event, "Maja")
    with pytest.raises(Conflict, match="called off"):
        gathering.do("Cora", lambda tx: approve(tx, 1))


def test_more_places_go_to_those_who_wait_and_fewer_than_taken_are_refused(gathering):
    event = gathering.event(capacity=1)
    for name in ("Mio", "Maja"):
        come(gathering, event, name)
    gathering.do("Cora", lambda tx: change_event(tx, event.id, replace(FACTS, capacity=2)))
    assert states(gathering) == ["confirmed", "offered"]
    with pytest.raises(InvalidInput) as refusal:
        gathering.do("Cora", lambda tx: change_event(tx, event.id, replace(FACTS, capacity=1)))
    assert refusal.value.problems[0].column == "capacity"


def test_a_full_kind_of_ticket_keeps_nobody_of_another_waiting(gathering):
    event = gathering.event(capacity=None)
    form = {"name": "Member", "audience": "members", "capacity": "1"}
    member = gathering.do(SYSTEM, lambda tx: list_types(tx, event.id)[0].id)
    gathering.do("Cora", lambda tx: change_type(tx, event.id, member, form))
    for name in ("Mio", "Maja"):
        come(gathering, event, name)
    assert states(gathering) == ["confirmed", "waitlisted"]
    with gathering.deployment.reading(SYSTEM) as tx:
        offers = offers_of(tx, tx.session.get_one(Event, event.id), list_types(tx, event.id))
    assert [(offer.left, offer.is_full) for offer in offers] == [(0, True), (None, False)]
    with pytest.raises(Conflict, match="registered with"):
        gathering.do("Cora", lambda tx: remove_type(tx, event.id, member))


def test_an_offer_expires_and_the_place_goes_on(gathering, clock):
    event = gathering.event(capacity=1)
    gathering.person("Ben", Role.MENTEE)
    come(gathering, event, "Mio")
    for name in ("Maja", "Ben"):
        clock.move(minutes=1)
        come(gathering, event, name)
    first, second, _ = [gathering.do(SYSTEM, lambda tx, n=n: tx.session.get_one(Registration, n)) for n in (1, 2, 3)]
    gathering.do("Cora", lambda tx: decline(tx, first.id))
    assert states(gathering) == ["declined", "offered", "waitlisted"]
    clock.move(hours=23, minutes=59)
    assert gathering.do(SYSTEM, expire_offers) == 0
    clock.move(minutes=1)
    with pytest.raises(Conflict, match="any more"):
        gathering.do("Maja", lambda tx: accept_offer(tx, *get_own(tx, second.id)))
    assert gathering.do(SYSTEM, expire_offers) == 1
    assert states(gathering) == ["declined", "expired", "offered"]


def test_hosts_decide_where_they_want_to_and_may_go_beyond_the_limit(gathering):
    event = gathering.event(capacity=1, needs_approval=True)
    one, other = come(gathering, event, "Mio"), come(gathering, event, "Maja")
    assert states(gathering) == ["requested", "requested"]
    with pytest.raises(NotFound):
        gathering.do("Maja", lambda tx: approve(tx, one.id))
    gathering.do("Cora", lambda tx: approve(tx, one.id))
    gathering.do("Cora", lambda tx: approve(tx, other.id))
    assert states(gathering) == ["confirmed", "waitlisted"]
    gathering.do("Cora", lambda tx: let_in(tx, other.id))
    assert states(gathering) == ["confirmed", "confirmed"]
    gathering.do("Cora", lambda tx: decline(tx, one.id))
    gathering.do("Cora", lambda tx: approve(tx, one.id))
    assert states(gathering) == ["waitlisted", "confirmed"], "a place beyond the limit does not come free"
    gathering.do("Cora", lambda tx: let_in(tx, one.id))
    with gathering.deployment.reading(SYSTEM) as tx:
        assert tx.session.get_one(Event, event.id).taken == 2
        assert ticket_of(tx, other.id).state == "valid"
    gathering.do("Cora", lambda tx: set_blocked(tx, ticket_of(tx, other.id).id, True))
    with gathering.deployment.reading(SYSTEM) as tx:
        assert ticket_of(tx, other.id).state == "blocked"


def test_people_are_reminded_once_a_day_before(gathering, clock):
    event = gathering.event()
    come(gathering, event, "Mio")
    assert gathering.do(SYSTEM, remind) == 0
    clock.now = FACTS.starts_at - timedelta(hours=20)
    assert [gathering.do(SYSTEM, remind) for _ in range(2)] == [1, 0]
    assert subjects(gathering, "Mio")[-1] == "Tomorrow or sooner: Winter gathering"


def test_a_copy_has_the_tickets_and_questions_and_nobody(gathering):
    event = gathering.event()
    gathering.do("Cora", lambda tx: add_question(tx, event.id, {"label": "Food?", "kind": "text", "moment": "door"}))
    come(gathering, event, "Mio")
    copy = gathering.do("Cora", lambda tx: copy_event(tx, event.id, replace(FACTS, title="Spring")))
    with gathering.deployment.reading(SYSTEM) as tx:
        assert [(kind.name, kind.taken) for kind in list_types(tx, copy.id)] == [("Member", 0), ("Guest", 0)]
        assert [question.label for question in list_questions(tx, copy.id)] == ["Food?"]
    assert (copy.taken, copy.uid != event.uid, copy.slug) == (0, True, "spring-2026-12-03")


def test_events_of_a_series_name_those_that_one_finds(gathering):
    first = gathering.event(series="Circle")
    second = gathering.event(title="Second", series="Circle")
    gathering.event(title="Hidden", series="Circle", visibility="invited")
    gathering.event(title="Off", series="Circle")
    gathering.do("Cora", lambda tx: call_off(tx, first.id + 3))
    gathering.event(title="Alone")
    assert [event.id for event in gathering.do("Mio", lambda tx: others_of(tx, first))] == [second.id]
    gathering.do("Cora", lambda tx: change_event(tx, second.id, replace(FACTS, title="Second")))
    assert gathering.do("Mio", lambda tx: others_of(tx, first)) == []


def test_a_question_that_must_be_answered_is_asked_for(gathering):
    event = gathering.event()
    form = {"label": "Food?", "kind": "choice", "options": "all; no meat", "moment": "registration", "required": "1"}
    question = gathering.do("Cora", lambda tx: add_question(tx, event.id, form))
    with pytest.raises(InvalidInput) as refusal:
        come(gathering, event, "Mio")
    assert refusal.value.problems[0].column == f"question-{question.id}"
    assert states(gathering) == []
    kind = gathering.do(SYSTEM, lambda tx: list_types(tx, event.id)[0].id)
    answers = {f"question-{question.id}": "no meat"}
    gathering.do("Mio", lambda tx: register(tx, event.id, kind, answers))
    with gathering.deployment.reading(SYSTEM) as tx:
        data = collect(gathering.people["Mio"], tx.session)
    assert data["registrations"][0]["answers"] == {"Food?": "no meat"}


def test_the_team_runs_its_own_event_and_no_other(gathering):
    event, other = gathering.event(), gathering.event(title="Other", visibility="invited")
    gathering.do("Cora", lambda tx: add_helper(tx, event.id, "maja@example.org", "host"))
    gathering.do("Cora", lambda tx: add_helper(tx, event.id, "mio@example.org", "door"))
    gathering.do("Maja", lambda tx: change_event(tx, event.id, replace(FACTS, capacity=9)))
    assert gathering.do("Mio", lambda tx: list_guests(tx, event.id, GuestQuery())).total == 0
    with pytest.raises(NotAllowed):
        gathering.do("Mio", lambda tx: change_event(tx, event.id, FACTS))
    with pytest.raises(NotFound):
        gathering.do("Maja", lambda tx: change_event(tx, other.id, FACTS))
    with pytest.raises(NotAllowed):
        gathering.do("Maja", lambda tx: create_event(tx, gathering.programme_id, FACTS))


def test_erasing_somebody_frees_their_place_for_the_next(gathering):
    event = gathering.event(capacity=1)
    for name in ("Mio", "Maja"):
        come(gathering, event, name)
    gathering.do(SYSTEM, lambda tx: erase(gathering.people["Mio"], tx.session))
    assert states(gathering) == ["waitlisted"]
    assert gathering.do(SYSTEM, refill) == 1
    with gathering.deployment.reading(SYSTEM) as tx:
        assert collect(gathering.people["Mio"], tx.session) is None
        assert tx.session.get_one(Event, event.id).taken == 1


def test_every_act_is_in_the_audit_log(gathering):
    event = gathering.event()
    come(gathering, event, "Mio")
    gathering.do("Cora", lambda tx: call_off(tx, event.id))
    work_off(gathering.deployment)
    acts = select(AuditEntry.action, func.count()).where(AuditEntry.action.like("event.%")).group_by(AuditEntry.action)
    with gathering.deployment.reading(SYSTEM) as tx:
        assert dict(tx.session.execute(acts).all()) == {"event.created": 1, "event.called_off": 1}
        moved = select(AuditEntry.details).where(AuditEntry.action == "registration.moved")
        assert tx.session.scalars(moved).all() == [{"before": "cancelled", "after": "confirmed"}]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"title": ""}, "title"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"ends_at": "2026-12-03T17:00"}, "ends_at"),
        ({"starts_at": "2027-03-28T01:30"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00"}, "starts_at"),
        ({"starts_at": "2026-12-03T17:30+05:00"}, "starts_at"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"capacity": "-1"}, "capacity"),
        ({"capacity": "²"}, "capacity"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"visibility": "secret"}, "visibility"),
        ({"offer_hours": "0"}, "offer_hours"),
    ],
)
def test_each_wrong_field_is_named(form, field):
    good = {"title": "Tea", "starts_at": "2026-12-03T17:30", "ends_at": "2027-12-03T19:00", "timezone": "Europe/London"}
    with pytest.raises(InvalidInput) as refusal:
        read_facts(good | form)
    assert field in [problem.column for problem in refusal.value.problems]
    assert read_facts(good).starts_at == datetime(2026, 12, 3, 17, 30, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_a_moment_is_read_back_as_it_was_written_or_refused(local):
    written = local.strftime("%Y-%m-%dT%H:%M")
    try:
        moment = clean_moment(written, "America/New_York", "The start")
    except ValueError:
        return
    assert moment.astimezone(ZoneInfo("America/New_York")).strftime("%Y-%m-%dT%H:%M") == written
