"""The pages of matching say nothing that could not be said in another language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pseudo_language import Bracketed, find_unsaid
from web_board import Board

from wayfellow.deployment import Deployment
from wayfellow.types import Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[str], FlaskClient]
#: Names, what people wrote, what a run stored, and what is the same in every language.
NAMES = [
    *("Wayfellow", "Our organisation", "Bridges", "Winter 2026", "Night", "UTC", "CSV", "XLSX", "AE"),
    *("Ada Example", "Ruth Example", "Otto Example", "Mia Example", "Tom Example"),
    *("Pia", "Sol", "Lou", "Gus", "Ida", "Vic", "P", "S", "L", "G", "I", "V"),
    *("forecasting", "sql", "other terms", "Because: all_full.", "Because: nothing_shared.", "seed 0 · 9c1e-77ab"),
]

#: Letters are another room's: they speak the language of whoever gets them.
LETTER = re.compile(r'<(article|div) class="[^"]*\bletter(-body)?".*?</\1>', re.DOTALL)


@pytest.fixture
def board_runs(board: Board) -> list[int]:
    """Make two runs that differ, with a pair each and somebody left over."""
    for name in ("Pia", "Sol", "Lou"):
        board.person(name, Role.MENTEE, says="forecasting")
    for name in ("Gus", "Ida", "Vic"):
        board.person(name, Role.MENTOR, 1, "forecasting")
    others = [("Pia", "Vic", 0.83), ("Lou", "Vic", 0.4), ("Lou", "Ida", 0.3)]
    first = board.run([("Pia", "Gus", 0.88)], others, [("Sol", "all_full"), ("Lou", "all_full")])
    return [first, board.run([("Sol", "Ida", 0.2)], others, [("Pia", "nothing_shared"), ("Lou", "all_full")])]


def test_pages_of_matching_say_nothing_untranslated(
    sign_in: SignIn, deployment: Deployment, board: Board, board_runs: list[int]
) -> None:
    client, run = sign_in("Ada"), f"/p/bridges/matching/{board_runs[1]}/"
    pair = board.proposal("Sol")
    paths = [
        "/p/bridges/matching/",
        "/p/bridges/matching/new",
        "/p/bridges/matching/new?mode=groups",
        f"/p/bridges/matching/{board_runs[0]}/",
        run,
        f"{run}?q=nobody",
        f"{run}compare?than={board_runs[0]}",
        f"{run}unmatched/",
        f"{run}unmatched/{board.world.people['Lou']}",
        f"{run}publish",
        f"{run}try",
        f"{run}pairs/{pair}",
        f"{run}pairs/{pair}/replace",
        f"{run}better/{board.world.people['Lou']}",
    ]
    deployment.host.words = Bracketed()
    unsaid = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        unsaid |= {path: found} if (found := find_unsaid(LETTER.sub("", answer.text), NAMES)) else {}
    assert unsaid == {}
