"""A pair of whom one blocked the other is in no list of either, is matched by nothing, and no mail tells of it."""

from dataclasses import replace

import pytest
from mail_sink import sending
from sqlalchemy import select

from wayfellow.errors import Conflict, WayfellowError
from wayfellow.mentorships.chats import list_my_chats
from wayfellow.mentorships.home import list_my_proposals
from wayfellow.mentorships.models import Asks, Consent, Mentorship, Origin, Proposal, TieKind
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.publishing import publish_run
from wayfellow.mentorships.requests.asking import ask
from wayfellow.mentorships.requests.choices import next_choice
from wayfellow.mentorships.requests.directory import Query, list_directory
from wayfellow.mentorships.requests.fits import read_fits
from wayfellow.mentorships.requests.mine import list_my_requests
from wayfellow.mentorships.requests.parts import list_parts
from wayfellow.mentorships.staff.by_hand import ByHand, propose
from wayfellow.mentorships.staff.deciding import approve, propose_again
from wayfellow.mentorships.states import ALLOWED
from wayfellow.programmes.rules import save_rules
from wayfellow.types import SYSTEM, MatchState, Role

STATES = sorted(set(ALLOWED) | {MatchState.DECLINED, MatchState.EXPIRED, MatchState.WITHDRAWN, MatchState.SUPERSEDED})
MESSAGE = "I run our demand model alone since summer, and would like to learn how you brought other teams along."


@pytest.fixture
def blocked(world, server):
    """Give Ada and Cy, who asked for everything to be open, and of whom Cy blocked Ada."""
    world.deployment = replace(sending(world.deployment, server).deployment, host=world.deployment.host)
    ada, cy = world.mentor("Ada", 2, expertise="sql"), world.mentee("Cy", "sql")
    with world.deployment.transaction(SYSTEM) as tx:
        rules = {"mentees_ask": True, "mentors_offer": True, "conversations": True}
        save_rules(tx, world.programme_id, rules | {"cooldown_days": 0})
    world.block(cy, ada)
    return world.actor(ada, Role.MENTOR), world.actor(cy, Role.MENTEE)


def store(world, blocked, state, **more):
    """Put a proposal of the two into a state, as it may stand from before people could block each other."""
    ada, cy = blocked
    with world.deployment.transaction(SYSTEM) as tx:
        now = tx.now()
        pair = {"cycle_id": world.cycle_id, "mentee_id": cy.person_id, "mentor_id": ada.person_id, "expires_at": now}
        one = Proposal(**(pair | more), state=state, created_at=now, changed_at=now)
        tx.session.add(one)
        tx.session.flush()
        for person in (ada, cy):
            tx.session.add(Consent(proposal_id=one.id, person_id=person.person_id, agrees=True, given_at=now))
        return one.id


def names_in_lists(world, actor):
    with world.deployment.reading(actor) as tx:
        found = [*list_my_proposals(tx), *list_my_requests(tx), *list_my_chats(tx)]
        names = {one.other.name for one in found}
        for part in list_parts(tx):
            cards = list_directory(tx, part, read_fits(tx, part), Query()).cards
            names |= {card.person.name for card in cards.items}
        return names


@pytest.mark.parametrize("origin", [Origin.RUN, Origin.REQUEST])
def test_no_list_and_no_mail_knows_of_the_pair_in_any_state(world, blocked, sink, clock, origin):
    ada, cy = blocked
    asked = {"asked_by": cy.person_id, "asked_at": clock(), "message": MESSAGE} if origin == Origin.REQUEST else {}
    for state in STATES:
        store(world, blocked, state, origin=origin, **asked)
    for days in (0, 40):
        clock.move(days=days)
        world.work()
        assert "Cy" not in names_in_lists(world, ada)
        assert "Ada" not in names_in_lists(world, cy)
    assert [mail["Subject"] for mail in sink.mails if "Ada" in mail["Subject"] or "Cy" in mail["Subject"]] == []


def test_nothing_matches_the_pair(world, blocked, sink):
    ada, cy = blocked
    world.run([(cy.person_id, ada.person_id, 0.9)])
    run = world.proposals()[0].run_id
    waiting = store(world, blocked, MatchState.AWAITING_ADMIN)
    expired = store(world, blocked, MatchState.EXPIRED)
    queued = store(world, blocked, MatchState.QUEUED, origin=Origin.REQUEST, asked_by=cy.person_id)
    parts = {}
    for actor in blocked:
        with world.deployment.reading(actor) as tx:
            [parts[actor.name]] = list_parts(tx)

    def refuses(actor, act, *more):
        with pytest.raises(WayfellowError) as refused, world.deployment.transaction(actor) as tx:
            act(tx, *more)
        assert "block" not in str(refused.value).lower()
        return refused.value

    assert isinstance(refuses(SYSTEM, publish_run, run), Conflict)
    refuses(SYSTEM, propose_again, expired)
    for asks in (Asks.BOTH, Asks.NOBODY):
        refuses(SYSTEM, propose, world.cycle_id, ByHand(cy.person_id, ada.person_id, asks, "Because."))
    refuses(cy, ask, parts["Cy"].membership_id, ada.person_id, MESSAGE)
    refuses(ada, ask, parts["Ada"].membership_id, cy.person_id, MESSAGE)
    with world.deployment.transaction(SYSTEM) as tx:
        ended = tx.session.get_one(Proposal, queued)
        assert next_choice(tx, ended) is None
        assert approve(tx, [waiting]) == (0, 1)
    with world.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(Mentorship)).all() == []


def test_a_yes_that_comes_late_begins_nothing(world, blocked):
    _, cy = blocked
    number = store(world, blocked, MatchState.PROPOSED, kind=TieKind.MENTORSHIP)
    with world.deployment.transaction(SYSTEM) as tx:
        consent = tx.session.scalars(select(Consent).where(Consent.person_id == cy.person_id)).one()
        tx.session.delete(consent)
    with world.deployment.transaction(cy) as tx:
        assert answer_proposal(tx, number, True).state is MatchState.SUPERSEDED
    with world.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(Mentorship)).all() == []
