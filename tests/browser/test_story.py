"""The whole story in a real browser, with and without scripts: from two files to a pair, and to a kind no."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import waitress
from browser.checks import find_axe_violations, find_sideways_scroll
from browser.conftest import Served
from browser.world import World
from playwright.sync_api import Browser, BrowserContext, Page, expect

from wayfellow.config import default_config
from wayfellow.deployment import open_deployment
from wayfellow.mentorships.queries import list_drafts
from wayfellow.mentorships.views import PairView
from wayfellow.migrations.runner import upgrade
from wayfellow.people.fields import sync_fields
from wayfellow.people.service import create_person
from wayfellow.programmes.roles import grant_role
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.types import SYSTEM, Role
from wayfellow.worker import make_worker
from wayfellow_web import create_app

pytestmark = pytest.mark.browser

DEMO = Path(__file__).parents[2] / "examples" / "demo"
OpenAs = Callable[[int], Page]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Served]:
    """Serve an empty programme with its coordinator, and a worker beside it."""
    deployment, world = open_deployment(replace(default_config(tmp_path), secret_key="only for tests")), World()
    upgrade(deployment, say=str)
    with deployment.transaction(SYSTEM) as tx:
        sync_fields(tx)
        programme = create_programme(tx, "Career Bridges", timezone="Europe/London")
        create_cycle(tx, programme.id, "Winter 2026")
        world.roles["coordinator"] = create_person(tx, None, name="Ruth Adeyemi", email="ruth@example.org").id
        grant_role(tx, world.roles["coordinator"], Role.COORDINATOR, programme.id)
    app = create_app(deployment=deployment)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    worker = make_worker(deployment)
    worker.start()
    yield Served(f"http://127.0.0.1:{server.effective_port}", app, deployment, world)
    worker.stop()
    server.close()
    thread.join(timeout=5)
    deployment.engine.dispose()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def open_as(scripts: bool, browser: Browser, stage: Served) -> Iterator[OpenAs]:
    """Give a function that opens a browser of its own for a person, signed in."""
    contexts: list[BrowserContext] = []

    def open_page(person_id: int) -> Page:
        contexts.append(context := browser.new_context(java_script_enabled=scripts, reduced_motion="reduce"))
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(stage.link_for(person_id))
        page.get_by_role("button", name="Sign in").click()
        return page

    yield open_page
    for context in contexts:
        context.close()


def says(page: Page, sentence: str) -> None:
    """Wait until the page's heading says something."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(sentence), timeout=120_000)


def told(page: Page, sentence: str) -> None:
    expect(page.get_by_role("status").first).to_contain_text(sentence)


def go_to(page: Page, place: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()


def bring_in(page: Page, role: str) -> None:
    go_to(page, "Imports")
    page.get_by_label("File", exact=True).set_input_files(DEMO / f"{role}s.csv")
    page.get_by_role("radio", name=re.compile(f"^{role.capitalize()}s ")).check()
    page.get_by_role("button", name="Upload and check").click()
    says(page, "rows read, all well")
    page.get_by_role("button", name=re.compile(f"Bring in .* {role}s")).click()
    page.get_by_role("link", name="See the result").click(timeout=120_000)
    says(page, f"{role}s brought in")


def run(page: Page) -> None:
    go_to(page, "Matching")
    page.get_by_role("button", name="Start a match run").click()
    says(page, "pairs to review")  # the page of the run has looked again by itself


def review(page: Page) -> None:
    """Lock one pair, exclude one and take that back, give one another mentor, who gets a place more for it."""
    page.get_by_role("button", name=re.compile("^Lock (?!the )")).first.click()
    told(page, "are locked.")
    expect(page.get_by_role("button", name="Locked", pressed=True)).to_have_count(1)
    before = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name=re.compile("^Exclude (?!the )")).nth(2).click()
    told(page, "will not be matched in this programme.")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
    page.get_by_role("button", name="Undo").click()
    told(page, "The pair is back in the run")
    says(page, before)
    page.get_by_role("link", name=re.compile("^Replace the mentor of")).nth(1).click()
    says(page, "Another mentor for")
    choices = page.url
    mentor = page.locator(".alts .person a").first
    name = mentor.inner_text()
    mentor.click()
    page.get_by_label("Places").fill("50")
    page.get_by_role("button", name="Save places").click()
    told(page, f"{name} takes 50 now")
    page.goto(choices)
    page.get_by_role("button", name=f"Use instead {name}").click()
    told(page, f"is paired with {name} instead of")


def explain(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Why ")).first.click()
    says(page, " of 100")
    score = int(re.findall(r"(\d+) of 100", page.get_by_role("heading", level=1).inner_text())[0])
    points = page.locator(".contrib-term .n").all_inner_texts()
    assert sum(int(point) for point in points if point.isdecimal()) == score
    assert page.locator(".two-profiles mark").count() > 1
    page.get_by_role("link", name="Next pair").click()
    expect(page.get_by_text(re.compile("Pair 2 of"))).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^Run \d")).click()


def publish(page: Page) -> None:
    page.get_by_role("link", name=re.compile(r"^Publish \d+ pairs")).click()
    says(page, r"Publish \d+ pairs\?")
    expect(page.get_by_text("We found a mentor for you").first).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Publish \d+ pairs")).click()
    told(page, "pairs are published, and both sides were told.")
    says(page, "pairs published")


def proposed(stage: Served) -> list[PairView]:
    with stage.deployment.reading(SYSTEM) as tx:
        return list(list_drafts(tx, 1).items)


def agree(pair: PairView, open_as: OpenAs) -> Page:
    mentee, mentor = open_as(pair.mentee.id), open_as(pair.mentor.id)
    says(mentee, "1 proposal to answer")
    assert "@" not in mentee.locator("main").inner_text(), "no address before both agreed"
    mentee.get_by_role("button", name=f"Say yes to {pair.mentor.name}").click()
    told(mentee, f"Now it is up to {pair.mentor.name}.")
    mentor.reload()
    mentor.get_by_role("button", name=f"Say yes to {pair.mentee.name}").click()
    told(mentor, f"You and {pair.mentee.name} both said yes.")
    expect(mentor.get_by_role("link", name=f"Write to {pair.mentee.name}")).to_be_visible()
    mentee.reload()
    expect(mentee.get_by_role("heading", name="Your mentorship")).to_be_visible()
    expect(mentee.get_by_text(f"You and {pair.mentor.name} are a pair").first).to_be_visible()
    return mentee


def decline(pair: PairView, open_as: OpenAs) -> None:
    mentee, mentor = open_as(pair.mentee.id), open_as(pair.mentor.id)
    mentee.get_by_role("link", name=f"Not now for {pair.mentor.name}").click()
    mentee.get_by_role("button", name="Say no, kindly").click()
    expect(mentee.get_by_role("alert")).to_contain_text("Choose the reason that comes closest.")
    mentee.get_by_role("radio", name="I have no time at the moment").check()
    mentee.get_by_role("button", name="Say no, kindly").click()
    told(mentee, "Thank you for saying so.")
    mentor.goto(mentor.url)
    expect(mentor.get_by_text(f"Not this time: {pair.mentee.name}").first).to_be_visible()


def test_from_two_files_to_pairs_that_agreed(stage: Served, open_as: OpenAs, scripts: bool) -> None:
    ruth = open_as(stage.world.roles["coordinator"])
    bring_in(ruth, "mentor")
    bring_in(ruth, "mentee")
    run(ruth)
    review(ruth)
    explain(ruth)
    publish(ruth)
    first, second = proposed(stage)[:2]
    home = agree(first, open_as)
    decline(second, open_as)
    ruth.get_by_role("link", name=re.compile(r"^Ended")).click()
    expect(ruth.get_by_text(f"{second.mentee.name} said not now")).to_contain_text("I have no time at the moment")
    if scripts:
        assert [problem for page in (ruth, home) for problem in find_axe_violations(page)] == []
        ruth.set_viewport_size({"width": 320, "height": 640})
        assert find_sideways_scroll(ruth) == []
