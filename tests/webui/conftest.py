"""Give web tests an application, people of every role, and browsers that are signed in as them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_board import Board
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.people.fields import sync_fields
from wayfellow.programmes.roles import grant_role
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.types import SYSTEM, Role
from wayfellow_web import create_app
from wayfellow_web.accounts.tickets import Purpose, issue_ticket

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def world(deployment: Deployment) -> World:
    """Make two programmes: one with people of every role, one with a mentor of its own."""
    world = World()
    with deployment.transaction(SYSTEM) as tx:
        sync_fields(tx)
        world.programme_id = create_programme(tx, "Bridges").id
        world.cycle_id = create_cycle(tx, world.programme_id, "Winter 2026").id
        world.other_programme_id = create_programme(tx, "Night").id
        world.other_cycle_id = create_cycle(tx, world.other_programme_id, "Winter 2026").id
        grant_role(tx, world.add(tx, "Ada"), Role.ADMINISTRATOR, None)
        grant_role(tx, world.add(tx, "Ruth"), Role.COORDINATOR, world.programme_id)
        grant_role(tx, world.add(tx, "Otto"), Role.COORDINATOR, world.other_programme_id)
        world.add(tx, "Mia", Role.MENTEE)
        world.add(tx, "Tom", Role.MENTOR)
        world.add(tx, "Nils", Role.MENTOR, world.other_cycle_id)
    return world


@pytest.fixture
def app(deployment: Deployment, world: World) -> Flask:
    app = create_app(deployment=deployment)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def make_link(deployment: Deployment, world: World) -> Callable[[str], str]:
    """Give a function that makes a one-time link for the person with a first name."""

    def make(name: str) -> str:
        with deployment.transaction(SYSTEM) as tx:
            return f"/sign-in/{issue_ticket(tx, world.people[name], Purpose.SIGN_IN)}"

    return make


@pytest.fixture
def sign_in(app: Flask, make_link: Callable[[str], str]) -> SignIn:
    """Give a function that returns a browser signed in as the person with a first name."""

    def sign_in_as(name: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post(make_link(name))
        assert answer.status_code == 302, answer.text
        return client

    return sign_in_as


@pytest.fixture
def board(deployment: Deployment, world: World) -> Board:
    """Give the first programme's matching, for a test to fill."""
    return Board(deployment, world)
