"""Ask and offer: who may, what is refused, and that five times is once."""

import pytest
from sqlalchemy import func, select

from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.mentorships.models import Consent, Mentorship, Proposal
from wayfellow.notify.models import Notice
from wayfellow.people.models import FieldValue
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM

FIRST = "I run our demand model alone since summer, and would like to learn how you brought other teams along."
SECOND = "Your years on night wards made me think: how did you lead tired people without wearing yourself out?"
THIRD = "I want to move from sketches to whole design systems. Could we look at one of mine together sometimes?"
FOURTH = "Bridges fascinate me since school; I start as a site engineer in May and would love to hear about it."


def rows(world, *models) -> list[int]:
    with world.deployment.reading(SYSTEM) as tx:
        return [tx.session.scalar(select(func.count()).select_from(model)) for model in models]


def test_a_yes_to_a_request_makes_a_mentorship_since_asking_is_a_yes(world, asking) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    request = asking.ask(mio, maja, FIRST)
    assert asking.states() == {("Mio", "Maja"): "requested"}
    assert asking.subjects(maja) == ["Mio asks you to be their mentor"]
    assert asking.subjects(mio) == []
    asking.say(maja, request, True)
    with world.deployment.reading(SYSTEM) as tx:
        ship = tx.session.scalars(select(Mentorship)).one()
    assert (ship.mentee_id, ship.mentor_id, ship.kind, ship.state) == (mio, maja, "mentorship", "active")
    assert world.plugin.changed == [(request, None, "requested"), (request, "requested", "accepted")]


def test_an_offer_is_the_same_the_other_way_round(world, asking) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    request = asking.ask(maja, mio, FIRST)
    assert asking.subjects(mio) == ["Maja offers to be your mentor"]
    asking.say(mio, request, True)
    assert asking.states() == {("Mio", "Maja"): "accepted"}


def test_the_same_request_five_times_is_one(world, asking) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    asked = {asking.ask(mio, maja, FIRST) for _ in range(5)}
    assert len(asked) == 1
    assert rows(world, Proposal, Consent, Notice) == [1, 1, 1]
    with world.deployment.reading(SYSTEM) as tx:
        acts = tx.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [act for act in acts if act != "programme.changed"] == ["consent.given", "proposal.requested"]
    with pytest.raises(Conflict, match="asked this person already"):
        asking.ask(mio, maja, SECOND)


def test_who_was_asked_answers_instead_of_asking_back(world, asking) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    asking.ask(mio, maja, FIRST)
    with pytest.raises(Conflict, match="Answer on your home page"):
        asking.ask(maja, mio, SECOND)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("", "a few words of your own"),
        (" \n\t ", "a few words of your own"),
        ("Please be my mentor.", "20 characters are too few"),
        ("x" * 2001, "2,001 characters"),
    ],
)
def test_a_message_must_say_something(world, asking, message, why) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    with pytest.raises(InvalidInput, match=why) as caught:
        asking.ask(mio, maja, message)
    assert [problem.column for problem in caught.value.problems] == ["message"]
    assert rows(world, Proposal, Notice) == [0, 0]


def test_what_was_written_for_somebody_else_is_refused_even_with_another_name_in_it(world, asking) -> None:
    mio, maja, ines = world.mentee("Mio"), world.mentor("Maja Lind"), world.mentor("Ines Okafor")
    asking.ask(mio, maja, f"Dear Maja Lind, {FIRST}")
    for copied in (f"Dear Maja Lind, {FIRST}", f"DEAR INES,\n\n{FIRST.upper()}", f"Dear Ines Okafor: {FIRST}!"):
        with pytest.raises(InvalidInput, match="the same to somebody else"):
            asking.ask(mio, ines, copied)
    asking.ask(mio, ines, SECOND)


def test_what_stands_in_a_profile_is_refused(world, asking) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja", expertise=SECOND)
    with world.deployment.transaction(SYSTEM) as tx:
        tx.session.add(FieldValue(person_id=mio, field_id=world.fields["department"], value=FIRST))
    for copied in (FIRST, SECOND):
        with pytest.raises(InvalidInput, match="stands in a profile already"):
            asking.ask(mio, maja, copied)


def test_who_may_not_ask_is_told_so(world, asking) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    asking.rules(mentees_ask=False, mentors_offer=False)
    with pytest.raises(InvalidInput, match="does not allow that kind"):
        asking.ask(mio, maja)
    with pytest.raises(NotFound, match="can't look for anybody"):
        asking.ask(maja, mio)
    asking.rules(mentees_ask=True)
    world.change_member(mio, state="paused")
    with pytest.raises(NotFound, match="can't look for anybody"):
        asking.ask(mio, maja)


def test_nobody_asks_in_a_cycle_that_is_over(world, asking) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    world.set_cycle("completed")
    with pytest.raises(NotFound, match="can't look for anybody"):
        asking.ask(mio, maja)


def test_a_block_looks_like_nobody_being_there(world, asking) -> None:
    mio, maja, other = world.mentee("Mio"), world.mentor("Maja"), world.mentee("Other")
    world.block(maja, mio)
    with pytest.raises(NotFound, match="not here, or not for you to see"):
        asking.ask(mio, maja)
    with pytest.raises(NotFound, match="not here, or not for you to see"):
        asking.ask(other, 999_999)


def test_a_mentor_without_room_is_not_asked_but_has_time_for_a_conversation(world, asking) -> None:
    mio, zoe, maja = world.mentee("Mio"), world.mentee("Zoe"), world.mentor("Maja", 1)
    asking.say(maja, asking.ask(zoe, maja, FIRST), True)
    with pytest.raises(Conflict, match="no place free"):
        asking.ask(mio, maja, SECOND)
    asking.say(maja, asking.talk(mio, maja, SECOND), True)
    with world.deployment.reading(SYSTEM) as tx:
        kinds = tx.session.scalars(select(Mentorship.kind).order_by(Mentorship.id)).all()
    assert kinds == ["mentorship", "conversation"]


def test_who_has_a_mentor_asks_for_no_other_but_may_talk(world, asking) -> None:
    mio, maja, ines = world.mentee("Mio"), world.mentor("Maja"), world.mentor("Ines")
    asking.say(maja, asking.ask(mio, maja, FIRST), True)
    with pytest.raises(Conflict, match="has a mentor"):
        asking.ask(mio, ines, SECOND)
    assert asking.talk(mio, ines, SECOND)


def test_no_more_are_open_than_the_programme_allows_and_the_way_out_is_said(world, asking) -> None:
    mio = world.mentee("Mio")
    one, two, three, four = (world.mentor(name) for name in ("One", "Two", "Three", "Four"))
    asking.ask(mio, one, FIRST)
    asking.ask(mio, two, SECOND)
    with pytest.raises(Conflict, match=r"2 open, as many .* in line as your next choice, or take one back"):
        asking.ask(mio, three, THIRD)
    asking.ask(mio, three, THIRD, in_line=True)
    assert asking.subjects(three) == []
    asking.rules(choices=1)
    with pytest.raises(Conflict, match="1 stands in line already"):
        asking.ask(mio, four, FOURTH, in_line=True)


def test_a_line_with_nobody_in_front_is_no_line(world, asking) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    asking.ask(mio, maja, FIRST, in_line=True)
    assert asking.states() == {("Mio", "Maja"): "requested"}


def test_after_a_no_the_same_person_is_asked_again_only_later(world, asking, clock) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    asking.say(maja, asking.ask(mio, maja, FIRST), False)
    with pytest.raises(Conflict, match=r"from 21 February 2027"):
        asking.ask(mio, maja, SECOND)
    clock.move(days=91)
    assert asking.ask(mio, maja, FIRST)
