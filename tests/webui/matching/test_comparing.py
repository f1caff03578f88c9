"""Comparing runs in the browser: from the board and the list, narrowed by the address, and as a file."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from web_board import Board

from wayfellow.matching.models import RunState
from wayfellow.types import Role

SignIn = Callable[[str], FlaskClient]
INDEX = "/p/bridges/matching/"


@pytest.fixture
def runs(board: Board) -> tuple[int, int]:
    """Make two runs: Pia stays, Sol goes from Gus to Ida, Lou is new."""
    for name in ("Pia", "Sol", "Lou"):
        board.person(name, Role.MENTEE)
    for name in ("Gus", "Ida"):
        board.person(name, Role.MENTOR, 3)
    first = board.run([("Pia", "Gus", 0.88), ("Sol", "Gus", 0.5)])
    return first, board.run([("Pia", "Gus", 0.88), ("Sol", "Ida", 0.2), ("Lou", "Ida", 0.3)], seed=5)


def test_the_page_says_what_changed(sign_in: SignIn, runs: tuple[int, int]) -> None:
    ruth = sign_in("Ruth")
    assert f'href="{INDEX}{runs[1]}/compare?than={runs[0]}"' in ruth.get(INDEX).text
    assert f'href="{INDEX}{runs[1]}/compare"' in ruth.get(f"{INDEX}{runs[1]}/").text
    page = ruth.get(f"{INDEX}{runs[1]}/compare").text
    assert "2 mentees differ between run 1 and run 2" in page
    assert "30 fewer" in page
    assert "the same" in page
    assert "Newly matched" in page
    assert 'class="wrap-any">Seed</th>' in page


def test_the_address_keeps_what_is_shown(sign_in: SignIn, runs: tuple[int, int]) -> None:
    ruth = sign_in("Ruth")
    at = f"{INDEX}{runs[1]}/compare"
    moved = ruth.get(f"{at}?kind=moved").text
    assert "Sol" in moved
    assert "Pia" not in moved
    assert "No mentee is like that" in ruth.get(f"{at}?kind=moved&q=pia").text
    back = ruth.get(f"{INDEX}{runs[0]}/compare?than={runs[1]}").text
    assert "between run 2 and run 1" in back
    assert "30 more" in back
    assert "Not in the later run" in back


def test_changes_are_handed_over_as_they_are_narrowed(sign_in: SignIn, runs: tuple[int, int]) -> None:
    answer = sign_in("Ruth").get(f"{INDEX}{runs[1]}/changes.csv?kind=moved")
    assert "bridges-run-1-to-2.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [tuple(row.values()) for row in rows] == [("Sol", "Another mentor", "Gus", "Ida", "0.5", "0.2")]


def test_a_run_alone_and_a_run_that_failed_say_so(sign_in: SignIn, board: Board) -> None:
    alone, failed = board.run(board.crowd(1)), board.run([], state=RunState.FAILED)
    ruth = sign_in("Ruth")
    assert "One run alone" in ruth.get(f"{INDEX}{alone}/compare").text
    assert ruth.get(f"{INDEX}{alone}/changes.csv").status_code == 404
    assert ruth.get(f"{INDEX}{failed}/compare").status_code == 404


@pytest.mark.parametrize("name", ["Mia", "Tom", "Otto"])
def test_others_see_no_comparison(name: str, sign_in: SignIn, runs: tuple[int, int]) -> None:
    other = sign_in(name)
    for page in ("compare", "changes.csv"):
        assert other.get(f"{INDEX}{runs[1]}/{page}").status_code in (403, 404)
