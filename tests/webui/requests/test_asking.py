"""Find, ask, answer and take back in the browser's eyes: forms kept, kind words, nothing for strangers."""

import pytest
from sqlalchemy import select

from wayfellow.mentorships.models import Proposal
from wayfellow.people.service import save_profile
from wayfellow.programmes.rules import read_rules, save_rules
from wayfellow.programmes.service import get_programme
from wayfellow.types import SYSTEM, Role
from wayfellow.worker import make_worker

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WORDS = "I run our demand model alone since summer, and would like to learn how you brought other teams along."
OTHER = "Your years on night wards made me think: how did you lead tired people without wearing yourself out?"


@pytest.fixture
def open_world(deployment, world):
    """Give the small world with requests allowed, and a second mentor, Ines, who says something."""
    with deployment.transaction(SYSTEM) as tx:
        save_rules(tx, world.programme_id, {"mentees_ask": True, "conversations": True, "open_requests": 1})
        ines = world.add(tx, "Ines", Role.MENTOR)
        save_profile(tx, ines, {"expertise": "Forecasting <demand> for cities", "skills": "R; Statistics"})
    return world


def states(deployment) -> list[str]:
    with deployment.reading(SYSTEM) as tx:
        return list(tx.session.scalars(select(Proposal.state).order_by(Proposal.id)))


def work(deployment) -> None:
    worker = make_worker(deployment)
    while worker.run_once():
        pass


def test_the_directory_says_that_fit_is_being_worked_out_and_then_shows_it(deployment, open_world, sign_in) -> None:
    mia = sign_in("Mia")
    first = mia.get("/find/")
    assert "is being worked out" in first.text
    assert "data-hx-trigger" in first.text
    work(deployment)
    assert "Show them in that order" in mia.get("/find/", headers={"HX-Request": "true"}).text
    page = mia.get("/find/?q=forecasting")
    assert "Show them in that order" not in page.text
    assert "is being worked out" not in page.text
    assert "Ines Example" in page.text
    assert "Tom Example" not in page.text
    assert "Forecasting &lt;demand&gt;" in page.text
    assert "example.org" not in page.text
    assert "Nobody matches" in mia.get("/find/?q=nonsense").text
    assert "Ines Example" not in mia.get("/find/?f_skill=Cooking").text


def test_a_request_goes_from_the_form_to_a_yes(deployment, open_world, sign_in) -> None:
    mia, ines = sign_in("Mia"), sign_in("Ines")
    address = f"/requests/to/{open_world.people['Ines']}"
    empty = mia.post(address, data={"message": "  "})
    assert empty.status_code == 422
    assert "nobody can answer an empty message" in empty.text
    assert mia.post(address, data={"message": WORDS}).location == "/home/"
    assert "Ask Ines" not in mia.get("/home/").text
    home = ines.get("/home/").text
    assert "1 answer to give" in home
    assert WORDS in home
    assert "example.org" not in home
    request = 1
    assert ines.post(f"/requests/{request}/more", data={"text": "What have you tried?"}).location == "/home/"
    assert "What have you tried?" in mia.get(f"/requests/{request}/more").text
    assert mia.post(f"/requests/{request}/more", data={"text": "Two dashboards."}).location == "/home/"
    ines.post(f"/home/proposals/{request}/accept")
    assert states(deployment) == ["accepted"]
    assert "ines@example.org" in mia.get("/home/").text


def test_over_the_limit_the_form_is_kept_and_says_the_way_out(deployment, open_world, sign_in) -> None:
    mia = sign_in("Mia")
    mia.post(f"/requests/to/{open_world.people['Ines']}", data={"message": WORDS})
    refused = mia.post(f"/requests/to/{open_world.people['Tom']}", data={"message": OTHER, "when": "now"})
    assert refused.status_code == 409
    assert OTHER in refused.text
    assert "Put this one in line" in refused.text
    mia.post(f"/requests/to/{open_world.people['Tom']}", data={"message": OTHER, "when": "line"})
    assert states(deployment) == ["requested", "queued"]
    assert OTHER not in sign_in("Tom").get("/home/").text
    copied = mia.post(f"/requests/to/{open_world.people['Tom']}", data={"message": WORDS, "kind": "conversation"})
    assert copied.status_code == 422
    assert "the same to somebody else" in copied.text


def test_taking_back_offers_to_ask_again_with_the_same_words(deployment, open_world, sign_in) -> None:
    mia = sign_in("Mia")
    mia.post(f"/requests/to/{open_world.people['Ines']}", data={"message": WORDS})
    mia.post("/requests/1/take-back")
    page = mia.get("/home/").text
    assert "With undo you ask again" in page
    assert WORDS in page
    assert states(deployment) == ["withdrawn"]


def test_a_decline_reaches_the_asker_kindly_and_without_its_reason(deployment, open_world, sign_in) -> None:
    mia, ines = sign_in("Mia"), sign_in("Ines")
    mia.post(f"/requests/to/{open_world.people['Ines']}", data={"message": WORDS})
    ines.post("/home/proposals/1/decline", data={"reason": "no_time", "note": "a secret note"})
    home = mia.get("/home/").text
    assert "Ines Example can&#39;t take this on now." in home
    assert "secret" not in home
    again = mia.post(f"/requests/to/{open_world.people['Ines']}", data={"message": OTHER})
    assert again.status_code == 409
    assert "They said not now" in again.text


def test_a_conversation_stands_apart_until_it_was_held(deployment, open_world, sign_in) -> None:
    mia, ines = sign_in("Mia"), sign_in("Ines")
    mia.post(f"/requests/to/{open_world.people['Ines']}", data={"message": WORDS, "kind": "conversation"})
    ines.post("/home/proposals/1/accept")
    assert "Your conversation" in mia.get("/home/").text
    assert "Your mentorship" not in mia.get("/home/").text
    mia.post("/requests/conversations/1", data={"held": "yes"})
    assert "Your conversation" not in ines.get("/home/").text
    mia.post("/requests/conversations/1", data={"held": "no"})
    assert "Your conversation" in ines.get("/home/").text


def test_whom_one_hides_is_gone_and_comes_back(open_world, sign_in) -> None:
    mia, ines = sign_in("Mia"), open_world.people["Ines"]
    mia.post(f"/find/{ines}/hide")
    page = mia.get("/find/").text
    assert "Ines Example no longer stands in your directory" in page
    assert "Ines" not in mia.get("/find/").text
    assert "Ines Example" in mia.get("/find/hidden").text
    mia.post(f"/find/{ines}/unhide")
    assert "You hid nobody" in mia.get("/find/hidden").text
    assert "Ines" in mia.get("/find/").text


def test_without_the_rule_there_is_no_directory_and_home_says_nothing_of_it(world, sign_in) -> None:
    mia = sign_in("Mia")
    assert "no directory for you" in mia.get("/find/").text
    assert "/find/" not in mia.get("/home/").text
    assert mia.get(f"/find/{world.people['Tom']}").status_code == 404
    assert mia.post(f"/requests/to/{world.people['Tom']}", data={"message": WORDS}).status_code == 404


def test_people_of_other_programmes_are_not_found(open_world, sign_in) -> None:
    mia = sign_in("Mia")
    for name in ("Nils", "Ruth", "Mia"):
        assert mia.get(f"/find/{open_world.people[name]}").status_code == 404
        assert mia.get(f"/requests/to/{open_world.people[name]}").status_code == 404
    assert mia.get("/find/?part=999999").status_code == 404


def test_coordinators_choose_the_rules_and_wrong_numbers_are_kept(deployment, world, sign_in) -> None:
    ruth = sign_in("Ruth")
    wrong = {"mentees_ask": "1", "open_requests": "many", "choices": "3", "answer_days": "7", "cooldown_days": "0"}
    refused = ruth.post("/p/bridges/settings/how", data=wrong)
    assert refused.status_code == 422
    assert 'value="many"' in refused.text
    assert ruth.post("/p/bridges/settings/how", data=wrong | {"open_requests": "4"}).status_code == 302
    with deployment.reading(SYSTEM) as tx:
        rules = read_rules(get_programme(tx, world.programme_id))
    assert (rules.mentees_ask, rules.mentors_offer, rules.open_requests, rules.answer_days) == (True, False, 4, 7)
