"""What people do from page to page, in a real browser, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from browser.checks import WATCH, find_axe_violations, find_refused
from browser.conftest import Served
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from wayfellow.people.models import Person
from wayfellow.types import SYSTEM
from wayfellow.worker import make_worker

pytestmark = pytest.mark.browser

PEOPLE = "name;email;capacity;Shoe size\nZoë Ng;zoe{n}@example.org;3;38\nBo Li;bo{n}@example.org;4;44\n"


def sign_in(page: Page, served: Served, role: str) -> None:
    page.goto(served.link_for(served.world.roles[role]))
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Give a page with scripts, and one without."""
    context = browser.new_context(java_script_enabled=request.param, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.add_init_script(WATCH)
    yield page
    context.close()


def test_a_coordinator_brings_people_in(
    page: Page, served: Served, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    number = 1 if "no-scripts" in request.node.callspec.id else 2
    file = tmp_path / "mentors.csv"
    file.write_text(PEOPLE.format(n=number), "utf-8")
    sign_in(page, served, "coordinator")
    page.get_by_role("link", name="Imports").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("radio", name="Mentors").check()
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 rows read, all well")
    page.get_by_role("checkbox", name="Leave out Shoe size").check()
    page.get_by_role("button", name="Check again without these").click()
    expect(page.get_by_role("checkbox", name="Leave out Shoe size")).to_be_checked()
    page.get_by_role("button", name="Bring in 2 mentors").click()
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    while make_worker(served.deployment).run_once():
        pass
    page.get_by_role("link", name="See the result").click()  # the page has looked again by itself
    expect(page.get_by_role("heading", level=1)).to_have_text("2 mentors brought in")
    page.get_by_role("link", name="See the mentors").click()
    expect(page.get_by_text(f"zoe{number}@example.org")).to_be_visible()


def test_places_change_and_the_change_is_taken_back(page: Page, served: Served) -> None:
    sign_in(page, served, "coordinator")
    page.goto(f"{served.url}/p/career-bridges/people/{served.world.roles['mentor']}")
    page.get_by_label("Places").fill("7")
    page.get_by_role("button", name="Save places").click()
    expect(page.get_by_role("status")).to_contain_text("takes 7 now, it was 2.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Places")).to_have_value("2")


def test_a_refused_form_keeps_what_was_typed(page: Page, served: Served) -> None:
    sign_in(page, served, "mentor")
    page.goto(f"{served.url}/me/profile")
    page.get_by_label("Time zone").fill("Mars/Base")
    page.get_by_role("button", name="Save profile").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("The profile is not saved yet")
    expect(page.get_by_label("Time zone")).to_have_value("Mars/Base")
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Time zone")).to_be_focused()


def test_criteria_say_what_they_would_do_and_are_saved_and_taken_back(
    page: Page, served: Served, request: pytest.FixtureRequest
) -> None:
    sign_in(page, served, "coordinator")
    page.goto(f"{served.url}/p/career-bridges/matching/")
    page.get_by_role("link", name="Criteria").click()
    field = page.get_by_role("group", name="A field of the profile")
    field.get_by_label("Field").select_option("Job title")
    field.get_by_label("Effect").select_option("Must hold")
    if "no-scripts" in request.node.name:
        page.get_by_role("button", name="Check").click()
    effect = page.locator("#effect")
    expect(effect).to_contain_text("A field of the profile, criterion 2")
    expect(effect).to_contain_text(re.compile(r"rules out [1-9]\d* pairs of"))
    page.get_by_role("button", name="Remove Languages in common").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("4 criteria beside the texts")
    page.get_by_role("button", name="Undo taking out Languages in common").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("5 criteria beside the texts")
    expect(field.get_by_label("Field")).to_have_value("job_title")
    page.get_by_role("button", name="Save criteria").click()
    expect(page.get_by_role("status").first).to_contain_text("The criteria are saved as version")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").first).to_contain_text("holds again, as version")
    expect(field.get_by_label("Field")).to_have_value("department")


def press(page: Page, role: Literal["button", "link"], name: str) -> None:
    """Use a link or a button as someone without a mouse does."""
    page.get_by_role(role, name=name).focus()
    page.keyboard.press("Enter")


def test_something_else_is_tried_compared_used_and_taken_back_by_keyboard(
    page: Page, served: Served, request: pytest.FixtureRequest
) -> None:
    sign_in(page, served, "coordinator")
    board = f"{served.url}/p/career-bridges/matching/{served.world.samples['run_id']}/"
    page.goto(board)
    before = page.locator(".pair-people").all_inner_texts()
    press(page, "link", "Try something else")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Try something else than run 2")
    page.get_by_label("What comes first").focus()
    page.keyboard.press("ArrowDown")
    bonus = page.get_by_label("What pairs of now count more, in percent")
    bonus.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("lots")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Give a number from 0 to 100.")
    expect(page.get_by_label("What comes first")).to_have_value("best_total")
    bonus.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("0")
    press(page, "button", "Try it")
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    while make_worker(served.deployment).run_once():
        pass
    use = page.get_by_role("button", name="Use this run instead")  # the page has looked again by itself
    expect(use).to_be_visible()
    expect(page.get_by_role("row", name="What comes first")).to_contain_text("The best total, even if")
    if "no-scripts" not in request.node.name:
        assert find_axe_violations(page) + find_refused(page) == []
    press(page, "link", "Its pairs")
    expect(heading).to_have_text(re.compile(r"^\d+ pairs to look at$"))
    if "no-scripts" not in request.node.name:
        assert find_axe_violations(page) + find_refused(page) == []
    press(page, "button", "Use this run instead")
    expect(page.get_by_role("status").first).to_contain_text("is in place of run 2 now.")
    expect(heading).to_have_text(re.compile(r"^\d+ pairs to review$"))
    press(page, "button", "Undo")
    expect(page.get_by_role("status").first).to_contain_text("is a try again, and the pairs of run 2 are back.")
    press(page, "button", "Throw away")
    expect(page.get_by_role("status").first).to_contain_text("is thrown away.")
    assert page.url == board
    assert page.locator(".pair-people").all_inner_texts() == before


def test_the_chosen_theme_holds(page: Page, served: Served) -> None:
    sign_in(page, served, "mentee")
    page.goto(f"{served.url}/me/")
    page.get_by_role("radio", name="Dark").check()
    page.get_by_role("button", name="Use this").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_menu_of_a_narrow_window_opens_and_closes(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(page, served, "administrator")
    expect(page.get_by_role("link", name="Plugins")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Plugins")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Plugins")).to_be_hidden()


def test_an_invitation_is_made_and_used(browser: Browser, page: Page, served: Served) -> None:
    sign_in(page, served, "coordinator")
    page.goto(f"{served.url}/p/career-bridges/people/{served.world.roles['mentee']}")
    page.get_by_role("button", name="Make a sign-in link").click()
    link = page.get_by_label("Sign-in link").input_value()
    guest = browser.new_context().new_page()
    guest.goto(link)
    guest.get_by_role("button", name="Sign in").click()
    expect(guest.get_by_role("link", name="Me", exact=True)).to_be_visible()
    guest.context.close()


@pytest.mark.parametrize("page", [True], indirect=True)
def test_states_between_pages_are_as_clean_as_pages(page: Page, served: Served) -> None:
    sign_in(page, served, "coordinator")
    person = f"{served.url}/p/career-bridges/people/{served.world.roles['mentor']}"
    page.goto(person)
    page.get_by_label("Places").fill("many")
    page.get_by_role("button", name="Save places").click()
    problems = find_axe_violations(page)
    page.goto(person)
    page.get_by_role("button", name="Make a sign-in link").click()
    problems += find_axe_violations(page)
    page.goto(f"{served.url}/p/career-bridges/matching/new")
    page.get_by_role("button", name="Add a quota").click()
    page.get_by_label("At least").fill("few")
    page.get_by_role("button", name="Start the run").click()
    problems += find_axe_violations(page) + find_refused(page)
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("button", name="Menu").click()
    assert problems + find_axe_violations(page) + find_refused(page) == []


def test_a_run_is_asked_for_with_settings_of_its_own(page: Page, served: Served) -> None:
    sign_in(page, served, "coordinator")
    page.goto(f"{served.url}/p/career-bridges/matching/")
    page.get_by_role("link", name="New run with settings").first.click()
    page.get_by_role("radio", name="The best total, even").check()
    page.get_by_role("button", name="Add a quota").click()
    page.get_by_label("Field").select_option(label="Department")
    page.get_by_label("Value").fill("No such department")
    page.get_by_label("At least").fill("1")
    page.get_by_role("button", name="Start the run").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Quota 1: No mentee")
    expect(page.get_by_label("Value")).to_have_value("No such department")
    expect(page.get_by_role("radio", name="The best total, even")).to_be_checked()
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Value")).to_be_focused()
    page.get_by_role("button", name="Remove quota 1").click()
    expect(page.get_by_label("Value")).to_have_count(0)
    page.get_by_role("radio", name="Pairs by lot").check()
    page.get_by_label("Seed").fill("42")
    page.get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is looking for the best pairs")
    while make_worker(served.deployment).run_once():
        pass
    expect(page.get_by_text("drawn by lot").first).to_be_visible()  # the page has looked again by itself


def test_a_stranger_applies_is_approved_and_can_be_matched(
    page: Page, served: Served, request: pytest.FixtureRequest
) -> None:
    number = 1 if "no-scripts" in request.node.callspec.id else 2
    name, email = f"Ines Novak {number}", f"ines{number}@example.org"
    page.goto(f"{served.url}/join/")
    page.get_by_role("link", name="Career Bridges").click()
    page.get_by_label("You want to be a").select_option("mentee")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail").fill(email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    while make_worker(served.deployment).run_once():
        pass
    page.goto(served.link_for(_person(served, email)))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Apply as mentee")
    page.get_by_label("Department").fill("Research")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_label("Department")).to_have_value("Research")
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_text("Your application is sent.")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, served, "coordinator")
    page.get_by_role("link", name="Applications", exact=True).click()
    page.get_by_label("Search by name, e-mail, ID or job title").fill(email)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("checkbox", name=f"Tick {name} as mentee").check()
    page.get_by_role("button", name="Approve those who are ticked").click()
    expect(page.get_by_text("You are in: Career Bridges")).to_be_visible()
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("1 person is approved.")).to_be_visible()
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_label("Search by name, e-mail, ID or job title").fill(email)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("row", name=re.compile(name))).to_contain_text("Approved")


def _person(served: Served, email: str) -> int:
    with served.deployment.reading(SYSTEM) as tx:
        return tx.session.scalars(select(Person.id).where(Person.email == email)).one()
