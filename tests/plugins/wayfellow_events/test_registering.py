"""People register: for a place, for the queue, or for the hosts to decide."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from wayfellow.errors import Conflict, NotFound
from wayfellow.types import SYSTEM, Role
from wayfellow_events.events.models import Event, TicketType, Visibility
from wayfellow_events.registration.answering import accept_offer, cancel, get_own
from wayfellow_events.registration.models import Registration, RegistrationState
from wayfellow_events.registration.registering import register
from wayfellow_events.tickets.codes import digest
from wayfellow_events.tickets.issuing import code_of, find_by_code, replace_code
from wayfellow_events.tickets.models import CodeState, Ticket, TicketState


def kinds(gathering, event) -> dict[str, int]:
    with gathering.deployment.reading(SYSTEM) as tx:
        rows = tx.session.execute(select(TicketType.name, TicketType.id).where(TicketType.event_id == event.id))
        return dict(rows.all())


def come(gathering, event, who, kind="Member") -> Registration:
    return gathering.do(who, lambda tx: register(tx, event.id, kinds(gathering, event)[kind]))


def leave(gathering, registration, who) -> None:
    gathering.do(who, lambda tx: cancel(tx, *get_own(tx, registration.id)))


def state_of(gathering, registration) -> str:
    with gathering.deployment.reading(SYSTEM) as tx:
        return tx.session.get_one(Registration, registration.id).state


def taken(gathering, event) -> tuple[int, int]:
    with gathering.deployment.reading(SYSTEM) as tx:
        of_kinds = select(func.sum(TicketType.taken)).where(TicketType.event_id == event.id)
        return tx.session.get_one(Event, event.id).taken, tx.session.scalar(of_kinds)


def test_a_member_gets_a_ticket_in_one_act(gathering):
    event = gathering.event()
    registration = come(gathering, event, "Mio")
    assert registration.state == RegistrationState.CONFIRMED
    assert taken(gathering, event) == (1, 1)
    with gathering.deployment.reading(SYSTEM) as tx:
        ticket = tx.session.scalars(select(Ticket)).one()
        code = code_of(tx, ticket)
        assert code is not None
        assert len(code) == 32
        found = find_by_code(tx, event.id, f" {code.lower()}\n")
    assert found is not None
    assert (found.ticket.id, found.registration.id, found.code_state) == (ticket.id, registration.id, "current")


def test_nothing_but_the_code_finds_a_ticket(gathering):
    event = gathering.event()
    registration = come(gathering, event, "Mio")
    with gathering.deployment.reading(SYSTEM) as tx:
        ticket = tx.session.scalars(select(Ticket)).one()
        code = code_of(tx, ticket)
        for text in (str(ticket.id), str(registration.id), ticket.short, code[:-1], digest(code), ""):
            assert find_by_code(tx, event.id, text) is None


def test_a_replaced_code_is_known_as_such(gathering):
    event = gathering.event()
    come(gathering, event, "Mio")
    with gathering.deployment.reading(SYSTEM) as tx:
        ticket = tx.session.scalars(select(Ticket)).one()
        old = code_of(tx, ticket)
    gathering.do("Mio", lambda tx: replace_code(tx, ticket.id))
    with gathering.deployment.reading(SYSTEM) as tx:
        assert find_by_code(tx, event.id, old).code_state is CodeState.REPLACED
        assert code_of(tx, ticket) not in (None, old)


def test_registering_twice_is_refused_and_takes_one_place(gathering):
    event = gathering.event()
    come(gathering, event, "Mio")
    with pytest.raises(Conflict, match="registered for this event already"):
        come(gathering, event, "Mio")
    assert taken(gathering, event) == (1, 1)


def test_who_cancels_may_come_again_with_a_new_code(gathering):
    event = gathering.event()
    first = come(gathering, event, "Mio")
    with gathering.deployment.reading(SYSTEM) as tx:
        old = code_of(tx, tx.session.scalars(select(Ticket)).one())
    leave(gathering, first, "Mio")
    assert taken(gathering, event) == (0, 0)
    with gathering.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(Ticket)).one().state == TicketState.REVOKED
    assert come(gathering, event, "Mio").id == first.id
    with gathering.deployment.reading(SYSTEM) as tx:
        ticket = tx.session.scalars(select(Ticket)).one()
        assert ticket.state == TicketState.VALID
        assert code_of(tx, ticket) != old


def test_a_place_that_comes_free_is_offered_to_who_came_first(gathering, clock):
    event = gathering.event(capacity=1)
    holder = come(gathering, event, "Mio")
    waiting = {}
    for name in ("Ann", "Ben"):
        gathering.person(name, Role.MENTEE)
        clock.move(minutes=1)
        waiting[name] = come(gathering, event, name)
    assert [one.state for one in waiting.values()] == ["waitlisted", "waitlisted"]
    leave(gathering, holder, "Mio")
    assert [state_of(gathering, one) for one in waiting.values()] == ["offered", "waitlisted"]
    assert taken(gathering, event) == (1, 1)
    gathering.do("Ann", lambda tx: accept_offer(tx, *get_own(tx, waiting["Ann"].id)))
    assert state_of(gathering, waiting["Ann"]) == "confirmed"
    leave(gathering, waiting["Ann"], "Ann")
    assert state_of(gathering, waiting["Ben"]) == "offered"


def test_only_those_who_are_invited_find_what_is_for_them(gathering):
    event = gathering.event(visibility=Visibility.INVITED)
    with pytest.raises(NotFound):
        come(gathering, event, "Mio")
    assert come(gathering, event, "Cora").state == RegistrationState.CONFIRMED


def test_fifty_at_once_for_three_places(gathering):
    event = gathering.event(capacity=3)
    type_id = kinds(gathering, event)["Member"]
    people = [gathering.person(f"Guest {number}", Role.MENTEE) for number in range(50)]
    barrier = Barrier(len(people))

    def come_now(actor) -> str:
        barrier.wait()
        with gathering.deployment.transaction(actor) as tx:
            return register(tx, event.id, type_id).state

    with ThreadPoolExecutor(len(people)) as pool:
        states = list(pool.map(come_now, people))
    assert sorted(states) == ["confirmed"] * 3 + ["waitlisted"] * 47
    assert taken(gathering, event) == (3, 3)
    with gathering.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Ticket)) == 3
