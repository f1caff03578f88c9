"""Whatever people do in whatever order, places add up, tickets match them, and nobody is passed over."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from wayfellow.errors import Conflict
from wayfellow.types import SYSTEM, Role
from wayfellow_events.events.models import Event, TicketType
from wayfellow_events.events.ticket_types import list_types
from wayfellow_events.registration.answering import accept_offer, cancel, decline, get_own, let_in
from wayfellow_events.registration.clockwork import expire_offers
from wayfellow_events.registration.models import Registration
from wayfellow_events.registration.registering import register
from wayfellow_events.tickets.models import Ticket, TicketState

NAMES = ("Ann", "Ben", "Cem", "Dia", "Eli")
ACTS = st.tuples(st.sampled_from(["come", "leave", "accept", "decline", "let in", "wait"]), st.sampled_from(NAMES))


def act(gathering, event, kind, what, who, clock) -> None:
    """Do one act as the person it belongs to; what can't be done now is refused, and changes nothing."""
    with gathering.deployment.reading(SYSTEM) as tx:
        mine = select(Registration).where(Registration.event_id == event.id)
        row = tx.session.scalar(mine.where(Registration.person_id == gathering.people[who]))
    if what == "wait":
        clock.move(hours=9)
        gathering.do(SYSTEM, expire_offers)
    elif what == "come":
        gathering.do(who, lambda tx: register(tx, event.id, kind))
    elif row is not None:
        hosts = {"decline": decline, "let in": let_in}
        own = {
            "leave": lambda tx: cancel(tx, *get_own(tx, row.id)),
            "accept": lambda tx: accept_offer(tx, *get_own(tx, row.id)),
        }
        if what in hosts:
            gathering.do("Cora", lambda tx: hosts[what](tx, row.id))
        else:
            gathering.do(who, own[what])


def check(gathering, event, beyond: int) -> None:
    with gathering.deployment.reading(SYSTEM) as tx:
        counted = select(Registration.state, func.count()).where(Registration.event_id == event.id)
        states = dict(tx.session.execute(counted.group_by(Registration.state)).all())
        holding = states.get("confirmed", 0) + states.get("offered", 0)
        now = tx.session.get_one(Event, event.id)
        of_kinds = select(func.sum(TicketType.taken)).where(TicketType.event_id == event.id)
        assert (now.taken, tx.session.scalar(of_kinds)) == (holding, holding)
        assert holding <= 2 + beyond
        assert holding >= 2 or not states.get("waitlisted"), "somebody waits though there is room"
        valid = select(func.count()).where(Ticket.event_id == event.id, Ticket.state == TicketState.VALID)
        assert tx.session.scalar(valid) == states.get("confirmed", 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_places_add_up_after_any_acts(gathering, clock):
    for name in NAMES:
        gathering.person(name, Role.MENTEE)
    numbers = iter(range(1_000))

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACTS, min_size=4, max_size=14))
    def holds(acts):
        start = clock.now
        event = gathering.event(title=f"Event {next(numbers)}", capacity=2)
        kind = gathering.do(SYSTEM, lambda tx: list_types(tx, event.id)[0].id)
        beyond = 0
        for what, who in acts:
            try:
                act(gathering, event, kind, what, who, clock)
            except Conflict:
                continue
            beyond += what == "let in"
            check(gathering, event, beyond)
        clock.now = start

    holds()
