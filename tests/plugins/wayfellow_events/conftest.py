"""Give the tests of events a programme with people and an event, on each database."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from events_facts import FACTS
from flask import Flask
from flask.testing import FlaskClient
from mail_sink import sending

from wayfellow.deployment import Deployment, Transaction
from wayfellow.host import PluginHost
from wayfellow.migrations.runner import upgrade
from wayfellow.people.fields import sync_fields
from wayfellow.people.service import create_person
from wayfellow.programmes.members import add_member
from wayfellow.programmes.roles import actor_for, grant_role
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.types import SYSTEM, Actor, Role
from wayfellow_events import plugin
from wayfellow_events.events.models import Event
from wayfellow_events.events.saving import create_event
from wayfellow_web import create_app
from wayfellow_web.accounts.tickets import Purpose, issue_ticket

SignIn = Callable[[str], FlaskClient]


@dataclass
class Gathering:
    """Be a programme with people by name, and the events that a test makes."""

    deployment: Deployment
    programme_id: int = 0
    cycle_id: int = 0
    people: dict[str, int] = field(default_factory=dict)

    def person(self, name: str, role: Role | None = None) -> Actor:
        with self.deployment.transaction(SYSTEM) as tx:
            address = f"{name.lower().replace(' ', '.')}@example.org"
            person = create_person(tx, None, name=name, email=address, timezone="Europe/London")
            if role in (Role.MENTOR, Role.MENTEE):
                add_member(tx, self.cycle_id, person.id, role)
            elif role is not None:
                grant_role(tx, person.id, role, self.programme_id)
        self.people[name] = person.id
        return self.actor(name)

    def actor(self, name: str) -> Actor:
        with self.deployment.reading(SYSTEM) as tx:
            return actor_for(tx.session, self.people[name])

    def event(self, **facts: object) -> Event:
        return self.do("Cora", lambda tx: create_event(tx, self.programme_id, replace(FACTS, **facts)))

    def do(self, who: str | Actor, act: Callable[[Transaction], object]):
        """Do something in a transaction of its own, as a person or the system."""
        with self.deployment.transaction(self.actor(who) if isinstance(who, str) else who) as tx:
            return act(tx)


@pytest.fixture
def deployment(deployment: Deployment) -> Deployment:
    """Give the deployment with the plugin and its tables."""
    deployment.host = PluginHost.load(deployment.config, plugins=(("events", plugin),))
    upgrade(deployment, say=str, backup=False)
    return deployment


@pytest.fixture
def gathering(deployment: Deployment) -> Gathering:
    """Give a programme with the coordinator Cora, the mentor Maja and the mentee Mio."""
    gathering = Gathering(deployment)
    with deployment.transaction(SYSTEM) as tx:
        sync_fields(tx)
        gathering.programme_id = create_programme(tx, "Career Bridges", timezone="Europe/London").id
        gathering.cycle_id = create_cycle(tx, gathering.programme_id, "Winter").id
    gathering.person("Cora", Role.COORDINATOR)
    gathering.person("Maja", Role.MENTOR)
    gathering.person("Mio", Role.MENTEE)
    return gathering


@pytest.fixture
def app(gathering, server) -> Flask:
    """Serve the gathering, with mail."""
    gathering.deployment = sending(gathering.deployment, server).deployment
    gathering.deployment.host = PluginHost.load(
        gathering.deployment.config, plugins=(("accounts", "wayfellow_web.plugin"), ("events", plugin))
    )
    app = create_app(deployment=gathering.deployment)
    app.config.update(WTF_CSRF_ENABLED=False, TRUSTED_HOSTS=["localhost"])
    return app


@pytest.fixture
def sign_in(app: Flask, gathering) -> SignIn:
    def sign_in_as(name: str) -> FlaskClient:
        with gathering.deployment.transaction(SYSTEM) as tx:
            ticket = issue_ticket(tx, gathering.people[name], Purpose.SIGN_IN)
        client = app.test_client()
        assert client.post(f"/sign-in/{ticket}").status_code == 302
        return client

    return sign_in_as
