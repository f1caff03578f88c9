"""The pages of runs that are not one mentor for each mentee: several, peers, and chats."""

import csv
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from web_board import Board

from wayfellow.mentorships.chats import list_my_chats
from wayfellow.types import Actor, Role, RoleGrant

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[str], FlaskClient]
PAIRS = [("Pia", "Gus", 0.8), ("Pia", "Ida", 0.6), ("Sol", "Gus", 0.5)]
SEVERAL = {"match": {"mentors_per_mentee": 2}}
PEERS = {"match": {"mode": "peers", "pool": "mentees"}}
CHATS = {"match": {"mode": "chemistry", "chats": 2}}


@pytest.fixture
def people(board: Board) -> None:
    for name in ("Pia", "Sol"):
        board.person(name, Role.MENTEE, says="forecasting")
    for name in ("Gus", "Ida"):
        board.person(name, Role.MENTOR, 2, "forecasting")


@pytest.fixture
def chats(board: Board, people: None) -> int:
    run_id = board.run(PAIRS, settings=CHATS)
    board.publish(run_id)
    return run_id


def at(run_id: int, rest: str = "") -> str:
    return f"/p/bridges/matching/{run_id}/{rest}"


def test_the_board_counts_mentees_and_each_of_their_mentors(sign_in: SignIn, board: Board, people: None) -> None:
    run_id = board.run(PAIRS, [("Sol", "Ida", 0.3)], settings=SEVERAL)
    ruth = sign_in("Ruth")
    page = ruth.get(at(run_id)).text
    assert "3 pairs to review" in page
    assert "Mentor 1 of 2 for Pia" in page
    assert "Mentor 2 of 2 for Pia" in page
    assert "another mentor for Sol" in page
    assert "another mentor for Pia" not in page
    assert "up to 2 for each mentee" in page
    more = at(run_id, f"unmatched/{board.world.people['Sol']}")
    assert "Another mentor for Sol" in ruth.get(more).text
    board_again = ruth.post(more, data={"mentor": str(board.world.people["Ida"])}, follow_redirects=True).text
    assert "4 pairs to review" in board_again
    assert ruth.get(more).status_code == 404


def test_peers_are_partners_on_every_page(sign_in: SignIn, board: Board, people: None) -> None:
    run_id = board.run([("Pia", "Sol", 0.8)], [("Sol", "Pia", 0.8)], settings=PEERS)
    ruth = sign_in("Ruth")
    page = ruth.get(at(run_id)).text
    assert "people matched" in page
    assert "Mentees per mentor" not in page
    assert "Peers: Mentees among themselves" in page
    detail = ruth.get(at(run_id, f"pairs/{board.proposal('Pia')}")).text
    assert "The best partner for Pia" in detail
    assert "You are peers: neither of you is the mentor." in detail
    assert 'class="role' not in detail
    assert "Another partner for Pia" in ruth.get(at(run_id, f"pairs/{board.proposal('Pia')}/replace")).text
    assert "people are told" in ruth.get(at(run_id, "publish")).text
    rows = list(csv.reader(ruth.get(at(run_id, "pairs.csv")).text.lstrip("\ufeff").splitlines()))
    assert rows[0][:4] == ["person", "person_job_title", "partner", "partner_job_title"]
    board.publish(run_id)
    sol = sign_in("Sol")
    assert "A partner for you in" in sol.get("/home/").text
    for name in ("Pia", "Sol"):
        sign_in(name).post(f"/home/proposals/{board.proposal('Pia')}/accept")
    assert "Your partner" in sol.get("/home/").text


def test_only_runs_of_one_kind_are_compared(sign_in: SignIn, board: Board, people: None) -> None:
    board.run([("Pia", "Gus", 0.8)])
    run_id = board.run([("Pia", "Sol", 0.8)], settings=PEERS)
    assert "Nothing to compare" in sign_in("Ruth").get(at(run_id, "compare")).text


def test_chats_are_had_and_rated_on_both_home_pages(sign_in: SignIn, board: Board, chats: int) -> None:
    pia, gus = sign_in("Pia"), sign_in("Gus")
    home = pia.get("/home/").text
    assert home.count("How was your chat with") == 2
    assert "mailto:" in home
    assert "We fit very well" in home
    assert "I would like to be the mentor" in gus.get("/home/").text
    assert "Neither of you has answered yet" not in home
    chat = _chat(board, "Pia", "Gus")
    said = pia.post(f"/home/chats/{chat}/rate", data={"rating": "4"}, follow_redirects=True).text
    assert "Nobody else reads what you said." in said
    assert "You have said how it was" in said
    assert "You have said how it was" not in gus.get("/home/").text
    page = sign_in("Ruth").get(at(chats)).text
    assert "mentees have said of 1 how they were, and mentors of 0" in page
    assert "mode=rated" in page
    assert "Waiting for answers" not in page
    back = pia.post(f"/home/chats/{chat}/rate", data={"rating": "none"}, follow_redirects=True).text
    assert "is taken back" in back


@pytest.mark.parametrize("wrong", ["", "0", "9", "x", "-1", "999999999999"])
def test_what_can_not_be_said_of_a_chat_changes_nothing(sign_in: SignIn, board: Board, chats: int, wrong: str) -> None:
    url = f"/home/chats/{_chat(board, 'Pia', 'Gus')}/rate"
    page = sign_in("Pia").post(url, data={"rating": wrong}, follow_redirects=True).text
    assert "Choose what comes closest. Nothing was changed." in page
    assert "You have said how it was" not in page
    assert sign_in("Sol").post(url, data={"rating": "3"}).status_code == 404


def _chat(board: Board, mentee: str, mentor: str) -> int:
    people = board.world.people
    grant = RoleGrant(Role.MENTEE, board.world.programme_id)
    with board.deployment.reading(Actor(people[mentee], mentee, frozenset({grant}))) as tx:
        return next(one.id for one in list_my_chats(tx) if one.other.id == people[mentor])
