"""Trying something else: the form, the comparison that it leads to, and deciding about the try."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from web_board import Board

from wayfellow.deployment import Deployment
from wayfellow.matching.runs import get_run
from wayfellow.matching.views import RunView
from wayfellow.types import SYSTEM, Role
from wayfellow.worker import make_worker

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[str], FlaskClient]
INDEX = "/p/bridges/matching/"
ASKED = {"objective": "best_total", "floor": "1", "incumbent_bonus": "12,5", "keep_locks": "1"}


@pytest.fixture
def first(board: Board) -> int:
    """Make a run under review: Pia has Gus and Sol has Ida."""
    for name in ("Pia", "Sol"):
        board.person(name, Role.MENTEE, 1, "forecasting")
    for name in ("Gus", "Ida"):
        board.person(name, Role.MENTOR, 1, "forecasting")
    return board.run([("Pia", "Gus", 0.88), ("Sol", "Ida", 0.5)], seed=7)


def work(deployment: Deployment) -> None:
    while make_worker(deployment).run_once():
        pass


def run_of(deployment: Deployment, run_id: int) -> RunView:
    with deployment.reading(SYSTEM) as tx:
        return get_run(tx, run_id)


@pytest.fixture
def tried(board: Board, first: int) -> int:
    """Store a try that changes the mentors round."""
    asked = {"objective": "best_total", "floor": True, "incumbent_bonus": 0.125}
    settings = {"match": asked, "try_out_of": first, "try_state": "open"}
    return board.run([("Pia", "Ida", 0.7), ("Sol", "Gus", 0.6)], settings=settings)


def test_the_form_says_what_the_run_aimed_at_and_a_try_of_it_what_was_tried(
    sign_in: SignIn, first: int, tried: int
) -> None:
    ruth = sign_in("Ruth")
    assert f'href="{INDEX}{first}/try"' in ruth.get(f"{INDEX}{first}/").text
    page = ruth.get(f"{INDEX}{first}/try").text
    assert "Try something else than run 1" in page
    assert '<option value="most_people" selected>' in page
    assert 'value="5"' in page
    page = ruth.get(f"{INDEX}{tried}/try").text
    assert "Try something else than run 1" in page, "a try is tried again from where it came"
    assert '<option value="best_total" selected>' in page
    assert 'value="12.5"' in page


def test_a_try_shows_its_progress_and_then_the_comparison(sign_in: SignIn, deployment: Deployment, first: int) -> None:
    ruth = sign_in("Ruth")
    answer = ruth.post(f"{INDEX}{first}/try", data=ASKED)
    assert answer.location.endswith(f"/compare?than={first}")
    waiting = ruth.get(answer.location).text
    assert "A try of run 1, which stays as it is." in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    work(deployment)
    page = " ".join(ruth.get(answer.location).text.split())
    assert "between run 1 and run 2" in page or "Run 1 and run 2 have the same pairs" in page
    assert "of last time moved, of 2 whose people take part." in page
    assert "Run 2 is a try of run 1: it replaces nothing" in page
    assert "The best total, even if fewer people have a mentor" in page
    assert "12.5%" in page
    assert "Use this run instead" in page


def test_the_try_is_asked_what_the_form_says(sign_in: SignIn, deployment: Deployment, first: int) -> None:
    answer = sign_in("Ruth").post(f"{INDEX}{first}/try", data=ASKED)
    run = run_of(deployment, int(answer.location.split("/")[-2]))
    asked = run.settings
    assert (asked.objective, asked.floor, asked.incumbent_bonus) == ("best_total", True, 0.125)
    assert (run.seed, run.try_of, run.kept_from) == (7, first, first)


@pytest.mark.parametrize("bonus", ["", "many", "-1", "101", "nan", "1e400"])
def test_a_bonus_that_is_none_is_refused_beside_its_field_and_what_was_typed_stays(
    bonus: str, sign_in: SignIn, first: int
) -> None:
    answer = sign_in("Ruth").post(f"{INDEX}{first}/try", data={"objective": "best_total", "incumbent_bonus": bonus})
    assert answer.status_code == 422
    assert "Give a number from 0 to 100." in answer.text
    assert f'value="{bonus}"' in answer.text
    assert '<option value="best_total" selected>' in answer.text
    assert 'name="floor" value="1">' in answer.text


def test_an_objective_that_nobody_knows_is_refused(sign_in: SignIn, first: int) -> None:
    answer = sign_in("Ruth").post(f"{INDEX}{first}/try", data={"objective": "mine", "incumbent_bonus": "3"})
    assert answer.status_code == 422
    assert "give most_people or best_total" in answer.text


def test_the_board_of_a_try_is_to_be_looked_at(sign_in: SignIn, board: Board, first: int, tried: int) -> None:
    ruth = sign_in("Ruth")
    page = ruth.get(f"{INDEX}{tried}/").text
    assert "2 pairs to look at" in page
    for act in ("/lock", "/exclude", "/replace", "/publish", "Ticked pairs", "Run again", "Find a mentor"):
        assert act not in page
    pair = ruth.get(f"{INDEX}{tried}/pairs/{board.proposal('Pia')}").text
    assert "so its pairs can be looked at, not changed" in pair
    assert ruth.get(f"{INDEX}{tried}/publish").location == f"{INDEX}{tried}/"
    refused = ruth.post(f"{INDEX}{tried}/publish", follow_redirects=True).text
    assert "Run 2 is a try, so it can&#39;t be published" in refused
    listed = ruth.get(INDEX).text
    assert "a try of run 1" in listed
    assert f'href="{INDEX}{tried}/compare?than={first}"' in listed


def test_a_try_is_used_and_that_is_taken_back(sign_in: SignIn, deployment: Deployment, first: int, tried: int) -> None:
    ruth = sign_in("Ruth")
    page = ruth.post(f"{INDEX}{tried}/use", follow_redirects=True).text
    assert "Run 2 is in place of run 1 now." in page
    assert "2 pairs to review" in page
    assert "No pair is left" in ruth.get(f"{INDEX}{first}/").text
    act = page.split('name="acts" value="')[1].split('"')[0]
    page = ruth.post(f"{INDEX}{tried}/take-back", data={"acts": act}, follow_redirects=True).text
    assert "Run 2 is a try again, and the pairs of run 1 are back." in page
    assert "2 pairs to review" in ruth.get(f"{INDEX}{first}/").text
    assert run_of(deployment, tried).is_try


def test_a_try_is_thrown_away_and_brought_back(sign_in: SignIn, first: int, tried: int) -> None:
    ruth = sign_in("Ruth")
    answer = ruth.post(f"{INDEX}{tried}/throw-away")
    assert answer.location == f"{INDEX}{first}/"
    page = ruth.get(answer.location).text
    assert "Run 2 is thrown away." in page
    act = page.split('name="acts" value="')[1].split('"')[0]
    thrown = ruth.get(f"{INDEX}{tried}/").text
    assert "is thrown away. It changed nothing." in thrown
    assert "Use this run instead" not in thrown
    assert "a try of run 1, thrown away" in ruth.get(INDEX).text
    ruth.post(f"{INDEX}{tried}/take-back", data={"acts": act})
    assert "2 pairs to look at" in ruth.get(f"{INDEX}{tried}/").text


def test_a_try_that_is_too_late_says_so(sign_in: SignIn, board: Board, first: int, tried: int) -> None:
    board.publish(first)
    ruth = sign_in("Ruth")
    page = ruth.post(f"{INDEX}{tried}/use", follow_redirects=True).text
    assert "Run 1 is published, so nothing can take its place." in page
    assert ruth.get(f"{INDEX}{first}/try").location == f"{INDEX}{first}/"
    assert "Try something else" not in ruth.get(f"{INDEX}{first}/").text


def test_a_failed_try_offers_to_try_again(sign_in: SignIn, board: Board, first: int) -> None:
    failed = board.run([], state="failed", settings={"try_out_of": first, "try_state": "open"})
    for page in ("", "compare"):
        shown = sign_in("Ruth").get(f"{INDEX}{failed}/{page}").text
        assert f'href="{INDEX}{failed}/try">Try again' in shown


def test_the_overview_and_the_index_go_by_the_run_under_review(
    sign_in: SignIn, deployment: Deployment, first: int, tried: int
) -> None:
    ruth = sign_in("Ruth")
    assert "2 pairs wait for your review." in ruth.get("/p/bridges/").text
    page = ruth.get(INDEX).text
    assert "Run again, keep what is locked" in page
    assert f'<input type="hidden" name="keep" value="{first}">' in page


def test_after_publishing_the_index_offers_to_run_again(sign_in: SignIn, board: Board, first: int) -> None:
    board.publish(first)
    page = sign_in("Ruth").get(INDEX).text
    assert "Run again, keep what is published" in page
    assert "keep what is locked" not in page


@pytest.mark.parametrize("name", ["Mia", "Tom", "Otto"])
def test_others_try_nothing(name: str, sign_in: SignIn, first: int, tried: int) -> None:
    other = sign_in(name)
    assert other.get(f"{INDEX}{first}/try").status_code in (403, 404)
    for act in (f"{first}/try", f"{tried}/use", f"{tried}/throw-away"):
        assert other.post(INDEX + act).status_code in (403, 404)
