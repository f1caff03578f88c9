"""What people wrote to one another is theirs to take along, and goes with them."""

import json

from sqlalchemy import func, select

from wayfellow.mentorships.erasing import erase_me
from wayfellow.mentorships.models import Proposal, Remark
from wayfellow.mentorships.personal import collect_my_data
from wayfellow.mentorships.requests.fits import work_out_fits
from wayfellow.mentorships.requests.hiding import hide
from wayfellow.mentorships.requests.models import Fit, HiddenPerson
from wayfellow.mentorships.requests.parts import list_parts
from wayfellow.mentorships.requests.remarks import ask_more, reply
from wayfellow.people.models import Person
from wayfellow.types import SYSTEM
from wayfellow.worker import make_worker

FIRST = "I run our demand model alone since summer, and would like to learn how you brought other teams along."
SECOND = "Your years on night wards made me think: how did you lead tired people without wearing yourself out?"


def test_everybody_takes_their_own_words_along_and_nobody_learns_who_has_them_in_line(world, asking) -> None:
    asking.rules(open_requests=1)
    mio, maja, ines = world.mentee("Mio"), world.mentor("Maja"), world.mentor("Ines")
    request = asking.ask(mio, maja, FIRST)
    asking.ask(mio, ines, SECOND, in_line=True)
    asking.do(maja, ask_more, request, "What have you tried so far?")
    asking.do(mio, hide, ines)
    mine = asking.do(mio, collect_my_data)
    assert sorted(row["message"] for row in mine["requests"]) == [FIRST, SECOND]
    assert [row["hidden_id"] for row in mine["hidden"]] == [ines]
    assert mine["remarks"] == []
    theirs = asking.do(maja, collect_my_data)
    assert [row["text"] for row in theirs["remarks"]] == ["What have you tried so far?"]
    assert theirs["requests"] == []
    assert len(theirs["proposals"]) == 1
    waiting = asking.do(ines, collect_my_data)
    assert waiting["proposals"] == []
    assert SECOND not in json.dumps(waiting)


def test_who_erases_themselves_leaves_no_words_and_no_fit(world, asking) -> None:
    mio, maja = world.mentee("Mio", "forecasting"), world.mentor("Maja", 1, expertise="forecasting")
    request = asking.ask(mio, maja, FIRST)
    asking.do(maja, ask_more, request, "What have you tried so far?")
    asking.do(mio, reply, request, "Two dashboards, as it happens.")
    asking.do(maja, hide, mio)
    asking.do(maja, lambda tx: work_out_fits(tx, list_parts(tx)[0]))
    while make_worker(world.deployment).run_once():
        pass
    with world.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Fit)) == 1
        email = tx.session.get_one(Person, mio).email
    asking.do(mio, erase_me, email)
    with world.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(Proposal.message)).all() == [""]
        assert tx.session.scalars(select(Remark.person_id)).all() == [maja]
        assert [tx.session.scalar(select(func.count()).select_from(model)) for model in (Fit, HiddenPerson)] == [0, 0]
