"""Asking for runs: what the index says before, what progress says during, and who may."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from web_board import Board

from wayfellow.deployment import Deployment
from wayfellow.matching.models import MatchRun, RunState
from wayfellow.types import SYSTEM, Role
from wayfellow.worker import make_worker

SignIn = Callable[[str], FlaskClient]
INDEX = "/p/bridges/matching/"


def work(deployment: Deployment) -> None:
    while make_worker(deployment).run_once():
        pass


def test_an_empty_programme_is_told_what_comes_first(sign_in: SignIn, deployment: Deployment) -> None:
    page = sign_in("Otto").get("/p/night/matching/").text
    assert "There are no mentees to match in this cycle yet" in page
    assert "Import people" in page
    assert "Start a match run" not in page


def test_the_index_counts_what_a_run_would_find(sign_in: SignIn, board: Board) -> None:
    board.person("Ines", Role.MENTOR, 3, "forecasting")
    page = " ".join(sign_in("Ruth").get(INDEX).text.split())
    assert '<dt>Approved mentors</dt><dd class="num">2</dd>' in page
    assert '<dt>Places they offer</dt><dd class="num">5</dd>' in page
    assert "1 mentee, 1 mentor</dd>" in page, "Mia and Tom wrote nothing"
    assert "No run yet" in page


def test_a_run_goes_from_waiting_to_its_board(sign_in: SignIn, deployment: Deployment) -> None:
    ruth = sign_in("Ruth")
    answer = ruth.post(INDEX)
    assert answer.status_code == 302
    waiting = ruth.get(answer.location).text
    assert "Run 1 is looking for the best pairs" in waiting
    assert "Waiting for its turn" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert f'data-hx-get="{answer.location}progress"' in waiting
    assert "Run 1 is at work" in ruth.get(INDEX).text
    part = ruth.get(f"{answer.location}progress")
    assert "HX-Refresh" not in part.headers
    work(deployment)
    assert ruth.get(f"{answer.location}progress").headers["HX-Refresh"] == "true"
    board = ruth.get(answer.location).text
    assert "No pair came out" in board
    assert "Nothing is written in the profile yet" in board
    assert "Open profile" in board


def test_a_second_run_is_refused_while_one_is_at_work(sign_in: SignIn) -> None:
    ruth = sign_in("Ruth")
    ruth.post(INDEX)
    page = ruth.post(INDEX, follow_redirects=True).text
    assert "Run 1 is still waiting. Wait until it has ended, or stop it first." in page


def test_a_stopped_run_says_that_nothing_was_kept(sign_in: SignIn, deployment: Deployment) -> None:
    ruth = sign_in("Ruth")
    at = ruth.post(INDEX).location
    page = ruth.post(f"{at}stop", follow_redirects=True).text
    assert "Run 1 was stopped" in page
    assert "Nothing of it was kept" in page
    assert "Start again" in page
    again = ruth.post(f"{at}stop", follow_redirects=True).text
    assert "Run 1 has ended already" in again
    work(deployment)
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(MatchRun.state)).all() == [RunState.CANCELLED]


def test_a_failed_run_shows_its_sentence_and_a_way_on(sign_in: SignIn, board: Board) -> None:
    run_id = board.run([], state=RunState.FAILED, error="The rule <never the same team> failed. Switch it off.")
    page = sign_in("Ruth").get(f"{INDEX}{run_id}/").text
    assert "Run 1 failed" in page
    assert "The rule &lt;never the same team&gt; failed. Switch it off." in page
    assert "Start again" in page


def test_the_index_lists_runs(sign_in: SignIn, board: Board) -> None:
    board.run(board.crowd(3))
    page = sign_in("Ruth").get(INDEX).text
    assert "1 match run" in page
    assert "by Ruth Example" in page
    assert "not yet" in page


@pytest.mark.parametrize("name", ["Mia", "Tom", "Otto"])
def test_others_see_nothing_of_runs(name: str, sign_in: SignIn, board: Board) -> None:
    run_id = board.run(board.crowd(1))
    other = sign_in(name)
    for page in ("", f"{run_id}/", f"{run_id}/publish", f"{run_id}/unmatched/", f"{run_id}/pairs.csv"):
        assert other.get(INDEX + page).status_code in (403, 404), page
    assert other.post(INDEX).status_code in (403, 404)


def test_a_run_is_not_found_under_another_programme(sign_in: SignIn, board: Board) -> None:
    run_id = board.run(board.crowd(1))
    ada = sign_in("Ada")
    assert ada.get(f"{INDEX}{run_id}/").status_code == 200
    assert ada.get(f"/p/night/matching/{run_id}/").status_code == 404
    assert ada.post(f"/p/night/matching/{run_id}/publish").status_code == 404
