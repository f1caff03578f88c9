"""A participant's home: what is shown and hidden, and every answer with what comes of it."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from web_board import Board

from wayfellow.goals.service import add_goal
from wayfellow.notify.service import tell
from wayfellow.people.blocks import block
from wayfellow.types import SYSTEM, Actor, Role, RoleGrant

SignIn = Callable[[str], FlaskClient]
WILD = '<img src=x onerror="alert(1)">'


@pytest.fixture
def run_id(board: Board) -> int:
    """Publish two pairs: Pia with Gus, and Sol with Gus, who has one place alone."""
    board.person("Pia", Role.MENTEE, says=f"I want to learn forecasting {WILD}")
    board.person("Sol", Role.MENTEE)
    board.person("Gus", Role.MENTOR, 2, f"Forecasting demand {WILD}")
    run_id = board.run([("Pia", "Gus", 0.88), ("Sol", "Gus", 0.5)])
    board.publish(run_id)
    return run_id


def place(board: Board, what: str, mentee: str = "Pia") -> str:
    return f"/home/proposals/{board.proposal(mentee)}/{what}"


def test_a_proposal_introduces_the_other_without_score_or_address(sign_in: SignIn, run_id: int) -> None:
    page = sign_in("Pia").get("/home/").text
    assert "1 proposal to answer" in page
    assert "Gus" in page
    assert "You two fit because you both speak of <mark>forecasting</mark> and <mark>sql</mark>." in page
    assert "<mark>Forecasting</mark> demand &lt;img" in page
    assert WILD not in page
    assert "88" not in re.sub(r'value="[^"]*"|\?v=\w+', "", page)
    assert "@example.org" not in page


def test_both_say_yes_and_are_a_pair(sign_in: SignIn, board: Board, run_id: int) -> None:
    pia, gus = sign_in("Pia"), sign_in("Gus")
    page = pia.post(place(board, "accept"), follow_redirects=True).text
    assert "You said yes. Now it is up to Gus." in page
    assert "Undo" in page
    assert "Pia said yes" in gus.get("/home/").text
    page = gus.post(place(board, "accept"), follow_redirects=True).text
    assert "You and Pia both said yes." in page
    for client, other in ((pia, "Gus"), (gus, "Pia")):
        home = client.get("/home/").text
        assert "Your mentorship" in home
        assert "mailto:" in home
        assert f"You and {other} are a pair" in home, "the notice"
    assert board.states()["Pia"] == "accepted"


def test_a_yes_is_taken_back_while_the_other_thinks(sign_in: SignIn, board: Board, run_id: int) -> None:
    pia = sign_in("Pia")
    pia.post(place(board, "accept"))
    page = pia.post(place(board, "take-back"), follow_redirects=True).text
    assert "Your yes is taken back. Answer Gus when you know." in page
    assert "Say yes to Gus" in page


def test_a_yes_can_not_be_taken_back_from_a_pair(sign_in: SignIn, board: Board, run_id: int) -> None:
    pia, gus = sign_in("Pia"), sign_in("Gus")
    pia.post(place(board, "accept"))
    gus.post(place(board, "accept"))
    page = pia.post(place(board, "take-back"), follow_redirects=True).text
    assert "This proposal has ended, so the answer can&#39;t change." in page
    assert board.states()["Pia"] == "accepted"


def test_a_no_needs_a_reason_and_keeps_what_was_typed(sign_in: SignIn, board: Board, run_id: int) -> None:
    pia = sign_in("Pia")
    assert "A no is fine." in pia.get(place(board, "decline")).text
    answer = pia.post(place(board, "decline"), data={"note": f"Not <b>this</b> year {WILD}"})
    assert answer.status_code == 422
    assert "Choose the reason that comes closest." in answer.text
    assert '<a href="#reason-no_time">' in answer.text
    assert "Not &lt;b&gt;this&lt;/b&gt; year" in answer.text
    long = pia.post(place(board, "decline"), data={"reason": "no_time", "note": "x" * 2001})
    assert long.status_code == 422
    assert '<a href="#note">' in long.text
    assert pia.post(place(board, "decline"), data={"reason": "no_time", "note": "a\0b"}).status_code == 422
    assert board.states()["Pia"] == "proposed"


def test_the_other_hears_a_kind_no_and_never_why(sign_in: SignIn, board: Board, run_id: int) -> None:
    pia, gus = sign_in("Pia"), sign_in("Gus")
    page = pia.post(
        place(board, "decline"), data={"reason": "wrong_expertise", "note": "secret"}, follow_redirects=True
    )
    assert "Thank you for saying so. Gus hears a kind word" in page.text
    home = gus.get("/home/").text
    assert "Not this time: Pia" in home
    assert "Pia can&#39;t take this on now." in home
    for page_of_gus in (home, gus.get("/notices/").text):
        assert "secret" not in page_of_gus
        assert "something else" not in page_of_gus
        assert "rejected" not in page_of_gus.lower()


@pytest.mark.parametrize("what", ["accept", "decline", "take-back"])
def test_proposals_of_others_do_not_exist(what: str, sign_in: SignIn, board: Board, run_id: int) -> None:
    for name in ("Mia", "Tom", "Ruth"):
        answer = sign_in(name).post(place(board, what), data={"reason": "no_time"})
        assert answer.status_code in (403, 404)
    assert board.states()["Pia"] == "proposed"


def test_drafts_are_invisible(sign_in: SignIn, board: Board) -> None:
    board.person("Pia", Role.MENTEE)
    board.person("Gus", Role.MENTOR)
    board.run([("Pia", "Gus", 0.8)])
    page = sign_in("Pia").get("/home/").text
    assert "Gus" not in page
    assert "Nobody is proposed to you yet" in page
    assert sign_in("Pia").post(place(board, "accept")).status_code == 404


def test_a_blocked_pair_is_hidden(sign_in: SignIn, board: Board, run_id: int) -> None:
    grant = frozenset({RoleGrant(Role.MENTEE, board.world.programme_id)})
    with board.deployment.transaction(Actor(board.world.people["Pia"], "Pia", grant)) as tx:
        block(tx, board.world.people["Gus"])
    page = sign_in("Pia").get("/home/").text
    assert "Say yes to Gus" not in page
    assert "Forecasting" not in page, "what Gus wrote"


def test_a_mentor_sees_places_taken(sign_in: SignIn, board: Board, run_id: int) -> None:
    page = sign_in("Gus").get("/home/").text
    assert "2 proposals to answer" in page
    assert "2 of 2 places" in page
    assert "All your places are taken or spoken for." in page
    assert "2 places are free." in sign_in("Tom").get("/home/").text


def test_ended_proposals_are_answered_no_more(sign_in: SignIn, board: Board, run_id: int) -> None:
    pia, gus = sign_in("Pia"), sign_in("Gus")
    gus.post(place(board, "decline"), data={"reason": "no_time"})
    page = pia.post(place(board, "accept"), follow_redirects=True).text
    assert "This proposal has ended, so the answer can&#39;t change. Gus can&#39;t take this on now." in page
    page = pia.get(place(board, "decline"), follow_redirects=True).text
    assert "There is nothing to decline now." in page
    assert "Earlier proposals" in page


def test_goals_are_achieved_and_set_aside_from_home(sign_in: SignIn, board: Board) -> None:
    mia = sign_in("Mia")
    with board.deployment.transaction(SYSTEM) as tx:
        goal = add_goal(tx, board.world.people["Mia"], f"Lead {WILD}").id
    page = mia.get("/home/").text
    assert "Lead &lt;img" in page
    assert WILD not in page
    answer = mia.post(f"/me/goals/{goal}/state", data={"state": "achieved", "next": "/home/"})
    assert answer.location == "/home/"
    assert "Open again" in mia.get("/home/").text
    answer = mia.post(f"/me/goals/{goal}/remove", data={"next": "/home/"}, follow_redirects=True)
    assert "is set aside." in answer.text
    assert '<input type="hidden" name="next" value="/home/">' in answer.text
    assert mia.post(f"/me/goals/{goal}/restore", data={"next": "https://evil.example"}).location == "/"
    assert "Lead &lt;img" in mia.get("/home/").text


def test_notices_are_read_from_home(sign_in: SignIn, board: Board) -> None:
    mia, other = sign_in("Mia"), board.world.people["Tom"]
    with board.deployment.transaction(SYSTEM) as tx:
        tell(tx, board.world.people["Mia"], key="one", subject=f"News {WILD}")
        tell(tx, other, key="two", subject="For Tom alone")
    page = mia.get("/home/").text
    assert "News &lt;img" in page
    assert "For Tom alone" not in page
    number = re.search(r"/notices/(\d+)/read", page)
    assert number is not None
    answer = mia.post(number[0], data={"next": "/home/"})
    assert answer.location == "/home/"
    assert "News" not in mia.get("/home/").text


def test_staff_without_a_part_are_told_what_home_is(sign_in: SignIn, board: Board) -> None:
    page = sign_in("Ruth").get("/home/").text
    assert "You take no part as mentor or mentee" in page
    assert "Add a goal" not in page


def test_home_takes_as_many_statements_for_many_proposals(sign_in: SignIn, board: Board, statements: list[str]) -> None:
    board.person("Gus", Role.MENTOR, 50)
    gus, counts = sign_in("Gus"), []
    for size in (2, 40):
        names = [f"Mentee {size}-{number}" for number in range(size)]
        for name in names:
            board.person(name, Role.MENTEE, says="forecasting")
        board.publish(board.run([(name, "Gus", 0.5) for name in names]))
        gus.get("/home/")
        statements.clear()
        page = gus.get("/home/").text
        assert page.count("Say yes to") >= size
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 45
