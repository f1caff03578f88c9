"""The review board: what it shows, every act with its undo, and what stands in the way."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from web_board import Board

from wayfellow.mentorships.drafts import lock
from wayfellow.mentorships.standing import set_state
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.types import SYSTEM, Role

SignIn = Callable[[str], FlaskClient]
WILD = "<script>alert(1)</script>"


@pytest.fixture
def run_id(board: Board) -> int:
    """Make a run: Pia and Sol have mentors, Lou is left over, Vic has a free place."""
    for name in ("Pia", "Sol", "Lou"):
        board.person(name, Role.MENTEE, says=f"{name} wants forecasting and {WILD}")
    board.person("Gus", Role.MENTOR, 2, f"Forecasting demand, sql {WILD}")
    board.person("Ida", Role.MENTOR, 1, "Care")
    board.person("Vic", Role.MENTOR, 1, "sql")
    return board.run(
        [("Pia", "Gus", 0.88), ("Sol", "Ida", 0.2)],
        [("Pia", "Vic", 0.83), ("Pia", "Ida", 0.8), ("Lou", "Vic", 0.4), ("Lou", "Ida", 0.3)],
        [("Lou", "all_full")],
    )


@pytest.fixture
def at(run_id: int) -> str:
    return f"/p/bridges/matching/{run_id}/"


def seen(page: str) -> str:
    """Return a page without what differs each time: the token of its forms."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def undo(client: FlaskClient, page: str) -> str:
    """Press the page's Undo button and return the page after it."""
    form = re.search(r'<div class="undo.*?</form>', page, re.DOTALL)
    assert form is not None, page
    action = re.search(r'action="([^"]+)"', form[0])
    assert action is not None
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    fields = {name: unescape(value) for name, value in values.items()}
    return client.post(unescape(action[1]), data=fields, follow_redirects=True).text


def test_the_board_shows_pairs_reasons_and_leftovers(sign_in: SignIn, at: str) -> None:
    page = sign_in("Ruth").get(at).text
    assert "2 pairs to review" in page
    assert '<span class="score">88</span>' in page
    assert "Goals and expertise 88 of 100." in page
    assert page.count("The score is below half of this run&#39;s median.") == 1, "Sol's"
    assert "Every mentor who fits is full" in page
    assert "Find a mentor" in page
    assert 'Find a mentor<span class="vh"> for Lou' in page
    assert "seed 0 · 9c1e-77ab" in page
    assert "1.2 s for 2 \u00d7 2" in page


def test_tabs_search_and_sort_are_in_the_address(sign_in: SignIn, at: str, board: Board) -> None:
    ruth = sign_in("Ruth")
    assert "Pia" in ruth.get(f"{at}?q=pia").text
    assert "Tick Sol and Ida" not in ruth.get(f"{at}?q=pia").text
    assert "No pair is like that" in ruth.get(f"{at}?q=nobody").text
    low = ruth.get(f"{at}?sort=-score").text
    assert low.index("Tick Sol") < low.index("Tick Pia")
    assert "No pair is like that" in ruth.get(f"{at}?tab=locked").text
    for odd in ("?tab=nonsense", "?sort=mentee&page=99999999999", "?sort=-mentee", "?q=%25%5F"):
        assert ruth.get(at + odd).status_code == 200
    assert ruth.get(f"{at}?q=a%00b").status_code == 422


@pytest.mark.parametrize("act", ["lock", "exclude", "replace", "give"])
def test_each_act_is_done_and_taken_back(act: str, sign_in: SignIn, at: str, board: Board) -> None:
    ruth, pia = sign_in("Ruth"), board.proposal("Pia")
    ids = board.world.people
    place, fields, said, back = {
        "lock": (f"pairs/{pia}/lock", {"locked": "1"}, "Pia and Gus are locked.", "not locked any more"),
        "exclude": (f"pairs/{pia}/exclude", {}, "Pia and Gus will not be matched", "The pair is back in the run"),
        "replace": (f"pairs/{pia}/replace", {"mentor": ids["Vic"]}, "paired with Vic instead of Gus", "is back"),
        "give": (f"unmatched/{ids['Lou']}", {"mentor": ids["Vic"]}, "Lou and Vic are a pair", "out of this run again"),
    }[act]
    before = seen(ruth.get(at).text)
    page = ruth.post(at + place, data={**fields, "back": at}, follow_redirects=True).text
    assert said in page
    assert "Undo" in page
    assert seen(ruth.get(at).text) != before
    assert back in undo(ruth, page)
    assert seen(ruth.get(at).text) == before


def test_a_replaced_pair_opens_on_its_own_page(sign_in: SignIn, at: str, board: Board) -> None:
    place = f"{at}pairs/{board.proposal('Pia')}/replace"
    answer = sign_in("Ruth").post(place, data={"mentor": board.world.people["Vic"], "back": ""})
    assert answer.location == f"{at}pairs/{board.proposal('Pia')}"


def test_a_full_mentor_is_refused_with_the_reason(sign_in: SignIn, at: str, board: Board) -> None:
    ruth, ids = sign_in("Ruth"), board.world.people
    page = ruth.get(f"{at}pairs/{board.proposal('Pia')}/replace").text
    assert "1 other mentor is free" in page
    assert "Full: of 1 place" in page
    refused = ruth.post(f"{at}pairs/{board.proposal('Pia')}/replace", data={"mentor": ids["Ida"], "back": at})
    assert "Ida can&#39;t be chosen. Full" in ruth.get(refused.location).text
    refused = ruth.post(f"{at}unmatched/{ids['Lou']}", data={"mentor": ids["Ida"]}, follow_redirects=True)
    assert "A mentor for Lou" in refused.text, "the choice stays open"
    assert "Ida can&#39;t be chosen" in refused.text


def test_ticked_pairs_change_together_and_come_back_together(sign_in: SignIn, at: str, board: Board) -> None:
    ruth, pairs = sign_in("Ruth"), [board.proposal("Pia"), board.proposal("Sol")]
    page = ruth.post(f"{at}pairs", data={"act": "exclude", "pair": pairs}, follow_redirects=True).text
    assert "2 pairs are excluded" in page
    assert "No pair is left" in page
    assert "All 2 pairs are as they were." in undo(ruth, page)
    assert board.states()["Pia"] == board.states()["Sol"] == "drafted"
    page = ruth.post(f"{at}pairs", data={"act": "lock", "pair": pairs}, follow_redirects=True).text
    assert "2 pairs are locked." in page
    assert "Run again, keep 2 locked" in page


def test_ticking_nothing_changes_nothing(sign_in: SignIn, at: str) -> None:
    ruth = sign_in("Ruth")
    assert "No pair was ticked" in ruth.post(f"{at}pairs", data={"act": "lock"}, follow_redirects=True).text
    assert ruth.post(f"{at}pairs", data={"act": "erase", "pair": 1}).status_code == 422


def test_one_pair_that_is_gone_keeps_all_ticked_as_they_were(sign_in: SignIn, at: str, board: Board) -> None:
    ruth, pia, sol = sign_in("Ruth"), board.proposal("Pia"), board.proposal("Sol")
    ruth.post(f"{at}pairs/{sol}/exclude")
    page = ruth.post(f"{at}pairs", data={"act": "exclude", "pair": [pia, sol]}, follow_redirects=True).text
    assert "This pair was taken out of the run meanwhile" in page
    assert board.states()["Pia"] == "drafted"


def test_two_coordinators_in_one_list(sign_in: SignIn, at: str, board: Board) -> None:
    ruth, ada, pia = sign_in("Ruth"), sign_in("Ada"), board.proposal("Pia")
    ruth.post(f"{at}pairs/{pia}/exclude")
    page = ada.post(f"{at}pairs/{pia}/lock", data={"locked": "1", "back": at}, follow_redirects=True).text
    assert "taken out of the run meanwhile. Load the list of pairs again." in page


def test_acts_go_back_only_to_this_site(sign_in: SignIn, at: str, board: Board) -> None:
    place, ruth = f"{at}pairs/{board.proposal('Pia')}/lock", sign_in("Ruth")
    for away in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert ruth.post(place, data={"locked": "1", "back": away}).location == "/"
    assert ruth.post(place, data={"locked": "1", "back": f"{at}?q=pia"}).location == f"{at}?q=pia"


def test_what_people_wrote_is_inert_and_shared_words_are_marked(sign_in: SignIn, at: str, board: Board) -> None:
    page = sign_in("Ruth").get(f"{at}pairs/{board.proposal('Pia')}").text
    assert WILD not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Pia wants <mark>forecasting</mark> and" in page
    assert "<mark>Forecasting</mark> demand, <mark>sql</mark>" in page


def test_the_points_of_a_pair_add_up(sign_in: SignIn, at: str, board: Board) -> None:
    page = sign_in("Ruth").get(f"{at}pairs/{board.proposal('Pia')}").text
    assert "What makes the 88" in page
    terms = re.findall(r'class="contrib-term">.*?<td class="n">(\d+)</td>', page, re.DOTALL)
    assert sum(map(int, terms)) == 88
    assert "Pair 1 of 2" in page
    assert "The best mentor for Pia. Number 1 of 1 mentee" in page
    assert "Next pair" in page
    assert "Previous pair" not in page
    assert "Scores are never shown" in page


def test_a_pair_is_found_in_its_own_run_only(sign_in: SignIn, at: str, board: Board, run_id: int) -> None:
    other = board.run([])
    pair = board.proposal("Pia")
    ruth = sign_in("Ruth")
    assert ruth.get(f"/p/bridges/matching/{other}/pairs/{pair}").status_code == 404
    assert ruth.get(f"{at}pairs/{pair + 1000}").status_code == 404
    assert ruth.get(f"{at}unmatched/{board.world.people['Pia']}").status_code == 404


def test_a_pair_that_was_taken_out_says_so(sign_in: SignIn, at: str, board: Board) -> None:
    ruth, pia = sign_in("Ruth"), board.proposal("Pia")
    ruth.post(f"{at}pairs/{pia}/exclude")
    ruth.get(at)
    page = ruth.get(f"{at}pairs/{pia}").text
    assert "This pair was taken out of the run." in page
    assert "Use instead" not in page


def test_readers_of_matching_cannot_act(sign_in: SignIn, at: str, board: Board) -> None:
    mia, pia = sign_in("Mia"), board.proposal("Pia")
    for place in (f"pairs/{pia}/lock", f"pairs/{pia}/exclude", f"pairs/{pia}/replace", "pairs", "take-back", "publish"):
        assert mia.post(at + place).status_code in (403, 404), place
    assert board.states()["Pia"] == "drafted"


def test_a_pair_of_another_programme_is_out_of_reach(sign_in: SignIn, at: str, board: Board, run_id: int) -> None:
    otto = sign_in("Otto")
    place = f"/p/night/matching/{run_id}/pairs/{board.proposal('Pia')}/lock"
    assert otto.post(place, data={"locked": "1"}).status_code in (403, 404)


def test_someone_elses_acts_are_not_taken_back_by_number(sign_in: SignIn, at: str, board: Board, run_id: int) -> None:
    with board.deployment.transaction(SYSTEM) as tx:
        act = lock(tx, board.proposal("Pia"), True).act_id
    other = board.run([])
    assert sign_in("Otto").post(f"/p/night/matching/{other}/take-back", data={"acts": act}).status_code in (403, 404)
    assert sign_in("Ruth").post(f"{at}take-back", data={"acts": "999999"}).status_code == 404


def test_the_export_is_neutral_and_follows_the_filter(sign_in: SignIn, board: Board) -> None:
    board.person("=HYPERLINK(1)", Role.MENTEE)
    board.person("Gus", Role.MENTOR)
    run_id = board.run([("=HYPERLINK(1)", "Gus", 0.5)])
    ruth, at = sign_in("Ruth"), f"/p/bridges/matching/{run_id}/"
    answer = ruth.get(f"{at}pairs.csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="bridges-run-{run_id}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row["mentee"] for row in rows] == ["'=HYPERLINK(1)"]
    assert (rows[0]["mentor"], rows[0]["score"], rows[0]["shared"]) == ("Gus", "0.5", "forecasting; sql")
    assert ruth.get(f"{at}pairs.xlsx").data[:2] == b"PK"
    assert ruth.get(f"{at}pairs.pdf").status_code == 404
    assert len(ruth.get(f"{at}pairs.csv?q=nobody").text.splitlines()) == 1


def test_people_left_over_are_listed_by_cause(sign_in: SignIn, at: str, board: Board) -> None:
    ruth = sign_in("Ruth")
    page = ruth.get(f"{at}unmatched/").text
    assert "1 mentee without a mentor" in page
    assert "Because: all_full." in page
    assert "Nobody matches" in ruth.get(f"{at}unmatched/?q=zzz").text
    assert "2 mentors are free" not in ruth.get(f"{at}unmatched/{board.world.people['Lou']}").text


def test_a_degraded_run_says_so(sign_in: SignIn, board: Board) -> None:
    run_id = board.run(board.crowd(1), degraded=["time_zones"])
    page = sign_in("Ruth").get(f"/p/bridges/matching/{run_id}/").text
    assert "Part of the scoring failed in this run:</b> Time zones." in page


@pytest.mark.parametrize("page", ["", "?tab=look-closer", "unmatched/", "publish", "pair"])
def test_pages_take_as_many_statements_for_200_pairs_as_for_20(
    page: str, sign_in: SignIn, board: Board, statements: list[str]
) -> None:
    counts, ruth = [], sign_in("Ruth")
    for size in (20, 200):
        run_id = board.run(board.crowd(size))
        place = f"pairs/{board.proposal('Mentee 000')}" if page == "pair" else page
        ruth.get(f"/p/bridges/matching/{run_id}/{place}")
        statements.clear()
        assert ruth.get(f"/p/bridges/matching/{run_id}/{place}").status_code == 200
        counts.append(len(statements))
    assert counts[1] <= counts[0] <= 60


def test_members_who_left_are_named_before_publishing(sign_in: SignIn, at: str, board: Board) -> None:
    with board.deployment.transaction(SYSTEM) as tx:
        member = tx.session.query(Membership).filter_by(person_id=board.world.people["Ida"]).one()
        set_state(tx, member.id, MembershipState.WITHDRAWN)
    page = sign_in("Ruth").get(f"{at}publish").text
    assert "1 pair does not hold any more" in page
    assert "The mentor is not taking part any more." in page
    assert "Publish 1 pair?" in page
