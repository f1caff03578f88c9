"""Every page of the address map takes as many SQL statements for many rows as for few, for everyone who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from browser.pages import address_of, find_pages
from browser.world import World, make_world
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import Rule

from wayfellow.deployment import Deployment
from wayfellow.types import SYSTEM
from wayfellow_web import create_app
from wayfellow_web.accounts.tickets import Purpose, issue_ticket

#: No page asks the database more often than this, whatever it shows.
MOST = 50


@dataclass
class Visited:
    """Be a programme of some size, with a client signed in as each role, and the statements that pages sent."""

    deployment: Deployment
    world: World
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def count(self, rule: Rule, role: str) -> int:
        """Return how many statements a page takes once it is warm; 0 where this role may not see it."""
        address, client = address_of(rule, self.world.samples), self.clients[role]
        client.get(address)
        self.sent.clear()
        return len(self.sent) if client.get(address).status_code == 200 else 0


def visited(folder: Path, mentors: int, mentees: int) -> Visited:
    deployment, world = make_world(folder, mentors, mentees)
    app = create_app(deployment=deployment)
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["TRUSTED_HOSTS"] = ["localhost"]  # what clients of tests call the site
    found = Visited(deployment, world)
    for role, person_id in world.roles.items():
        with deployment.transaction(SYSTEM) as tx:
            ticket = issue_ticket(tx, person_id, Purpose.SIGN_IN)
        found.clients[role] = app.test_client()
        assert found.clients[role].post(f"/sign-in/{ticket}").status_code == 302
    event.listen(deployment.engine, "before_cursor_execute", lambda *call: found.sent.append(call[2]))
    return found


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    found = visited(tmp_path_factory.mktemp("few"), 6, 14)
    yield found
    found.deployment.engine.dispose()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    found = visited(tmp_path_factory.mktemp("many"), 24, 70)
    yield found
    found.deployment.engine.dispose()


@pytest.mark.parametrize("rule", find_pages(), ids=lambda rule: rule.endpoint)
def test_a_page_takes_no_more_statements_for_more_rows(rule: Rule, few: Visited, many: Visited) -> None:
    for role in few.clients:
        needed = many.count(rule, role)
        extra = list(many.sent)
        assert needed <= few.count(rule, role), f"{rule.rule} as {role}: {[s for s in extra if s not in few.sent]}"
        assert needed <= MOST, f"{rule.rule} as {role} takes {needed} statements"
