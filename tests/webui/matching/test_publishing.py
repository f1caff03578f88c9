"""Publishing: once, by one person, all or nothing, and the board after it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from web_board import Board

from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.views import DeclineReason
from wayfellow.programmes.members import set_capacity
from wayfellow.programmes.models import Membership
from wayfellow.types import SYSTEM, Actor, Role, RoleGrant

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def run_id(board: Board) -> int:
    return board.run(board.crowd(3))


@pytest.fixture
def at(run_id: int) -> str:
    return f"/p/bridges/matching/{run_id}/"


def answer(board: Board, name: str, mentee: str, agrees: bool, note: str = "") -> None:
    grant = RoleGrant(Role.MENTOR if name.startswith("Mentor") else Role.MENTEE, board.world.programme_id)
    actor = Actor(board.world.people[name], name, frozenset({grant}))
    with board.deployment.transaction(actor) as tx:
        reason = None if agrees else DeclineReason.NO_TIME
        answer_proposal(tx, board.proposal(mentee), agrees, reason, note)


def test_the_preview_says_who_reads_what_and_changes_nothing(sign_in: SignIn, at: str, board: Board) -> None:
    page = sign_in("Ruth").get(f"{at}publish").text
    assert "Publish 3 pairs?" in page
    assert "We found a mentor for you: Mentor 000" in page
    assert "We found a mentee for you: Mentee 000" in page
    assert set(board.states().values()) == {"drafted"}


def test_the_letters_of_each_pair_can_be_read_before_publishing(sign_in: SignIn, at: str) -> None:
    ruth = sign_in("Ruth")
    assert f'rel="next" href="{at}publish?page=2"' in ruth.get(f"{at}publish").text
    second = ruth.get(f"{at}publish?page=2").text
    assert "pair 2 of 3, best score first" in second
    assert "We found a mentor for you: Mentor 001" in second
    assert "Mentor 000" not in second
    last = ruth.get(f"{at}publish?page=99").text
    assert "pair 3 of 3" in last
    assert 'rel="next"' not in last


def test_of_two_coordinators_the_second_reads_who_was_first(sign_in: SignIn, at: str, board: Board) -> None:
    ruth, ada = sign_in("Ruth"), sign_in("Ada")
    ada.get(f"{at}publish")
    page = ruth.post(f"{at}publish", follow_redirects=True).text
    assert "3 pairs are published, and both sides were told." in page
    page = ada.post(f"{at}publish", follow_redirects=True).text
    assert "Ruth Example published run 1 on" in page
    assert "3 pairs published" in page
    assert set(board.states().values()) == {"proposed"}


def test_a_published_board_only_tells(sign_in: SignIn, at: str, board: Board, run_id: int) -> None:
    board.publish(run_id)
    ruth, pair = sign_in("Ruth"), board.proposal("Mentee 000")
    page = ruth.get(at).text
    for act in ("Exclude", "Replace", "Tick ", "Publish 3"):
        assert act not in page
    assert ruth.get(f"{at}publish").status_code == 302
    page = ruth.post(f"{at}pairs/{pair}/exclude", follow_redirects=True).text
    assert "is published, so its pairs can&#39;t be changed here. Start a new run." in page
    assert "stay as they are" in ruth.get(f"{at}pairs/{pair}/replace").text
    assert "Use instead" not in ruth.get(f"{at}pairs/{pair}").text


def test_the_board_tells_how_people_answered(sign_in: SignIn, at: str, board: Board, run_id: int) -> None:
    board.publish(run_id)
    answer(board, "Mentee 000", "Mentee 000", True)
    answer(board, "Mentor 000", "Mentee 000", True)
    answer(board, "Mentor 001", "Mentee 001", False, "Ask me <b>in May</b>.")
    ruth = sign_in("Ruth")
    page = ruth.get(at).text
    assert "Both said yes" in page
    assert "Mentor 001 said not now on" in page
    assert "I have no time at the moment" in page
    assert "Ask me &lt;b&gt;in May&lt;/b&gt;." in page
    assert "Mentor 002 has not answered yet." in page
    for tab, name in (("accepted", "Mentee 000"), ("ended", "Mentee 001"), ("waiting", "Mentee 002")):
        page = ruth.get(f"{at}?tab={tab}").text
        assert page.count('<li class="pair-row') == 1
        assert f'Why<span class="vh"> {name}' in page


def test_pairs_that_do_not_hold_are_named_and_may_be_left_out(sign_in: SignIn, at: str, board: Board) -> None:
    with board.deployment.transaction(SYSTEM) as tx:
        member = tx.session.query(Membership).filter_by(person_id=board.world.people["Mentor 001"]).one()
        set_capacity(tx, member.id, 0)
    ruth = sign_in("Ruth")
    assert "The mentor has no place left." in ruth.get(f"{at}publish").text
    page = ruth.post(f"{at}publish", follow_redirects=True).text
    assert "One pair does not hold any more, and nothing was published: Mentee 001 and Mentor 001" in page
    assert set(board.states().values()) == {"drafted"}
    page = ruth.post(f"{at}publish", data={"leave_out": "1"}, follow_redirects=True).text
    assert "2 pairs are published, and both sides were told. 1 pair stayed out." in page
    assert "Not published" in page


def test_a_run_without_pairs_has_nothing_to_publish(sign_in: SignIn, board: Board) -> None:
    run_id = board.run([])
    page = sign_in("Ruth").get(f"/p/bridges/matching/{run_id}/publish").text
    assert "There is nothing to publish" in page
