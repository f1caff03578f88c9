"""What the pages of a run say of the pairs that were not made, how fair it is, and what a run would miss."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from web_board import Board

from wayfellow.matching.models import Candidate, MatchRun
from wayfellow.types import SYSTEM, Role

SignIn = Callable[[str], FlaskClient]
FAIR = {
    "first": 0.31,
    "tenth": 0.4,
    "gini": 0.125,
    "idle": 2,
    "full": 1,
    "busiest": 1,
    "top_mentors": 1,
    "top_share": 0.5,
    "floor": 0.3,
    "floor_price": 0.02,
}
FULL = {"obstacle": "full", "lowest": 0.7, "cost": 0.12, "people": 0, "plugin": ""}
RULE = {"obstacle": "rule", "lowest": None, "cost": None, "people": 0, "plugin": "zones"}


@pytest.fixture
def at(board: Board) -> str:
    """Return the address of a run: Pia with Ben, though Abe scored higher and Cat is forbidden; Lou alone."""
    for name in ("Abe", "Ben", "Cat"):
        board.person(name, Role.MENTOR, 1, "sql")
    for name in ("Pia", "Quinn", "Lou"):
        board.person(name, Role.MENTEE, says="sql")
    run_id = board.run([("Pia", "Ben", 0.4), ("Quinn", "Abe", 0.7)], [("Pia", "Abe", 0.6)], [("Lou", "all_full")])
    ids = board.world.people
    ways = [
        {"way": "places", "matched": 1, "mentees": [ids["Lou"]], "mentor": ids["Abe"], "places": 1, "plugin": ""},
        {"way": "rule", "matched": 2, "mentees": [ids["Lou"]], "mentor": None, "places": 0, "plugin": "zones"},
    ]
    with board.deployment.transaction(SYSTEM) as tx:
        run = tx.session.get_one(MatchRun, run_id)
        run.summary = {**run.summary, "fairness": FAIR, "relaxations": ways}
        for one in tx.session.scalars(select(Candidate).where(Candidate.mentee_id == ids["Pia"])):
            one.rank_for_mentor = 1
            one.reasons = {"barred": [[ids["Cat"], 0.9, RULE]]} if one.assigned else {"why_not": FULL}
    return f"/p/bridges/matching/{run_id}/"


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_a_pair_says_why_not_the_better_ones(sign_in: SignIn, at: str, board: Board) -> None:
    page = read(sign_in("Ruth"), f"{at}pairs/{board.proposal('Pia')}")
    assert "The places went to Quinn (70). With this pair, all pairs together would lose 12 points." in page
    assert "Scored higher, but not allowed" in page
    assert "Forbidden by the rule of zones." in page
    assert "and the best mentee for Ben" in page


def test_the_board_and_the_list_say_what_would_help(sign_in: SignIn, at: str) -> None:
    ruth = sign_in("Ruth")
    for page in (read(ruth, at), read(ruth, f"{at}unmatched/")):
        assert "1 more place with Abe would match Lou." in page
        assert "Without the rules of zones, Lou and 1 more could have a mentor with a place." in page


def test_the_board_says_how_fair_a_run_is(sign_in: SignIn, at: str) -> None:
    page = read(sign_in("Ruth"), at)
    assert '<dt>One pair in ten is at or below</dt><dd class="num">40</dd>' in page
    assert '<dt>Nobody gets less than</dt><dd class="num">30</dd>' in page
    assert "First choices that fall on the most wanted mentor</dt>" in page


def test_before_a_run_gaps_are_named(sign_in: SignIn, board: Board, at: str) -> None:
    page = read(sign_in("Ruth"), "/p/bridges/matching/")
    assert "who wrote nothing" in page
    assert f'<a href="/p/bridges/people/{board.world.people["Mia"]}' in page
