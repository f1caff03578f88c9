"""Five people and an empty installation: a coordinator, two mentors and two mentees come to two pairs, by mail.

What happens when nobody answers is played by moving the clock.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import waitress
from aiosmtpd.controller import Controller
from conftest import MovableClock
from mail_sink import Sink, mail_config, work_off
from playwright.sync_api import Browser, BrowserContext, Page, expect

from wayfellow.config import default_config
from wayfellow.db import open_engine
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.migrations.runner import upgrade
from wayfellow_web import create_app
from wayfellow_web.accounts.first_run import setup_token

pytestmark = pytest.mark.browser

LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
MENTORS = """name,email,job title,expertise,capacity
Tomasz Oduya,tomasz@example.org,Head of data,"Data platforms, forecasting of demand, statistics, pipelines",2
Ingrid Solheim,ingrid@example.org,Design lead,"User research, interface design, prototypes, accessibility",1
"""
MENTEES = """name,email,job title,goals
Renske Amadi,renske@example.org,Analyst,"Learn forecasting of demand and statistics"
"""
WHY_TOMASZ = "You moved from design to data, and I wonder how much of my research I could measure as you do."
WHY_INGRID = "Your work on accessible prototypes is where I want to be in two years, and I would love to hear how."


@dataclass
class House:
    """Be an installation in use: its people's browsers, its mail server and its clock."""

    url: str
    deployment: Deployment
    clock: MovableClock
    sink: Sink
    browser: Browser
    scripts: bool
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self) -> Page:
        """Give somebody a browser of their own."""
        context = self.browser.new_context(java_script_enabled=self.scripts, reduced_motion="reduce")
        context.set_default_timeout(60_000)
        self.contexts.append(context)
        return context.new_page()

    def mails(self, name: str, subject: str) -> list[str]:
        """Send what waits; return the texts of somebody's mails whose subject holds a text, oldest first."""
        work_off(self.deployment)
        return [
            mail.get_body(("plain",)).get_content()
            for mail, to in zip(self.sink.mails, self.sink.to, strict=True)
            if to == f"{name}@example.org" and subject in mail["Subject"]
        ]

    def follow(self, page: Page, name: str, subject: str) -> None:
        """Open the link in somebody's newest mail and come in."""
        page.goto(LINK.findall(self.mails(name, subject)[-1])[0])
        page.get_by_role("button", name=re.compile("^(Sign in|Go on)")).click()
        page.wait_for_load_state()

    def sign_in(self, name: str) -> Page:
        """Let somebody in with a link that comes by mail."""
        page = self.open()
        page.goto(f"{self.url}/sign-in")
        page.get_by_label("E-mail").first.fill(f"{name}@example.org")
        page.get_by_role("button", name="Send me a link").click()
        page.wait_for_load_state()
        self.follow(page, name, "Your link to Northlight")
        return page


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def house(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    browser: Browser,
    sink: Sink,
    server: Controller,
    clock: MovableClock,
) -> Iterator[House]:
    """Serve an empty installation that sends mail."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    config = replace(default_config(tmp_path), organisation="Northlight", base_url=url, mail=mail_config(server))
    engine = open_engine(config.database_url)
    deployment = Deployment(config, engine, PluginHost.load(config), clock)
    upgrade(deployment, say=lambda line: None)
    web = waitress.create_server(create_app(deployment=deployment), host="127.0.0.1", port=port, threads=4)
    thread = threading.Thread(target=web.run, daemon=True)
    thread.start()
    found = House(url, deployment, clock, sink, browser, request.param)
    yield found
    for context in found.contexts:
        context.close()
    web.close()
    thread.join(timeout=5)
    engine.dispose()


def told(page: Page, sentence: str) -> None:
    expect(page.get_by_role("status").first).to_contain_text(sentence)


def says(page: Page, sentence: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(sentence))


def go_to(page: Page, place: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()


def address_of(page: Page, name: str) -> str:
    """Return what a person's own page says for writing to somebody, "" where it offers nothing."""
    links = page.get_by_role("link", name=f"Write to {name}")
    return links.first.get_attribute("href") or "" if links.count() else ""


def set_up(house: House) -> Page:
    page = house.open()
    page.goto(f"{house.url}/set-up/{setup_token(house.deployment.config)}")
    page.get_by_label("Your name").fill("Ruth Adeyemi")
    page.get_by_label("Your e-mail").fill("ruth@example.org")
    page.get_by_label("The first programme").fill("Career Bridges")
    page.get_by_label("Its first cycle").fill("Winter 2026")
    page.get_by_label("Time zone").fill("Europe/London")
    page.get_by_role("button", name="Set it up").click()
    says(page, "Ruth")
    assert house.mails("ruth", ""), "the set-up sends a mail as a test"
    return page


def open_the_programme(page: Page) -> None:
    go_to(page, "Settings")
    page.get_by_role("checkbox", name=re.compile("Show it to everybody")).check()
    page.get_by_role("button", name="Save the programme").click()
    told(page, "The programme is saved.")
    page.get_by_role("checkbox", name=re.compile("Mentees ask mentors")).check()
    page.get_by_label("Days to answer").fill("14")
    page.get_by_role("button", name="Save how people find each other").click()
    expect(page.get_by_role("checkbox", name=re.compile("Mentees ask mentors"))).to_be_checked()


def bring_in(house: House, page: Page, role: str, rows: str, folder: Path) -> None:
    file = folder / f"{role}s.csv"
    file.write_text(rows, "utf-8")
    go_to(page, "Imports")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("radio", name=re.compile(f"^{role.capitalize()}s")).check()
    page.get_by_role("button", name="Upload and check").click()
    says(page, "all well")
    page.get_by_role("button", name=re.compile("^Bring in")).click()
    page.wait_for_load_state()
    work_off(house.deployment)
    page.reload()
    page.get_by_role("link", name="See the result").click()
    says(page, "brought in")


def apply(house: House) -> Page:
    """Let a stranger apply: an address first, then the form behind the link that comes to it."""
    page = house.open()
    page.goto(f"{house.url}/join/career-bridges")
    page.get_by_label("You want to be a").select_option("mentee")
    page.get_by_label("Your name").fill("Wim Okafor")
    page.get_by_label("Your e-mail").fill("wim@example.org")
    page.get_by_role("button", name="Send me the link").click()
    page.wait_for_load_state()
    house.follow(page, "wim", "")
    page.goto(f"{house.url}/join/career-bridges/mentee")
    page.get_by_label("Your goals").fill("Learn user research, prototypes and accessibility")
    page.get_by_role("button", name="Send the application").click()
    page.wait_for_load_state()
    return page


def approve(house: House, page: Page) -> None:
    go_to(page, "Applications")
    page.get_by_role("checkbox", name=re.compile("Wim Okafor")).check()
    page.get_by_role("button", name=re.compile("^Approve")).click()
    expect(page.get_by_text("What Wim Okafor reads")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Approve")).click()
    page.wait_for_load_state()
    assert house.mails("wim", "Career Bridges"), "who is approved hears of it"


def match_and_publish(house: House, page: Page) -> None:
    go_to(page, "Matching")
    page.get_by_role("button", name="Start a match run").click()
    page.wait_for_load_state()
    work_off(house.deployment)
    page.reload()
    says(page, "2 pairs to review")
    page.get_by_role("link", name=re.compile("^Publish 2 pairs")).click()
    page.get_by_role("button", name=re.compile("^Publish 2 pairs")).click()
    told(page, "2 pairs are published")
    for name in ("renske", "wim", "tomasz", "ingrid"):
        assert len(house.mails(name, "We found a")) == 1, f"{name} hears of the proposal once"


def agree(renske: Page, tomasz: Page) -> None:
    assert not address_of(renske, "Tomasz Oduya")
    renske.get_by_role("button", name="Say yes to Tomasz Oduya").click()
    told(renske, "Now it is up to Tomasz Oduya.")
    tomasz.reload()
    tomasz.get_by_role("button", name="Say yes to Renske Amadi").click()
    told(tomasz, "both said yes")
    renske.reload()
    assert address_of(renske, "Tomasz Oduya") == "mailto:tomasz@example.org"
    assert address_of(tomasz, "Renske Amadi") == "mailto:renske@example.org"


def let_it_run_out(house: House) -> None:
    """Let the days to answer go by: first a reminder comes, then kind words to both."""
    house.clock.move(days=11)
    assert len(house.mails("ingrid", "")) == 2, "a reminder comes before the time is over"
    house.clock.move(days=5)
    assert len(house.mails("ingrid", "")) == 3
    assert len(house.mails("wim", "Ingrid Solheim")) >= 2, "the other side hears that the time is over"


def ask(page: Page, name: str, words: str, *, in_line: bool) -> None:
    page.goto(page.url.partition("/directory")[0].rstrip("/") + "/directory/")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.get_by_role("link", name=re.compile("^Ask")).first.click()
    page.get_by_label(re.compile("^Why ")).fill(words)
    if in_line:
        page.get_by_role("radio", name=re.compile("^Keep as my next choice")).check()
    page.get_by_role("button", name="Send").click()
    told(page, "It stands in line" if in_line else "Your message is on its way.")


def decline(page: Page, name: str) -> None:
    page.reload()
    page.get_by_role("link", name=f"Not now for {name}").click()
    page.get_by_role("radio", name="I have no time at the moment").check()
    page.get_by_role("button", name="Say no, kindly").click()
    told(page, "Thank you for saying so.")


def tell_more(ingrid: Page, wim: Page) -> None:
    ingrid.goto(ingrid.url)
    ingrid.get_by_role("link", name="Tell me more: Wim Okafor").click()
    ingrid.get_by_label("What would you like to know?").fill("How much time do you have in a month?")
    ingrid.get_by_role("button", name="Send").click()
    told(ingrid, "Wim Okafor has your words now.")
    wim.goto(wim.url)
    wim.get_by_role("link", name="Reply to Ingrid Solheim").click()
    wim.get_by_label("Your reply").fill("Two afternoons, and I come prepared.")
    wim.get_by_role("button", name="Send").click()
    told(wim, "Ingrid Solheim has your words now.")


def test_five_people_come_to_two_pairs(house: House, tmp_path: Path) -> None:
    ruth = set_up(house)
    open_the_programme(ruth)
    bring_in(house, ruth, "mentor", MENTORS, tmp_path)
    bring_in(house, ruth, "mentee", MENTEES, tmp_path)
    apply(house)
    approve(house, ruth)
    match_and_publish(house, ruth)
    agree(house.sign_in("renske"), house.sign_in("tomasz"))

    let_it_run_out(house)
    wim, tomasz, ingrid = (house.sign_in(name) for name in ("wim", "tomasz", "ingrid"))
    ask(wim, "Tomasz Oduya", WHY_TOMASZ, in_line=False)
    ask(wim, "Ingrid Solheim", WHY_INGRID, in_line=True)
    before = len(house.mails("ingrid", ""))
    decline(tomasz, "Wim Okafor")
    assert len(house.mails("ingrid", "")) == before + 1, "the next choice is asked once the first said no"
    tell_more(ingrid, wim)
    assert not address_of(wim, "Ingrid Solheim")
    ingrid.goto(ingrid.url)
    ingrid.get_by_role("button", name="Say yes to Wim Okafor").click()
    told(ingrid, "both said yes")
    wim.reload()
    assert address_of(wim, "Ingrid Solheim") == "mailto:ingrid@example.org"
    assert address_of(ingrid, "Wim Okafor") == "mailto:wim@example.org"
    assert house.mails("wim", "You and Ingrid Solheim are a pair")
    assert house.mails("ingrid", "You and Wim Okafor are a pair")
