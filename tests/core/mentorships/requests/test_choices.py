"""Ranked choices: the next in line is asked when what was open comes to nothing, and both are told."""

import pytest
from sqlalchemy import select

from wayfellow.errors import Conflict, NotFound
from wayfellow.mentorships.home import get_my_proposal
from wayfellow.mentorships.proposals import answer_proposal, take_back
from wayfellow.mentorships.requests.choices import next_choice
from wayfellow.mentorships.requests.mine import list_my_requests
from wayfellow.mentorships.requests.withdrawing import move_up, withdraw
from wayfellow.mentorships.standing import leave
from wayfellow.mentorships.states import move
from wayfellow.notify.models import Notice
from wayfellow.types import SYSTEM, MatchState, Role

FIRST = "I run our demand model alone since summer, and would like to learn how you brought other teams along."
SECOND = "Your years on night wards made me think: how did you lead tired people without wearing yourself out?"
THIRD = "I want to move from sketches to whole design systems. Could we look at one of mine together sometimes?"


@pytest.fixture
def line(world, asking):
    """Give Mio, who asked One, and has Two and Three in line."""
    asking.rules(open_requests=1)
    mio, *mentors = world.mentee("Mio"), world.mentor("One"), world.mentor("Two"), world.mentor("Three")
    requests = [
        asking.ask(mio, mentor, message, in_line=bool(place))
        for place, (mentor, message) in enumerate(zip(mentors, (FIRST, SECOND, THIRD), strict=True))
    ]
    return mio, mentors, requests


def test_a_no_asks_the_next_and_both_are_told(asking, line, clock) -> None:
    mio, (one, two, three), requests = line
    assert asking.states() == {("Mio", "One"): "requested", ("Mio", "Two"): "queued", ("Mio", "Three"): "queued"}
    clock.move(days=3)
    asking.say(one, requests[0], False)
    assert asking.states() == {("Mio", "One"): "declined", ("Mio", "Two"): "requested", ("Mio", "Three"): "queued"}
    assert asking.subjects(two) == ["Mio asks you to be their mentor"]
    assert asking.subjects(three) == []
    assert asking.subjects(mio) == ["We asked your next choice: Two", "Not this time: One"]
    assert (asking.one(requests[1]).expires_at - clock()).days == 10


def test_what_ran_out_asks_the_next_once(world, asking, line) -> None:
    _mio, _, requests = line
    for _ in range(2):
        with world.deployment.transaction(SYSTEM) as tx:
            ended = asking.one(requests[0])
            if ended.state == MatchState.REQUESTED:
                ended = tx.session.merge(ended)
                move(tx, ended, MatchState.EXPIRED, world.programme_id)
            next_choice(tx, ended)
    assert asking.states() == {("Mio", "One"): "expired", ("Mio", "Two"): "requested", ("Mio", "Three"): "queued"}


def test_a_choice_that_is_not_possible_any_more_is_passed_over_kindly(world, asking, line) -> None:
    mio, (one, two, _three), requests = line
    world.block(two, mio)
    asking.say(one, requests[0], False)
    assert asking.states()["Mio", "Two"] == "superseded"
    assert asking.states()["Mio", "Three"] == "requested"
    assert "This can't go ahead: you and Two" in asking.subjects(mio)
    assert asking.subjects(two) == []


def test_an_accepted_pair_ends_what_else_the_mentee_asked_for(asking, line) -> None:
    asking.rules(open_requests=2)
    mio, (one, two, three), requests = line
    asking.do(mio, withdraw, requests[1])
    asking.ask(mio, two, SECOND)
    asking.say(one, requests[0], True)
    assert asking.states()["Mio", "Three"] == "superseded"
    assert asking.states()["Mio", "Two"] == "superseded"
    assert "No answer needed any more: Mio" in asking.subjects(two)
    assert asking.subjects(three) == []


def test_who_stands_in_line_to_be_asked_cannot_tell(asking, line) -> None:
    mio, (_one, two, _three), requests = line
    assert asking.read(two, list_my_requests) == []
    for look in (lambda tx: get_my_proposal(tx, requests[1]), lambda tx: answer_proposal(tx, requests[1], True)):
        with pytest.raises(NotFound):
            asking.do(two, look)
    asking.do(mio, withdraw, requests[1])
    assert asking.read(two, list_my_requests) == []
    assert asking.subjects(two) == []


def test_taking_back_what_is_open_asks_the_next_and_tells_the_other(asking, line) -> None:
    mio, (one, two, _three), requests = line
    for _ in range(5):
        asking.do(mio, withdraw, requests[0])
    assert asking.states() == {("Mio", "One"): "withdrawn", ("Mio", "Two"): "requested", ("Mio", "Three"): "queued"}
    assert asking.subjects(one) == ["Mio asks you to be their mentor", "No answer needed any more: Mio"]
    with pytest.raises(NotFound):
        asking.do(two, withdraw, requests[1])
    asking.say(two, requests[1], False)
    with pytest.raises(Conflict, match="answered or has run out"):
        asking.do(mio, withdraw, requests[1])


def test_who_asked_takes_the_request_back_and_not_their_yes(asking, line) -> None:
    mio, _, requests = line
    with pytest.raises(Conflict, match="Take the whole request back"):
        asking.do(mio, take_back, requests[0])
    assert not asking.read(mio, get_my_proposal, requests[0]).may_take_back


def test_the_line_is_put_in_another_order(asking, line) -> None:
    mio, (one, _two, _three), requests = line
    for _ in range(2):
        asking.do(mio, move_up, requests[2])
    shown = [view.other.name for view in asking.read(mio, list_my_requests)]
    assert shown == ["One", "Three", "Two"]
    asking.say(one, requests[0], False)
    assert asking.states()["Mio", "Three"] == "requested"
    with pytest.raises(Conflict, match="does not stand in line"):
        asking.do(mio, move_up, requests[2])


def test_when_a_mentor_leaves_the_next_is_asked_and_nobody_in_line_hears(asking, line) -> None:
    mio, (one, _two, three), _requests = line
    asking.do(one, leave, asking.member(one).id)
    assert asking.states() == {("Mio", "One"): "superseded", ("Mio", "Two"): "requested", ("Mio", "Three"): "queued"}
    asking.do(mio, leave, asking.member(mio).id)
    assert set(asking.states().values()) == {"superseded"}
    assert asking.subjects(three) == []


def test_no_notice_speaks_of_a_no_or_its_reason(world, asking, line) -> None:
    mio, (one, *_), requests = line
    asking.say(one, requests[0], False)
    with world.deployment.reading(SYSTEM) as tx:
        bodies = tx.session.scalars(select(Notice.body).where(Notice.person_id == mio)).all()
    assert not any("no_time" in body for body in bodies)
    assert world.actor(one, Role.MENTOR).person_id == one


def test_when_the_last_place_goes_other_requests_end_and_the_next_choice_is_asked(world, asking) -> None:
    asking.rules(open_requests=1)
    mio, zoe, full, free = world.mentee("Mio"), world.mentee("Zoe"), world.mentor("Full", 1), world.mentor("Free")
    late, early = asking.ask(mio, full, FIRST), asking.ask(zoe, full, SECOND)
    asking.ask(mio, free, THIRD, in_line=True)
    asking.say(full, early, True)
    assert asking.states()["Mio", "Full"] == "superseded"
    with pytest.raises(Conflict):
        asking.say(full, late, True)
    assert asking.states()["Mio", "Free"] == "requested"
    assert asking.subjects(mio)[-1] == "This can't go ahead: you and Full"
    assert asking.subjects(free) == ["Mio asks you to be their mentor"]


def test_an_agreed_conversation_is_told_as_one(world, asking) -> None:
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    asking.say(maja, asking.talk(mio, maja), True)
    assert asking.subjects(mio) == ["You and Maja are going to talk"]
