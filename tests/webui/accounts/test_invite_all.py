"""A list invites whoever was never here, once; reminds after some days; and reaches nobody it should not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from mail_sink import work_off
from sqlalchemy import select
from web_world import World

from wayfellow.config_mail import MailSettings
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.notify.models import Delivery, Notice
from wayfellow.people.models import Person
from wayfellow.programmes.members import add_member
from wayfellow.types import SYSTEM, Role
from wayfellow.worker import make_worker
from wayfellow_web import plugin

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def config(config):
    mail = MailSettings("127.0.0.1", "Wayfellow <w@example.org>", 9, "none")
    return replace(config, mail=mail, base_url="http://localhost")


@pytest.fixture
def deployment(deployment: Deployment) -> Deployment:
    deployment.host = PluginHost.load(deployment.config, plugins=(("accounts", plugin),))
    return deployment


def invited(deployment: Deployment) -> list[str]:
    with deployment.reading(SYSTEM) as tx:
        query = select(Person.name).join(Notice, Notice.person_id == Person.id)
        query = query.join(Delivery, Delivery.notice_id == Notice.id)
        found = tx.session.scalars(query.where(Notice.kind == plugin.INVITATION).order_by(Notice.id))
        return [name.split()[0] for name in found]


def test_everybody_who_was_never_here_is_invited_once(sign_in: SignIn, world: World, deployment: Deployment) -> None:
    sign_in("Tom")
    ruth = sign_in("Ruth")
    shown = ruth.get("/p/bridges/invitations/").text
    assert "1 person was never signed in" in shown
    for _ in range(2):
        ruth.post("/p/bridges/invitations/")
        work_off(deployment)
    assert invited(deployment) == ["Mia"]
    with deployment.reading(SYSTEM) as tx:
        bodies = tx.session.scalars(select(Notice.body).where(Notice.kind == plugin.INVITATION)).all()
    assert not any("/sign-in/" in body for body in bodies), "links are kept nowhere"


def test_reminders_go_to_those_invited_long_enough_ago(
    sign_in: SignIn, world: World, deployment: Deployment, clock
) -> None:
    ruth = sign_in("Ruth")
    ruth.post("/p/bridges/invitations/")
    work_off(deployment)
    before = sorted(invited(deployment))
    clock.move(days=3)
    ruth.post("/p/bridges/invitations/again", data={"days": "7"})
    work_off(deployment)
    assert sorted(invited(deployment)) == before == ["Mia", "Tom"]
    clock.move(days=5)
    ruth.post("/p/bridges/invitations/again", data={"days": "7"})
    work_off(deployment)
    assert sorted(invited(deployment)) == ["Mia", "Mia", "Tom", "Tom"]
    assert ruth.post("/p/bridges/invitations/again", data={"days": "soon"}).status_code == 422


def test_coordinators_do_not_reach_people_of_other_programmes(
    sign_in: SignIn, world: World, deployment: Deployment
) -> None:
    """A link lets its maker be that person, so Ruth may not have one written for somebody of Otto's."""
    with deployment.transaction(SYSTEM) as tx:
        add_member(tx, world.cycle_id, world.people["Nils"], Role.MENTOR)
        add_member(tx, world.cycle_id, world.people["Otto"], Role.MENTOR)
    sign_in("Ruth").post("/p/bridges/invitations/")
    work_off(deployment)
    assert sorted(invited(deployment)) == ["Mia", "Tom"]
    sign_in("Ada").post("/p/bridges/invitations/")
    work_off(deployment)
    assert sorted(invited(deployment)) == ["Mia", "Nils", "Otto", "Tom"]


def test_the_list_takes_few_statements_to_write(
    sign_in: SignIn, world: World, deployment: Deployment, statements: list[str]
) -> None:
    def count(more: int) -> int:
        with deployment.transaction(SYSTEM) as tx:
            for number in range(more):
                world.add(tx, f"P{more}x{number}", Role.MENTEE)
        ruth.post("/p/bridges/invitations/")
        worker = make_worker(deployment)
        statements.clear()
        assert worker.run_once()
        return len(statements)

    ruth = sign_in("Ruth")
    few = count(3)
    work_off(deployment)
    assert count(40) <= few
