"""Pages in Arabic and German are as accessible as those in English, at both widths."""

from __future__ import annotations

import pytest
from browser.checks import (
    TAGS,
    WATCH,
    find_axe_violations,
    find_keyboard_problems,
    find_refused,
    find_small_targets,
    find_structure_problems,
)
from browser.conftest import Served
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WORK = ("", "people/", "applications/", "imports/", "messages/", "team/", "settings/", "matching/criteria/")
PAGES = {
    "anonymous": ["/sign-in", "/join/career-bridges", "/help/", "/nowhere"],
    "mentee": ["/me/", "/me/profile", "/me/goals/", "/me/messages/", "/me/sign-ins"],
    "coordinator": ["/me/data/", "/programmes/", *(f"/p/career-bridges/{page}" for page in WORK)],
}


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("de", "ltr")])
@pytest.mark.parametrize("role", PAGES)
def test_pages_in_a_language(served: Served, browser: Browser, role: str, language: str, direction: str) -> None:
    context = browser.new_context(locale=language)
    context.add_init_script(WATCH)
    page = context.new_page()
    if role != "anonymous":
        page.goto(served.link_for(served.world.roles[role]))
        page.locator("main button.btn-primary").click()
        page.wait_for_load_state()
    problems = [
        f"{path} at {width} px: {problem}"
        for path in PAGES[role]
        for width in (320, 1280)
        for problem in look(page, served.url + path, width, (language, direction))
    ]
    context.close()
    assert problems == []


def look(page: Page, url: str, width: int, expected: tuple[str, str]) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    page.goto(url, wait_until="networkidle")  # what a page asks for by itself fades while it comes
    problems = find_axe_violations(page, TAGS) + find_structure_problems(page) + find_small_targets(page)
    if page.evaluate("() => [document.documentElement.lang, document.documentElement.dir]") != list(expected):
        problems.append("is in another language")
    if page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"):
        problems.append("scrolls sideways")
    return problems + find_keyboard_problems(page) + find_refused(page)


def test_the_switch_changes_the_page_at_once_without_scripts(served: Served, browser: Browser) -> None:
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}/sign-in")
    page.get_by_role("button", name="العربية").click()
    assert page.url == f"{served.url}/sign-in"
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.get_by_role("heading", level=1).inner_text() == "سعداء برؤيتك"
    context.close()
