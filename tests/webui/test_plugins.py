"""What plugins bring to pages, what happens when they fail, and the page that lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Blueprint
from flask.testing import FlaskClient
from web_world import World

from wayfellow import hookimpl
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.types import Actor, NavItem, Panel, Setting, Slot
from wayfellow_web import create_app

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Panels:
    """Be a plugin with a good panel, one whose template fails, one from elsewhere, and a menu entry to nowhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @hookimpl
    def register_settings(self) -> list[Setting]:
        return [Setting("greeting", "Greeting", "Hello")]

    @hookimpl
    def register_blueprints(self) -> list[Blueprint]:
        return [Blueprint("panels", __name__, template_folder=str(self.folder))]

    @hookimpl
    def list_nav_items(self, user: Actor) -> list[NavItem]:
        return [NavItem("panels.nowhere", "Nowhere")]

    @hookimpl
    def list_panels(self, slot: Slot, subject_id: int) -> list[Panel]:
        if slot is not Slot.PERSON_SIDE:
            return []
        return [
            Panel("Good one", "panels/good.html", {"what": "<b>safe</b>"}, order=1),
            Panel("Bad one", "panels/bad.html", order=2),
            Panel("Stolen one", "wayfellow_web/errors/error.html", order=3),
        ]


@pytest.fixture
def open_as(
    deployment: Deployment, world: World, tmp_path: Path, make_link: Callable[[str], str]
) -> Callable[[str], FlaskClient]:
    """Give a function that opens pages of a deployment with the plugin, signed in as a first name."""
    folder = tmp_path / "templates"
    (folder / "panels").mkdir(parents=True)
    (folder / "panels" / "good.html").write_text("<p>{{ what }} for {{ actor.name }}</p>")
    (folder / "panels" / "bad.html").write_text("<p>{{ 1 / 0 }}</p>")
    config = replace(deployment.config, strict=False)
    deployment.config = config
    deployment.host = PluginHost.load(config, plugins=(("panels", Panels(folder)),))
    app = create_app(deployment=deployment)
    app.config["WTF_CSRF_ENABLED"] = False

    def open_as(name: str) -> FlaskClient:
        client = app.test_client()
        client.post(make_link(name))
        return client

    return open_as


def test_a_failing_panel_leaves_the_page_whole(open_as: Callable[[str], FlaskClient], world: World) -> None:
    address = f"/p/bridges/people/{world.people['Tom']}"
    seen = open_as("Ruth").get(address)
    assert seen.status_code == 200
    assert "&lt;b&gt;safe&lt;/b&gt; for Ruth Example" in seen.text
    assert "could not show its part" not in seen.text
    told = open_as("Ada").get(address).text
    assert told.count("could not show its part") == 2
    assert "Good one" in told


def test_a_menu_entry_to_nowhere_is_left_out(open_as: Callable[[str], FlaskClient]) -> None:
    assert "Nowhere" not in open_as("Ruth").get("/p/bridges/").text


def test_a_template_in_anothers_place_leaves_its_plugins_pages_out(
    deployment: Deployment, world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "templates"
    (folder / "wayfellow_web").mkdir(parents=True)
    (folder / "wayfellow_web" / "evil.html").write_text("")
    deployment.host = PluginHost.load(deployment.config, plugins=(("panels", Panels(folder)),))
    app = create_app(deployment=deployment)
    assert "panels" not in app.blueprints
    assert "wayfellow_web/evil.html" in caplog.text
    assert app.test_client().get("/sign-in").status_code == 200


def test_administrators_see_how_plugins_are(
    deployment: Deployment, world: World, make_link: Callable[[str], str], tmp_path: Path
) -> None:
    class Broken:
        @hookimpl
        def register_settings(self) -> list[Setting]:
            raise OSError("no licence file")

    config = replace(deployment.config, strict=False, disabled_plugins=frozenset({"resting"}))
    plugins = (("broken", Broken()), ("panels", Panels(tmp_path / "none")), ("resting", object()))
    deployment.config, deployment.host = config, PluginHost.load(config, plugins=plugins)
    client = create_app(deployment=deployment).test_client()
    client.application.config["WTF_CSRF_ENABLED"] = False
    client.post(make_link("Ada"))
    page = client.get("/plugins/").text
    assert "1 plugin needs care" in page
    assert "no licence file" in page
    assert "wayfellow plugin enable resting" in page
    assert "wayfellow plugin disable panels" in page
    assert "1 setting" in page
    assert 'value="Hello"' in client.get("/plugins/panels/").text
    off = client.get("/plugins/?group=off").text
    assert "resting" in off
    assert "no licence file" not in off
