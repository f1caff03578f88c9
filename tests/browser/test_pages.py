"""Visit every page that the address map holds, as every role, and check each as DESIGN §6 asks."""

from __future__ import annotations

import re

import pytest
from browser.checks import (
    COLOURS,
    TAGS,
    WATCH,
    find_axe_violations,
    find_keyboard_problems,
    find_refused,
    find_sideways_scroll,
    find_small_targets,
    find_structure_problems,
)
from browser.conftest import Served
from browser.pages import address_of, find_pages
from playwright.sync_api import APIResponse, BrowserContext, Page
from werkzeug.routing import Rule

pytestmark = pytest.mark.browser

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


class Visit:
    """Be one visit: a page with its console and what went wrong on the way."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.page.add_init_script(WATCH)
        self.console: list[str] = []
        self.page.on("console", lambda m: self.console.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.page.set_viewport_size(WIDE)
        self.page.goto(url, wait_until="networkidle")  # what a page asks for by itself may still change it

    def check(self, first: bool) -> list[str]:
        """Check a page; only the ``first`` of its looks is checked wide too, and walked through narrow by keyboard."""
        page = self.page
        problems = find_keyboard_problems(page)
        for size in (WIDE, NARROW) if first else (NARROW,):
            page.set_viewport_size(size)
            for scheme, rules in (("light", TAGS), ("dark", COLOURS)):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                problems += find_axe_violations(page, rules)
        problems += find_small_targets(page) + find_sideways_scroll(page)
        return problems + (find_keyboard_problems(page) if first else [])

    def close(self) -> list[str]:
        """Close the page; return what every visit is asked for."""
        problems = find_structure_problems(self.page) + find_refused(self.page)
        self.page.close()
        # The browser itself notes a page's own status of 4xx in the console.
        return problems + [f"console: {line}" for line in self.console if "Failed to load resource" not in line]


def look_of(answer: APIResponse) -> frozenset[str]:
    """Return the kinds of parts that an answer's page has: what roles read may differ, how it is made need not."""
    text = answer.text()
    tags = re.findall(r"<(?:body|main)[^>]*>", text) + re.findall(r"<\w[^>]*>", text.partition("<main")[2])
    return frozenset(re.sub(r'(?<! class)(?<! type)="[^"]*"', "", tag) for tag in tags)


@pytest.fixture(scope="module")
def refusals() -> set[tuple[str, int]]:
    """Remember which refusals were looked at: they are the same page everywhere."""
    return set()


@pytest.mark.parametrize("rule", find_pages(), ids=lambda rule: rule.endpoint)
def test_page(rule: Rule, served: Served, contexts: dict[str, BrowserContext], refusals: set[tuple[str, int]]) -> None:
    address = address_of(rule, served.world.samples)
    problems: list[str] = []
    seen: set[frozenset[str]] = set()
    for role, context in contexts.items():
        answer = context.request.get(served.url + address)
        assert answer.status in (200, 403, 404), f"{address} as {role} answers {answer.status}"
        refused = answer.url.partition("?")[0] != served.url + address or answer.status != 200
        look = look_of(answer)
        if look in seen or (refused and (role, answer.status) in refusals):
            continue
        visit = Visit(context, served.url + address)
        problems += [f"{role}: {problem}" for problem in visit.check(first=not seen) + visit.close()]
        refusals |= {(role, answer.status)} if refused else set()
        seen |= set() if refused else {look}
    assert not problems, f"{address} has {len(problems)} problems:\n" + "\n".join(problems)
