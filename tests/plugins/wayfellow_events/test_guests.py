"""Guests register by mail: they confirm, get their ticket, and learn nothing about who is known."""

import re

import pytest
from mail_sink import Sink, sending, work_off
from sqlalchemy import select

from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.host import PluginHost
from wayfellow.people.models import Person
from wayfellow.types import ANONYMOUS, SYSTEM, Actor
from wayfellow_events import plugin
from wayfellow_events.events.ticket_types import list_types
from wayfellow_events.registration.answering import find_by_link, get_own
from wayfellow_events.registration.guests import PATIENCE, ask_as_guest, confirm_guest, drop_unconfirmed
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.others import add_person, transfer
from wayfellow_events.registration.registering import register
from wayfellow_events.tickets.issuing import find_by_code


@pytest.fixture
def mailing(gathering, server):
    """Let the gathering's deployment send mail to the sink."""
    gathering.deployment = sending(gathering.deployment, server).deployment
    gathering.deployment.host = PluginHost.load(gathering.deployment.config, plugins=(("events", plugin),))
    return gathering


def ask(gathering, event, email, name="Gus Guest"):
    type_id = gathering.do(SYSTEM, lambda tx: next(k.id for k in list_types(tx, event.id) if k.name == "Guest"))
    gathering.do(ANONYMOUS, lambda tx: ask_as_guest(tx, event.slug, type_id, {"name": name, "email": email}))
    work_off(gathering.deployment)


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def token_in(mail) -> str:
    return re.search(r"/x/events/r/([A-Z2-7]{32})", text_of(mail)).group(1)


def states(gathering) -> list[str]:
    with gathering.deployment.reading(SYSTEM) as tx:
        return list(tx.session.scalars(select(Registration.state).order_by(Registration.id)))


def confirm(gathering, token) -> None:
    with gathering.deployment.reading(ANONYMOUS) as tx:
        registration, _ = find_by_link(tx, token)
    gathering.do(Actor(registration.person_id), lambda tx: confirm_guest(tx, *get_own(tx, registration.id)))
    work_off(gathering.deployment)


def test_a_guest_confirms_and_gets_a_ticket_with_picture_and_calendar(mailing, sink: Sink):
    event = mailing.event()
    ask(mailing, event, "gus@example.org")
    assert states(mailing) == ["unconfirmed"]
    confirm(mailing, token_in(sink.mails[0]))
    assert states(mailing) == ["confirmed"]
    ticket = sink.mails[1]
    assert ticket["Subject"] == "Your ticket: Winter gathering"
    picture, calendar = ticket.iter_attachments()
    assert picture.get_payload(decode=True).startswith(b"\x89PNG")
    assert b"METHOD:PUBLISH" in calendar.get_payload(decode=True)
    with mailing.deployment.reading(SYSTEM) as tx:
        assert find_by_code(tx, event.id, token_in(ticket)) is None, "the link is not the ticket"


def test_a_stranger_learns_nothing_and_takes_nothing_with_somebody_elses_address(mailing, sink: Sink):
    event = mailing.event(capacity=1)
    ask(mailing, event, "mio@example.org", name="Mallory")
    with mailing.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(Person.name).where(Person.email == "mio@example.org")) == "Mio"
    assert states(mailing) == ["unconfirmed"]
    with mailing.deployment.reading(SYSTEM) as tx:
        assert tx.session.get_one(type(event), event.id).taken == 0


def test_who_asks_again_gets_the_same_letter_again(mailing, sink: Sink):
    event = mailing.event()
    ask(mailing, event, "gus@example.org")
    ask(mailing, event, "gus@example.org")
    assert [mail["Subject"] for mail in sink.mails] == ["Confirm that you come: Winter gathering"] * 2
    confirm(mailing, token_in(sink.mails[0]))
    ask(mailing, event, "gus@example.org")
    assert sink.mails[-1]["Subject"] == "Your ticket: Winter gathering"
    assert states(mailing) == ["confirmed"]


def test_who_does_not_confirm_is_dropped(mailing, sink: Sink, clock):
    event = mailing.event()
    ask(mailing, event, "gus@example.org")
    clock.now += PATIENCE
    assert mailing.do(SYSTEM, drop_unconfirmed) == 0
    clock.move(minutes=1)
    assert mailing.do(SYSTEM, drop_unconfirmed) == 1
    work_off(mailing.deployment)
    assert (states(mailing), len(sink.mails)) == (["cancelled"], 1)


def test_what_a_guest_gives_is_checked_before_any_work(mailing, sink: Sink):
    event = mailing.event()
    with pytest.raises(InvalidInput) as refusal:
        ask(mailing, event, "no address", name=" ")
    assert [problem.column for problem in refusal.value.problems] == ["name", "email"]
    with pytest.raises(NotFound):
        mailing.do(ANONYMOUS, lambda tx: find_by_link(tx, "7"))
    member = mailing.do(SYSTEM, lambda tx: list_types(tx, event.id)[0].id)
    with pytest.raises(Conflict, match="for people of the programme"):
        mailing.do(ANONYMOUS, lambda tx: ask_as_guest(tx, event.slug, member, {"name": "G", "email": "g@example.org"}))
    assert (states(mailing), sink.mails) == ([], [])


def test_an_event_of_the_programme_is_not_there_for_strangers(mailing):
    event = mailing.event(visibility="programme")
    with pytest.raises(NotFound):
        mailing.do(ANONYMOUS, lambda tx: ask_as_guest(tx, event.slug, 1, {"name": "G", "email": "g@example.org"}))


def test_a_host_adds_somebody_who_gets_the_ticket_at_once(mailing, sink: Sink):
    event = mailing.event()
    kind = mailing.do(SYSTEM, lambda tx: list_types(tx, event.id)[1].id)
    mailing.do("Cora", lambda tx: add_person(tx, event.id, kind, "Ines", "ines@example.org"))
    work_off(mailing.deployment)
    assert [(mail["Subject"], mail["To"]) for mail in sink.mails] == [
        ("Your ticket: Winter gathering", "Ines <ines@example.org>")
    ]
    with pytest.raises(NotFound):
        mailing.do("Mio", lambda tx: add_person(tx, event.id, kind, "Nobody", "nobody@example.org"))


def test_a_ticket_that_is_passed_on_leaves_nobody_with_two_and_passes_nobody_over(mailing, sink: Sink):
    event = mailing.event(capacity=1)
    kinds = mailing.do(SYSTEM, lambda tx: {kind.name: kind.id for kind in list_types(tx, event.id)})
    mine = mailing.do("Mio", lambda tx: register(tx, event.id, kinds["Guest"]))
    mailing.do("Maja", lambda tx: register(tx, event.id, kinds["Member"]))
    with pytest.raises(Conflict, match="registered already, or it is not for them"):
        mailing.do("Mio", lambda tx: transfer(tx, mine.id, "Maja", "maja@example.org"))
    with pytest.raises(NotFound):
        mailing.do("Maja", lambda tx: transfer(tx, mine.id, "Maja", "maja@example.org"))
    mailing.do("Mio", lambda tx: transfer(tx, mine.id, "Gus", "gus@example.org"))
    work_off(mailing.deployment)
    assert states(mailing) == ["cancelled", "waitlisted", "confirmed"]
    assert [mail["To"] for mail in sink.mails if mail["Subject"].startswith("Your ticket")][-1].startswith("Gus")
    with mailing.deployment.reading(SYSTEM) as tx:
        assert tx.session.get_one(type(event), event.id).taken == 1
