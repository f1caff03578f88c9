"""What the pages of a run say of the pairs that were not made, how fair it is, and what a run would miss."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from web_board import Board

from wayfellow.matching.models import Candidate, MatchRun, Unmatched
from wayfellow.people.models import Block
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
NAMED = {
    "obstacle": "rule",
    "rules": [{"plugin": "criteria", "label": "the criterion Languages in common", "finding": "No language in common"}],
}


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
            others = {"barred": [[ids["Cat"], 0.9, RULE]], "better": [[ids["Abe"], 0.6, 1, FULL]]}
            one.reasons = others if one.assigned else {"why_not": FULL}
        left = tx.session.scalars(select(Unmatched).where(Unmatched.mentee_id == ids["Lou"])).one()
        left.reasons = {"better": [[ids["Ben"], 0.3, 1, FULL]], "barred": [[ids["Cat"], 0.2, NAMED]]}
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
    assert "The best mentee for Ben." in page


def test_everyone_who_scored_higher_is_listed_with_why_not(sign_in: SignIn, at: str, board: Board) -> None:
    ruth, pia = sign_in("Ruth"), board.world.people["Pia"]
    assert "All 2 mentors who scored higher, and why not" in read(ruth, f"{at}pairs/{board.proposal('Pia')}")
    page = read(ruth, f"{at}better/{pia}")
    assert "The run chose Ben for Pia, with 40 of 100 and number 2 of those who may be matched." in page
    assert page.index("Forbidden by the rule of zones.") < page.index("The places went to Quinn (70).")


def test_who_was_left_over_reads_which_rule_forbids_whom(sign_in: SignIn, at: str, board: Board) -> None:
    page = read(sign_in("Ruth"), f"{at}better/{board.world.people['Lou']}")
    assert "The run left Lou without a mentor." in page
    assert "Forbidden by the criterion Languages in common: no language in common." in page


def test_nobody_behind_a_block_is_named(sign_in: SignIn, at: str, board: Board) -> None:
    ids = board.world.people
    with board.deployment.transaction(SYSTEM) as tx:
        tx.session.add(Block(person_id=ids["Cat"], blocked_id=ids["Lou"], created_at=tx.now()))
    page = read(sign_in("Ruth"), f"{at}better/{ids['Lou']}")
    assert "Ben" in page
    assert "Cat" not in page


def test_someone_without_a_part_in_the_run_is_not_found(sign_in: SignIn, at: str, board: Board) -> None:
    answer = sign_in("Ruth").get(f"{at}better/{board.world.people['Abe']}")
    assert answer.status_code == 404
    assert "This person had no part in the run as a mentee." in answer.text


def test_a_run_that_prices_nothing_says_why(sign_in: SignIn, at: str, board: Board) -> None:
    with board.deployment.transaction(SYSTEM) as tx:
        run = tx.session.scalars(select(MatchRun)).one()
        run.summary = {**run.summary, "unpriced": "quotas"}
    page = read(sign_in("Ruth"), f"{at}pairs/{board.proposal('Pia')}")
    assert "What another pair would have cost, and what would help, is not worked out in a run with quotas." in page


def test_the_board_is_searched_by_the_words_of_reasons(sign_in: SignIn, at: str) -> None:
    ruth = sign_in("Ruth")
    for query, found in (("Forecast", ("Pia", "Quinn")), ("sql quinn", ("Quinn",)), ("gardening", ())):
        page = read(ruth, f"{at}?q={query}")
        assert [name for name in ("Pia", "Quinn") if f"Tick {name}" in page] == list(found)
        assert f'value="{query}"' in page


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
