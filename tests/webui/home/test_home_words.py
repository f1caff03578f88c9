"""A participant's home speaks the language of whoever reads it, all of it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pseudo_language import Bracketed, find_unsaid
from web_board import Board

from wayfellow.deployment import Deployment
from wayfellow.goals.service import add_goal
from wayfellow.people.models import Person
from wayfellow.types import SYSTEM, Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[str], FlaskClient]
#: What people and coordinators wrote, beside what every page holds.
NAMES = [
    "Wayfellow",
    "Our organisation",
    "Bridges",
    "Winter 2026",
    "Pia",
    "Gus",
    "Sol",
    "Ada",
    "Learn",
    "statistics",
    "Mon 23 Nov 2026",
]


@pytest.fixture
def run_id(board: Board) -> int:
    """Draft two pairs: Pia with Gus, and Sol with Gus, who has two places."""
    board.person("Pia", Role.MENTEE)
    board.person("Sol", Role.MENTEE)
    board.person("Gus", Role.MENTOR, 2)
    return board.run([("Pia", "Gus", 0.88), ("Sol", "Gus", 0.5)])


def unsaid(client: FlaskClient, *paths: str) -> dict[str, list[str]]:
    """Return what pages leave untranslated, apart from initials and addresses."""
    found = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        if left := [text for text in find_unsaid(answer.text, NAMES) if len(text) > 1 and "@" not in text]:
            found[path] = left
    return found


def test_nothing_on_a_home_page_is_left_untranslated(
    sign_in: SignIn, deployment: Deployment, board: Board, run_id: int
) -> None:
    pia, sol, gus = (sign_in(name) for name in ("Pia", "Sol", "Gus"))
    with deployment.transaction(SYSTEM) as tx:
        add_goal(tx, board.world.people["Pia"], "Learn statistics")
    deployment.host.words = Bracketed()
    board.publish(run_id)
    pia.post(f"/home/proposals/{board.proposal('Pia')}/accept")
    decline = f"/home/proposals/{board.proposal('Sol')}/decline"
    assert unsaid(pia, "/home/") | unsaid(sol, "/home/", decline) | unsaid(gus, "/home/") == {}
    gus.post(f"/home/proposals/{board.proposal('Pia')}/accept")
    sol.post(decline, data={"reason": "no_time"})
    assert unsaid(pia, "/home/") | unsaid(sol, "/home/") | unsaid(gus, "/home/") == {}


def test_a_proposal_is_read_in_german(sign_in: SignIn, deployment: Deployment, board: Board, run_id: int) -> None:
    with deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(Person, board.world.people["Pia"]).language = "de"
    board.publish(run_id)
    page = sign_in("Pia").get("/home/").text
    assert "1 Vorschlag zu beantworten" in page
    assert "weil Sie beide von <mark>forecasting</mark> und <mark>sql</mark> sprechen." in page
