"""Passkeys in a real browser, with an authenticator that the browser itself plays."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress
from browser.checks import WATCH, find_axe_violations, find_refused
from playwright.sync_api import Browser, CDPSession, Page, expect
from sqlalchemy import select, update

from wayfellow.config import default_config
from wayfellow.deployment import Deployment, open_deployment
from wayfellow.migrations.runner import upgrade
from wayfellow.people.service import create_person
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM
from wayfellow_web import create_app
from wayfellow_web.accounts.models import Account, Passkey
from wayfellow_web.accounts.tickets import Purpose, issue_ticket

pytestmark = pytest.mark.browser


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """Give an installation that answers for localhost, to which alone passkeys are bound without HTTPS."""
    deployment = open_deployment(default_config(tmp_path))
    upgrade(deployment, say=str)
    with deployment.transaction(SYSTEM) as tx:
        create_person(tx, None, name="Mia O'Brien", email="mia@example.org")
    yield deployment
    deployment.engine.dispose()


@pytest.fixture
def url(deployment: Deployment) -> Iterator[str]:
    server = waitress.create_server(create_app(deployment=deployment), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://localhost:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.add_init_script(WATCH)
    yield page
    context.close()


def give_authenticator(page: Page, *, verifies: bool = True) -> tuple[CDPSession, str]:
    """Give the page's browser a platform authenticator; without ``verifies`` nobody's finger fits."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": verifies, "automaticPresenceSimulation": True}
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def come_in(page: Page, url: str, deployment: Deployment) -> None:
    with deployment.transaction(SYSTEM) as tx:
        token = issue_ticket(tx, 1, Purpose.SIGN_IN)
    page.goto(f"{url}/sign-in/{token}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def add_passkey(page: Page, url: str, name: str = "My telephone") -> None:
    page.goto(f"{url}/me/sign-ins/passkeys")
    page.get_by_label("Name of the new passkey").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def sign_out(page: Page, url: str) -> None:
    page.goto(f"{url}/me/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Good to see you")


def use_passkey(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()


def test_a_passkey_is_made_named_used_and_removed(page: Page, url: str, deployment: Deployment) -> None:
    give_authenticator(page)
    come_in(page, url, deployment)
    add_passkey(page, url)
    problems = find_axe_violations(page)
    sign_out(page, url)
    use_passkey(page, url)
    page.wait_for_url(re.compile(r"^(?!.*sign-in)"))
    with deployment.reading(SYSTEM) as tx:
        last = select(AuditEntry.details).where(AuditEntry.action == "account.signed_in").order_by(AuditEntry.id.desc())
        assert tx.session.scalars(last.limit(1)).one()["by"] == "passkey"
    page.goto(f"{url}/me/sign-ins/passkeys")
    expect(page.get_by_text("last used")).to_be_visible()
    page.get_by_role("button", name="Remove My telephone").click()
    expect(page.get_by_role("status").first).to_contain_text("removed")
    assert problems + find_refused(page) == []
    sign_out(page, url)
    use_passkey(page, url)
    expect(page.get_by_role("alert").first).to_contain_text("does not work here")


def test_an_answer_is_taken_once_also_from_another_browser(
    page: Page, url: str, deployment: Deployment, browser: Browser
) -> None:
    give_authenticator(page)
    come_in(page, url, deployment)
    add_passkey(page, url)
    sign_out(page, url)
    page.goto(f"{url}/sign-in/passkey")
    copied = browser.new_context()
    copied.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # what it gives, it takes
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"^(?!.*sign-in)"))
    with deployment.transaction(SYSTEM) as tx:
        tx.session.execute(update(Passkey).values(sign_count=0))  # as with passkeys that devices share
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": url}
    again = copied.request.post(f"{url}/sign-in/passkey", data=sent[0], headers=form, max_redirects=0)
    assert again.status == 422
    assert "used already" in again.text()
    copied.close()


def test_a_device_that_does_not_check_its_holder_is_refused(page: Page, url: str, deployment: Deployment) -> None:
    devtools, authenticator = give_authenticator(page)
    come_in(page, url, deployment)
    add_passkey(page, url)
    sign_out(page, url)
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    use_passkey(page, url)
    expect(page.get_by_role("alert").first).to_contain_text("No passkey was used")
    page.goto(f"{url}/me/")
    assert "/sign-in" in page.url


def test_a_switched_off_account_gets_the_same_words_and_stays_out(page: Page, url: str, deployment: Deployment) -> None:
    give_authenticator(page)
    come_in(page, url, deployment)
    add_passkey(page, url)
    sign_out(page, url)
    with deployment.transaction(SYSTEM) as tx:
        tx.session.execute(update(Account).values(active=False))
    use_passkey(page, url)
    expect(page.get_by_role("alert").first).to_contain_text("does not work here")
    with deployment.transaction(SYSTEM) as tx:
        tx.session.execute(update(Account).values(active=True))
    page.goto(f"{url}/me/")
    assert "/sign-in" in page.url


def test_without_scripts_the_page_says_so(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/sign-in/passkey")
    expect(page.get_by_text("scripts are off")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    context.close()
