"""Administrators set in the browser what the organisation decides."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from mail_sink import Sink, listen, sending
from sqlalchemy import select
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.privacy.models import AuditEntry
from wayfellow.testing.plugins import make_plugin
from wayfellow.types import SYSTEM, Setting
from wayfellow_web import create_app

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FORM = {"organisation": "Open Bridges", "language": "en", "timezone": "Europe/Berlin", "sender_name": ""}
DEEP = make_plugin(
    register_settings=lambda: [
        Setting("depth", "Depth", 3, "How deep.", least=1),
        Setting("stem", "Stem", True),
        Setting("key", "Key", "", secret=True),
    ]
)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def server(sink: Sink) -> Iterator[Controller]:
    controller = listen(sink)
    yield controller
    controller.stop()


@pytest.fixture
def app(deployment: Deployment, world: World) -> Flask:
    host = PluginHost.load(deployment.config, plugins=(("deep", DEEP),))
    return serve(replace(deployment, host=host))


def serve(deployment: Deployment) -> Flask:
    app = create_app(deployment=deployment)
    app.config.update(WTF_CSRF_ENABLED=False, TRUSTED_HOSTS=["localhost"])
    return app


def test_what_is_saved_counts_on_the_next_page_and_can_be_taken_back(app: Flask, sign_in) -> None:
    ada = sign_in("Ada")
    assert 'value="Our organisation"' in ada.get("/settings/").text
    assert ada.post("/settings/", data=FORM).location == "/settings/"
    saved = ada.get("/settings/").text
    assert "The settings are saved." in saved
    assert 'name="organisation" value="Our organisation"' in saved, "the button that takes it back"
    assert "Open Bridges" in app.test_client().get("/sign-in").text
    ada.post("/settings/", data={"organisation": "Our organisation", "timezone": "UTC"})
    assert 'value="Our organisation"' in ada.get("/settings/").text


def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(sign_in) -> None:
    ada = sign_in("Ada")
    answer = ada.post("/settings/", data=FORM | {"timezone": "Mars"})
    assert answer.status_code == 422
    assert 'id="timezone-error"' in answer.text
    assert 'value="Open Bridges"' in answer.text
    assert "Open Bridges" not in ada.get("/settings/").text


def test_what_the_file_names_is_shown_as_fixed(deployment: Deployment, world: World, make_link) -> None:
    deployment.config = replace(deployment.config, organisation="By file", fixed=frozenset({"wayfellow.organisation"}))
    ada = serve(deployment).test_client()
    ada.post(make_link("Ada"))
    page = ada.get("/settings/").text
    assert "Fixed by the configuration" in page
    assert 'name="organisation"' not in page
    ada.post("/settings/", data=FORM)
    assert "Open Bridges" not in ada.get("/settings/").text


def test_a_plugin_is_set_on_its_page_and_its_secret_is_not_shown(app: Flask, sign_in, deployment) -> None:
    ada = sign_in("Ada")
    assert "3 settings" in ada.get("/plugins/").text
    wrong = ada.post("/plugins/deep/", data={"depth": "0", "stem": "on", "key": "s3cret"})
    assert wrong.status_code == 422
    assert "Write 1 or more" in wrong.text
    assert ada.post("/plugins/deep/", data={"depth": "5", "stem": "off", "key": "s3cret"}).location == "/plugins/deep/"
    page = ada.get("/plugins/deep/").text
    assert 'value="5"' in page
    assert "One is set" in page
    assert "s3cret" not in page + wrong.text
    settings = app.extensions["wayfellow"].deployment.host.settings("deep")
    assert settings == {"depth": 5, "stem": False, "key": "s3cret"}
    assert ada.get("/plugins/nothing/").status_code == 404


def test_another_process_follows_within_half_a_minute(app: Flask, sign_in, deployment: Deployment, clock) -> None:
    other = serve(replace(deployment)).test_client()
    assert "Open Bridges" not in other.get("/sign-in").text
    sign_in("Ada").post("/settings/", data=FORM)
    clock.move(seconds=31)
    assert "Open Bridges" in other.get("/sign-in").text


def test_a_test_mail_says_what_the_server_answered(
    deployment: Deployment, world: World, make_link, server: Controller, sink: Sink
) -> None:
    house = sending(deployment, server).deployment
    ada = serve(house).test_client()
    ada.post(make_link("Ada"))
    ada.post("/settings/", data={"sender_name": "Bridges, really"})
    assert "The mail server took the mail" in ada.post("/settings/mail", follow_redirects=True).text
    [mail] = sink.mails
    assert mail["From"] == '"Bridges, really" <mentoring@example.org>'
    sink.content = lambda _: "554 5.7.1 not from you"
    refused = ada.post("/settings/mail", follow_redirects=True).text
    assert "The test mail was not sent." in refused
    with house.reading(SYSTEM) as tx:
        assert len(tx.session.scalars(select(AuditEntry).where(AuditEntry.action == "mail.tried")).all()) == 2


def test_coordinators_have_no_such_page(sign_in: Callable[[str], FlaskClient]) -> None:
    ruth = sign_in("Ruth")
    assert ruth.get("/settings/").status_code == 403
    assert ruth.post("/plugins/deep/", data={"depth": "5"}).status_code == 403
    assert 'href="/settings/"' not in ruth.get("/p/bridges/").text
