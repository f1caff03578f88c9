"""People take along what is kept about them, and have it erased."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.types import SYSTEM
from wayfellow_web import plugin
from wayfellow_web.accounts.models import Account


@pytest.fixture
def deployment(deployment: Deployment) -> Deployment:
    deployment.host = PluginHost.load(deployment.config, plugins=(("accounts", plugin),))
    return deployment


def test_the_file_holds_the_profile_and_the_sign_ins(sign_in: Callable[[str], FlaskClient]) -> None:
    answer = sign_in("Mia").post("/me/data/take")
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    data = json.loads(zipfile.ZipFile(io.BytesIO(answer.data)).read("my-data.json"))
    assert data["person"][0]["email"] == "mia@example.org"
    kept = data["plugins"]["accounts"]
    assert len(kept["sign_ins"]) == 1
    assert (kept["has_password"], kept["passkeys"], kept["change_of_address"]) == (False, [], None)


def test_a_wrong_address_erases_nothing(sign_in: Callable[[str], FlaskClient]) -> None:
    mia = sign_in("Mia")
    answer = mia.post("/me/data/erase", data={"confirm": "tom@example.org"})
    assert answer.status_code == 422
    assert 'id="confirm-error"' in answer.text
    assert mia.get("/home/").status_code == 200


def test_whoever_is_erased_is_signed_out_everywhere(
    sign_in: Callable[[str], FlaskClient], world: World, deployment: Deployment
) -> None:
    mia, elsewhere = sign_in("Mia"), sign_in("Mia")
    assert mia.post("/me/data/erase", data={"confirm": "mia@example.org"}).location == "/sign-in"
    for browser in (mia, elsewhere):
        assert browser.get("/home/").location.startswith("/sign-in")
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(Account).where(Account.person_id == world.people["Mia"])).all() == []
    assert "Mia Example" not in sign_in("Ruth").get("/p/bridges/people/").text
