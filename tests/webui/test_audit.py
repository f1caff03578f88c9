"""The audit log in the browser: found by person, area and day, handed over as a file, and closed to others."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.people.audit_log import Wanted, list_entries
from wayfellow.privacy.audit import record
from wayfellow.programmes.roles import grant_role
from wayfellow.types import SYSTEM, Role

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def noted(deployment: Deployment, world: World, clock) -> None:
    with deployment.transaction(SYSTEM) as tx:
        record(tx, "test.first", "person", world.people["Mia"], world.programme_id, reason="=1+1")
    clock.move(days=3)
    with deployment.transaction(SYSTEM) as tx:
        record(tx, "test.second", "match_run", 7)
        record(tx, "test.third", "person", 999_999)


def shown(deployment: Deployment, **wanted) -> list[tuple[str, str, str]]:
    with deployment.reading(SYSTEM) as tx:
        found = list_entries(tx, Wanted(**wanted)).items
    return [(one.actor, one.action, one.subject) for one in found if one.action.startswith("test.")]


def test_people_are_named_and_the_newest_stands_first(deployment: Deployment, world: World, noted: None) -> None:
    assert shown(deployment) == [
        ("Wayfellow", "test.third", "somebody who is not here any more"),
        ("Wayfellow", "test.second", "match run 7"),
        ("Wayfellow", "test.first", "Mia Example"),
    ]


def test_entries_are_found_by_person_area_and_day(
    deployment: Deployment, world: World, sign_in: SignIn, noted: None, clock
) -> None:
    assert shown(deployment, search="MIA exam") == [("Wayfellow", "test.first", "Mia Example")]
    ada = sign_in("Ada")
    today = clock().date()
    page = ada.get(f"/audit/?area=test&since={today}&until={today}").text
    assert "test: second" in page
    assert "test: first" not in page
    assert f'value="{today}"' in page
    assert "account: signed in" not in page
    assert "account: signed in" in ada.get("/audit/?q=ada").text
    assert "Nothing like that" in ada.get("/audit/?q=nobody+at+all").text


@pytest.mark.parametrize(
    "query", ["since=x", "until=9999-12-31", "since=2026-13-45&area=none&page=-3", "page=99999999"]
)
def test_what_makes_no_sense_in_the_address_counts_as_nothing(sign_in: SignIn, query: str) -> None:
    assert sign_in("Ada").get(f"/audit/?{query}").status_code == 200


def test_an_export_is_neutralised_and_recorded(sign_in: SignIn, noted: None) -> None:
    ada = sign_in("Ada")
    file = ada.get("/audit/export.csv?area=test").text
    assert "test.first" in file
    assert "account.signed_in" not in file
    assert ",=1+1" not in file
    assert "audit: exported" in ada.get("/audit/?area=audit").text
    assert ada.get("/audit/export.pdf").status_code == 404


def test_auditors_read_it_and_coordinators_do_not(deployment: Deployment, world: World, sign_in: SignIn) -> None:
    assert sign_in("Ruth").get("/audit/").status_code == 403
    with deployment.transaction(SYSTEM) as tx:
        grant_role(tx, world.people["Otto"], Role.AUDITOR, None)
        grant_role(tx, world.people["Tom"], Role.AUDITOR, world.programme_id)
    assert sign_in("Otto").get("/audit/").status_code == 200
    assert sign_in("Tom").get("/audit/").status_code == 403
