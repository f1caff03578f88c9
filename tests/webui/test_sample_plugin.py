"""A plugin from outside brings a page, an entry in the menu and a panel, through hooks alone."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import Engine

import wayfellow_sample.plugin as sample
from wayfellow.config import Config
from wayfellow.db import write_session
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.migrations.runner import upgrade

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def deployment(config: Config, engine: Engine, clock: Any) -> Deployment:
    """Give a deployment with the plugin and its table."""
    plugins = (("sample", sample),)
    host = PluginHost.load(config, plugins=plugins, session_factory=lambda: write_session(engine))
    deployment = Deployment(config, engine, host, clock)
    upgrade(deployment, say=str, backup=False)
    return deployment


def test_its_page_shows_and_takes_books(sign_in: SignIn) -> None:
    tom = sign_in("Tom")
    page = tom.get("/x/sample/")
    assert page.status_code == 200
    assert "<h1>Our shelf</h1>" in page.text
    assert "No books yet." in page.text
    assert tom.post("/x/sample/", data={"title": "Middlemarch <1>"}).status_code == 302
    assert "<li>Middlemarch &lt;1&gt;</li>" in tom.get("/x/sample/").text


def test_its_page_is_for_those_who_may_see_it(client: FlaskClient, sign_in: SignIn) -> None:
    assert client.get("/x/sample/").status_code == 302, "to the sign-in"
    assert sign_in("Ada").get("/x/sample/").status_code == 403


def test_the_menu_names_it_for_those_who_may_see_it(sign_in: SignIn) -> None:
    assert 'href="/x/sample/"' in sign_in("Tom").get("/notices/").text
    assert 'href="/x/sample/"' not in sign_in("Ada").get("/notices/").text


def test_its_panel_stands_on_a_persons_page(app: Flask, sign_in: SignIn, world: Any) -> None:
    sign_in("Tom").post("/x/sample/", data={"title": "Middlemarch"})
    with app.test_request_context():
        address = url_for("person.show", programme="bridges", person_id=world.people["Tom"])
    page = sign_in("Ruth").get(address)
    assert page.status_code == 200
    assert "<li>Middlemarch</li>" in page.text
