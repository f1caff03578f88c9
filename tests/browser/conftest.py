"""Serve real pages with demo-like data, and open them in a real Chromium as each role."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import waitress
from browser.world import World, make_world
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from wayfellow.deployment import Deployment
from wayfellow.types import SYSTEM
from wayfellow_web import create_app
from wayfellow_web.accounts.tickets import Purpose, issue_ticket


@dataclass(frozen=True)
class Served:
    """Be an application that answers at ``url``."""

    url: str
    app: Flask
    deployment: Deployment
    world: World

    def link_for(self, person_id: int) -> str:
        with self.deployment.transaction(SYSTEM) as tx:
            return f"{self.url}/sign-in/{issue_ticket(tx, person_id, Purpose.SIGN_IN)}"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a programme with people, runs and proposals on a free port of this machine."""
    folder: Path = tmp_path_factory.mktemp("served")
    deployment, world = make_world(folder)
    app = create_app(deployment=deployment)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.effective_port}", app, deployment, world)
    server.close()
    thread.join(timeout=5)
    deployment.engine.dispose()


@pytest.fixture(scope="session")
def contexts(browser: Browser, served: Served) -> Iterator[dict[str, BrowserContext]]:
    """Give one browser context per role; each signed in with a link of its own."""
    contexts = {"anonymous": browser.new_context()}
    for role, person_id in served.world.roles.items():
        contexts[role] = context = browser.new_context()
        page = context.new_page()
        page.goto(served.link_for(person_id))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()  # Chromium never answers a page that is closed just as its next one comes in
        page.close()
    yield contexts
    for context in contexts.values():
        context.close()
