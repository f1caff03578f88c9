"""A new installation in the browser: from the address on the console to the first programme."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import waitress
from browser.test_pages import Visit
from playwright.sync_api import Browser, Page

from wayfellow.config import default_config
from wayfellow.deployment import open_deployment
from wayfellow.migrations.runner import upgrade
from wayfellow_web import create_app
from wayfellow_web.accounts.first_run import setup_token

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve an empty installation, and give the address of its set-up page."""
    config = replace(default_config(tmp_path), organisation="Northlight", base_url="http://127.0.0.1")
    deployment = open_deployment(config)
    upgrade(deployment, say=lambda line: None)
    server = waitress.create_server(create_app(deployment=deployment), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}/set-up/{setup_token(config)}"
    server.close()
    thread.join(timeout=5)
    deployment.engine.dispose()


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_consoles_address_to_the_first_programme(address: str, browser: Browser, scripts: bool) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(address)
        page.get_by_label("Your name").fill("Ruth Adeyemi")
        page.get_by_label("Your e-mail").fill("ruth")
        page.get_by_label("The first programme").fill("Career Bridges")
        page.get_by_label("Its first cycle").fill("Spring 2027")
        page.get_by_label("Time zone").fill("Europe/London")
        page.get_by_role("button", name="Set it up").click()
        assert page.get_by_role("alert").get_by_role("link").count() == 1
        assert page.get_by_label("The first programme").input_value() == "Career Bridges"
        page.get_by_label("Your e-mail").fill("ruth@example.org")
        page.get_by_role("button", name="Set it up").click()
        assert "Ruth" in page.get_by_role("heading", level=1).inner_text()
        assert page.get_by_text("Everything is set up").is_visible()
        assert page.get_by_role("link", name="Import mentors").first.is_visible()
        page.wait_for_load_state()


def test_the_page_is_as_good_as_every_other(address: str, browser: Browser) -> None:
    with browser.new_context() as context:
        visit = Visit(context, address)
        problems = visit.check(first=True)
        send(visit.page)
        problems += visit.check(first=True) + visit.close()
    assert not problems, "\n".join(problems)


def send(page: Page) -> None:
    """Send the form as it is, and wait for the answer."""
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_load_state()
