"""Tell me more, and the reply: the time to answer stands still in between."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.mentorships.models import Remark
from wayfellow.mentorships.requests.mine import get_my_request
from wayfellow.mentorships.requests.remarks import ask_more, reply
from wayfellow.types import SYSTEM

QUESTION = "What have you tried so far?"
REPLY = "Two dashboards that nobody looked at."


@pytest.fixture
def pair(world, asking):
    mio, maja = world.mentee("Mio"), world.mentor("Maja")
    return mio, maja, asking.ask(mio, maja)


def test_the_clock_stands_still_until_the_reply(world, asking, pair, clock) -> None:
    mio, maja, request = pair
    due = asking.one(request).expires_at
    clock.move(days=2)
    asking.do(maja, ask_more, request, QUESTION)
    assert asking.states() == {("Mio", "Maja"): "more_info"}
    assert asking.subjects(mio) == ["Maja would like to hear more"]
    assert asking.read(mio, get_my_request, request).may_reply
    clock.move(days=20)
    asking.do(mio, reply, request, REPLY)
    assert asking.one(request).expires_at == due + timedelta(days=20)
    view = asking.read(maja, get_my_request, request)
    assert [(one.mine, one.text) for one in view.remarks] == [(True, QUESTION), (False, REPLY)]
    assert asking.subjects(maja) == ["Mio asks you to be their mentor", "Mio has replied to you"]
    asking.say(maja, request, True)
    assert asking.states() == {("Mio", "Maja"): "accepted"}


def test_each_five_times_is_once_and_a_second_question_is_possible(world, asking, pair) -> None:
    mio, maja, request = pair
    for _ in range(5):
        asking.do(maja, ask_more, request, QUESTION)
    for _ in range(5):
        asking.do(mio, reply, request, REPLY)
    asking.do(maja, ask_more, request, "And whom did you ask about it?")
    with world.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Remark)) == 3
    assert len(asking.subjects(mio)) == 2
    assert len(asking.subjects(maja)) == 2


def test_each_side_says_only_what_is_theirs_to_say(world, asking, pair) -> None:
    mio, maja, request = pair
    stranger = world.mentee("Stranger")
    with pytest.raises(Conflict, match="not sent"):
        asking.do(mio, ask_more, request, QUESTION)
    with pytest.raises(Conflict, match="not sent"):
        asking.do(mio, reply, request, REPLY)
    with pytest.raises(NotFound):
        asking.do(stranger, ask_more, request, QUESTION)
    with pytest.raises(InvalidInput, match="a few words"):
        asking.do(maja, ask_more, request, "   ")
    asking.do(maja, ask_more, request, QUESTION)
    with pytest.raises(Conflict, match="not sent"):
        asking.do(maja, reply, request, REPLY)
