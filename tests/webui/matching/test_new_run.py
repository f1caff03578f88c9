"""Asking for a run with settings of its own: rows without scripts, errors beside their fields, and what is started."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from web_board import Board
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.matching.models import MatchRun
from wayfellow.matching.runs import read_settings
from wayfellow.matching.settings import MatchSettings, Quota
from wayfellow.people.service import save_profile
from wayfellow.types import SYSTEM, Role
from wayfellow.worker import make_worker

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[str], FlaskClient]
AT = "/p/bridges/matching/new"
USUAL = {
    "mode": "pairs",
    "group_least": "3",
    "group_most": "6",
    "objective": "most_people",
    "floor": "1",
    "fewest_mentees": "",
    "seed": "",
}


def words(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def quota(place: int, *values: str) -> dict[str, str]:
    return {f"q{place}-{name}": value for name, value in zip(("field", "value", "least", "most"), values, strict=True)}


@pytest.fixture
def asked(sign_in: SignIn, deployment: Deployment):
    """Give a function that sends the form and returns the run that came of it, None when none did."""
    ruth = sign_in("Ruth")

    def ask(**more: str) -> tuple[MatchRun | None, str]:
        answer = ruth.post(AT, data=USUAL | more)
        with deployment.reading(SYSTEM) as tx:
            runs = tx.session.scalars(select(MatchRun)).all()
            tx.session.expunge_all()
        assert (answer.status_code == 302) == bool(runs)
        return (runs[0] if runs else None), answer.text

    return ask


@pytest.fixture
def sales(deployment: Deployment, board: Board) -> None:
    for name, department in (("Ines", "Sales"), ("Jo", "sales"), ("Kim", "Research")):
        person = board.person(name, Role.MENTEE)
        with deployment.transaction(SYSTEM) as tx:
            save_profile(tx, person, {"department": department})


def test_the_page_starts_from_the_usual_run_and_says_who_is_there(sign_in: SignIn) -> None:
    ruth = sign_in("Ruth")
    page = ruth.get(AT)
    assert re.search(r'value="pairs" checked', page.text)
    assert re.search(r'value="most_people" checked', page.text)
    assert re.search(r'name="floor" value="1" checked', page.text)
    assert "Approved mentors 1" in words(page)
    assert f'href="{AT}"' in ruth.get("/p/bridges/matching/").text


def test_as_it_stands_it_starts_the_usual_run_with_a_seed(asked) -> None:
    run, _ = asked()
    assert read_settings(run) == MatchSettings()
    assert 0 <= run.seed < 10_000


def test_what_is_chosen_is_what_the_run_is_asked_for(asked, sales: None) -> None:
    run, _ = asked(
        objective="best_total", floor="", fewest_mentees="2", seed="77", **quota(0, "department", "Sales", "1", "2")
    )
    assert run.seed == 77
    assert read_settings(run) == MatchSettings(
        objective="best_total", fewest_mentees=2, quotas=(Quota("department", "Sales", 1, 2),)
    )


def test_a_floor_that_is_not_ticked_is_none(sign_in: SignIn, deployment: Deployment) -> None:
    without = {name: value for name, value in USUAL.items() if name != "floor"}
    assert sign_in("Ruth").post(AT, data=without).status_code == 302
    with deployment.reading(SYSTEM) as tx:
        assert read_settings(tx.session.scalars(select(MatchRun)).one()).floor is False


def test_groups_and_lots_are_asked_for(asked) -> None:
    run, _ = asked(mode="groups", group_least="2", group_most="4")
    assert (read_settings(run).mode, read_settings(run).group_size) == ("groups", (2, 4))


def test_several_mentors_are_asked_for_and_a_number_that_is_none_is_told(asked) -> None:
    run, page = asked(mentors_per_mentee="no")
    assert run is None
    assert "“no” is none: give a whole number from 1 to 10." in page
    run, _ = asked(mentors_per_mentee="2")
    assert read_settings(run) == MatchSettings(mentors_per_mentee=2)


def test_peers_are_asked_for_and_what_others_need_counts_for_nothing(asked) -> None:
    run, page = asked(mode="peers", pool="cats")
    assert run is None
    assert "Choose who the peers are." in page
    run, _ = asked(mode="peers", pool="mentors", mentors_per_mentee="no", fewest_mentees="no", chats="no")
    assert read_settings(run) == MatchSettings(mode="peers", pool="mentors")


def test_chats_are_asked_for(asked) -> None:
    run, page = asked(mode="chemistry", chats="")
    assert run is None
    assert "Give a whole number from 1 to 10." in page
    run, _ = asked(mode="chemistry", chats="2")
    assert read_settings(run) == MatchSettings(mode="chemistry", chats=2)


def test_pairs_after_chats_are_offered_once_there_are_chats(sign_in: SignIn, asked, board: Board) -> None:
    ruth = sign_in("Ruth")
    assert 'value="rated"' not in ruth.get(AT).text
    for name, role in (("Ines", Role.MENTEE), ("Uma", Role.MENTOR)):
        board.person(name, role)
    chats = {"match": {"mode": "chemistry", "chats": 1}}
    board.publish(board.run([("Ines", "Uma", 0.5)], settings=chats))
    page = ruth.get(f"{AT}?mode=rated").text
    assert re.search(r'value="rated" checked', page)
    assert "by what people said of the 1 chat of this cycle" in words(ruth.get(AT))
    answer = ruth.post(AT, data=USUAL | {"mode": "rated", "ratings_weight": "30", "beyond_chats": "1"})
    assert answer.status_code == 302


def test_each_part_says_which_ways_to_match_need_it(sign_in: SignIn) -> None:
    page = sign_in("Ruth").get(AT).text
    for part in ("only for-pairs for-lottery for-rated", "only for-peers", "only for-chemistry", "only for-groups"):
        assert f'{part}"' in page
    wrong = sign_in("Ruth").post(AT, data=USUAL | {"mode": "peers", "pool": ""}).text
    assert "only for-peers" not in wrong, "what is wrong is in sight"


def test_the_size_of_groups_counts_for_nothing_else(asked) -> None:
    run, _ = asked(mode="lottery", group_least="no", group_most="")
    assert (read_settings(run).mode, read_settings(run).group_size) == ("lottery", None)


def test_quotas_are_added_and_removed_and_what_was_typed_stays(sign_in: SignIn) -> None:
    ruth = sign_in("Ruth")
    rows = quota(0, "department", "Sales", "1", "") | quota(1, "location", "Oslo", "", "9")
    more = ruth.post(AT, data=USUAL | rows | {"do": "add", "seed": "typed", "objective": "best_total"})
    assert more.status_code == 200
    assert 'name="q2-value"' in more.text
    assert 'value="Oslo"' in more.text
    assert 'value="typed"' in more.text
    assert re.search(r'value="best_total" checked', more.text)
    less = ruth.post(AT, data=USUAL | rows | {"do": "remove:0"})
    assert 'value="Oslo"' in less.text
    assert 'value="Sales"' not in less.text
    assert re.search(r'<option value="location" selected', less.text)


@pytest.mark.parametrize(
    ("sent", "control", "sentence"),
    [
        ({"mode": "best"}, "mode", "Choose one of the ways to match."),
        ({"mode": "peers", "pool": ""}, "pool", "Choose who the peers are."),
        ({"mode": "rated", "ratings_weight": "50"}, "mode", "Nobody was asked to have a chat in this cycle yet."),
        ({"objective": "cheap"}, "objective", "Choose what comes first."),
        ({"mode": "groups", "group_least": "0"}, "group_least", "Smallest group: “0” is none: give a whole number"),
        ({"mode": "groups", "group_most": ""}, "group_most", "Largest group: Give a whole number from 1 to 1,000."),
        ({"mode": "groups", "group_least": "5", "group_most": "4"}, "group_most", "Give 5 or more"),
        ({"mode": "groups", "fewest_mentees": "1"}, "fewest_mentees", "Leave this empty."),
        ({"fewest_mentees": "-1"}, "fewest_mentees", "“-1” is none: give a whole number from 0 to 1,000."),
        ({"seed": "²"}, "seed", "Seed: “²” is none"),
        ({"seed": "99999999999"}, "seed", "2,147,483,647"),
        (quota(0, "department", "", "1", ""), "q0-value", "Quota 1: Write the value that counts"),
        (quota(0, "shoes", "38", "1", ""), "q0-field", "Quota 1: Choose a field."),
        (quota(0, "department", "Sales", "", ""), "q0-least", "Quota 1: Give the least or the most people, or both."),
        (quota(0, "department", "Sales", "3", "2"), "q0-most", "Quota 1: Give 3 or more"),
        (quota(0, "department", "Sales", "x", ""), "q0-least", "“x” is none"),
        (quota(0, "department", "Sale", "1", ""), "q0-value", "The most frequent are: Sales (2), Research (1)."),
        (quota(0, "location", "Oslo", "1", ""), "q0-value", "No mentee says anything there"),
        ({"mode": "lottery"} | quota(0, "department", "Sales", "1", ""), "quotas", "Remove the quotas"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_in_the_summary(asked, sales, sent, control, sentence) -> None:
    run, page = asked(**sent)
    assert run is None
    summary = re.search(rf'<a href="#{control}">([^<]*)</a>', page)
    assert summary
    assert sentence in unescape(summary[1])
    assert f'id="{control}"' in page
    assert f'id="{control}-error"' in page
    for name, value in sent.items():
        if value and name not in ("mode", "objective") and not name.endswith("-field"):
            assert f'value="{value}"' in page


def test_an_empty_quota_counts_for_nothing(asked) -> None:
    run, _ = asked(**quota(0, "department", "", "", ""))
    assert read_settings(run).quotas == ()


@pytest.mark.parametrize(
    ("sent", "sentences"),
    [
        ({}, ["the lowest score is lifted"]),
        ({"mode": "groups", "group_least": "1", "group_most": "4"}, ["Kind Groups of 1 to 4 mentees"]),
        ({"mode": "lottery"}, ["Kind Pairs by lot: a score is the number that was drawn"]),
        ({"fewest_mentees": "9"}, ["Fewest 9 mentees of a mentor; 1 mentor got fewer"]),
        ({"objective": "best_total"}, ["Goal The best total, even if fewer people have a mentor Took"]),
        (
            quota(0, "department", "sales", "1", "2") | quota(1, "department", "Research", "", "0"),
            [
                "Quota at least 1 and at most 2 with sales as department; 0 matched",
                "Quota at most 0 with Research as department; 0 matched",
            ],
        ),
    ],
)
def test_the_board_says_what_the_run_was_asked_for(
    asked, sales: None, sign_in: SignIn, deployment: Deployment, sent, sentences
) -> None:
    run, _ = asked(**sent)
    while make_worker(deployment).run_once():
        pass
    page = words(sign_in("Ruth").get(f"/p/bridges/matching/{run.id}/"))
    for sentence in sentences:
        assert sentence in page
    if sent:
        assert "the lowest score is lifted" not in page or "fewest_mentees" in sent


def test_one_run_at_a_time_is_told_on_the_list(asked, sign_in: SignIn) -> None:
    asked()
    answer = sign_in("Ruth").post(AT, data=USUAL, follow_redirects=True)
    assert "Run 1 is still waiting." in answer.text


def test_only_who_may_run_asks(sign_in: SignIn, world: World) -> None:
    assert sign_in("Tom").get(AT).status_code in (403, 404)
    assert sign_in("Otto").post(AT, data=USUAL).status_code in (403, 404)
