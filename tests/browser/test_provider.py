"""Sign in by the organisation's provider, in a real browser under the real headers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import waitress
from browser.checks import WATCH, find_axe_violations, find_refused
from oidc_provider import Provider, serve
from playwright.sync_api import Browser, Page, expect

from wayfellow.clock import utc_now
from wayfellow.config import default_config
from wayfellow.deployment import open_deployment
from wayfellow.migrations.runner import upgrade
from wayfellow.people.service import create_person
from wayfellow.types import SYSTEM
from wayfellow_web import create_app

pytestmark = pytest.mark.browser


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serve(Provider(utc_now)) as provider:
        provider.person = {"sub": "m-1", "email": "mia@example.org", "email_verified": True}
        yield provider


@pytest.fixture
def url(tmp_path: Path, provider: Provider) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    deployment = open_deployment(replace(default_config(tmp_path), base_url=url, oidc=provider.settings))
    upgrade(deployment, say=str)
    with deployment.transaction(SYSTEM) as tx:
        create_person(tx, None, name="Mia O'Brien", email="mia@example.org")
    server = waitress.create_server(create_app(deployment=deployment), host="127.0.0.1", port=port, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield url
    server.close()
    thread.join(timeout=5)
    deployment.engine.dispose()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.add_init_script(WATCH)
    yield page
    context.close()


def test_there_and_back(page: Page, url: str) -> None:
    page.goto(f"{url}/me/")
    expect(page.get_by_role("link", name="Sign in with Northlight ID")).to_be_visible()
    problems = find_axe_violations(page)
    page.get_by_role("link", name="Sign in with Northlight ID").click()
    page.get_by_role("button", name="It is me").click()
    page.wait_for_url(f"{url}/me/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mia O'Brien")
    assert problems + find_refused(page) == []


def test_a_stranger_reads_what_to_do_next(page: Page, url: str, provider: Provider) -> None:
    provider.person |= {"email": "eve@example.org"}
    page.goto(f"{url}/sign-in/provider/")
    page.get_by_role("button", name="It is me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("That did not sign you in")
    assert find_axe_violations(page) + find_refused(page) == []
    page.get_by_role("link", name="Other ways to sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Good to see you")
