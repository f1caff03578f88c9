"""The list of people, one person's page, and what a coordinator changes there."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.types import SYSTEM, Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignIn = Callable[[str], FlaskClient]
PEOPLE = "/p/bridges/people/"


@pytest.fixture
def ruth(sign_in: SignIn) -> FlaskClient:
    return sign_in("Ruth")


def test_the_list_is_narrowed_by_its_address(ruth: FlaskClient) -> None:
    everybody = ruth.get(PEOPLE).text
    assert "Mia Example" in everybody
    assert "Tom Example" in everybody
    assert "Nils Example" not in everybody
    for query in ("role=mentor", "q=tom", "role=mentor&q=tom&sort=-name"):
        page = ruth.get(f"{PEOPLE}?{query}").text
        assert "Tom Example" in page
        assert "Mia Example" not in page


def test_links_keep_the_state_of_the_list(ruth: FlaskClient) -> None:
    page = ruth.get(f"{PEOPLE}?q=example&role=mentor&sort=-name").text
    assert 'href="/p/bridges/people/?q=example&amp;sort=-name"' in page, "the tab for all roles"
    assert 'href="/p/bridges/people/export.csv?q=example&amp;role=mentor&amp;sort=-name"' in page
    assert 'aria-sort="descending"' in page


@pytest.mark.parametrize("query", ["role=king", "state=asleep", "sort=shoe", "page=-1", "page=x", "page=9999999999999"])
def test_an_odd_address_gives_a_list(ruth: FlaskClient, query: str) -> None:
    answer = ruth.get(f"{PEOPLE}?{query}")
    assert answer.status_code == 200
    assert "Tom Example" in answer.text


def test_nobody_found_offers_the_whole_list(ruth: FlaskClient) -> None:
    assert "Show all 2" in ruth.get(f"{PEOPLE}?q=zzz").text


def test_an_empty_programme_offers_the_next_step(sign_in: SignIn, deployment: Deployment, world: World) -> None:
    from sqlalchemy import delete

    from wayfellow.programmes.models import Membership

    with deployment.transaction(SYSTEM) as tx:
        tx.session.execute(delete(Membership))
    page = sign_in("Ruth").get(PEOPLE).text
    assert "Nobody is here yet" in page
    assert "Import people" in page


def test_lists_leave_longer_than_a_page_and_defused(ruth: FlaskClient, deployment: Deployment, world: World) -> None:
    with deployment.transaction(SYSTEM) as tx:
        for number in range(60):
            world.add(tx, f"Extra{number}", Role.MENTEE)
    rows = list(csv.DictReader(io.StringIO(ruth.get(f"{PEOPLE}export.csv").data.decode("utf-8-sig"))))
    assert len(rows) == 62
    assert {row["role"] for row in rows} == {"mentor", "mentee"}
    workbook = ruth.get(f"{PEOPLE}export.xlsx?role=mentor")
    assert workbook.data.startswith(b"PK")
    assert workbook.headers["Content-Disposition"] == 'attachment; filename="bridges-people.xlsx"'
    assert ruth.get(f"{PEOPLE}export.exe").status_code == 404
    assert "Page 1 of 2" in ruth.get(PEOPLE).text
    assert "51–62 of 62 people" in ruth.get(f"{PEOPLE}?page=2").text  # noqa: RUF001


def places_form(page: str) -> str:
    return page.split('name="capacity"')[0].rsplit('action="', 1)[1].split('"')[0]


def test_places_change_and_the_change_is_taken_back(ruth: FlaskClient, world: World) -> None:
    address = f"{PEOPLE}{world.people['Tom']}"
    form = places_form(ruth.get(address).text)
    after = ruth.post(form, data={"capacity": "5"}, follow_redirects=True).text
    assert "Tom Example takes 5 now, it was 2." in after
    assert 'name="capacity" value="2"' in after, "the form that takes it back"
    assert "takes 2 now" in ruth.post(form, data={"capacity": "2"}, follow_redirects=True).text
    assert "now, it was" not in ruth.post(form, data={"capacity": "2"}, follow_redirects=True).text


@pytest.mark.parametrize("typed", ["-1", "3-4", "", "99999", "²"])
def test_a_wrong_number_of_places_stays_in_the_form(ruth: FlaskClient, world: World, typed: str) -> None:
    form = places_form(ruth.get(f"{PEOPLE}{world.people['Tom']}").text)
    answer = ruth.post(form, data={"capacity": typed})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert not typed or f'value="{typed}"' in answer.text


def test_a_state_changes_and_is_taken_back(ruth: FlaskClient, world: World) -> None:
    page = ruth.get(f"{PEOPLE}{world.people['Mia']}").text
    form = page.split('name="state"')[0].rsplit('action="', 1)[1].split('"')[0]
    after = ruth.post(form, data={"state": "paused"}, follow_redirects=True).text
    assert "Mia Example as mentee: paused." in after
    assert 'name="state" value="approved"' in after
    assert ruth.post(form, data={"state": "asleep"}).status_code == 422


def test_a_profile_is_saved_or_comes_back_as_typed(ruth: FlaskClient, world: World) -> None:
    address = f"{PEOPLE}{world.people['Tom']}/profile"
    saved = ruth.post(address, data={"name": "Tom <Oduya>", "job_title": "Head of data"}, follow_redirects=True)
    assert "The profile is saved." in saved.text
    assert "<h1>Tom &lt;Oduya&gt;</h1>" in saved.text
    refused = ruth.post(address, data={"name": "", "email": "no address", "job_title": "Kept as typed"})
    assert refused.status_code == 422
    assert "The profile is not saved yet" in refused.text
    assert 'href="#email"' in refused.text
    assert 'value="no address"' in refused.text
    assert 'value="Kept as typed"' in refused.text


def test_people_of_other_programmes_are_not_there(ruth: FlaskClient, world: World) -> None:
    for end in ("", "/profile"):
        assert ruth.get(f"{PEOPLE}{world.people['Nils']}{end}").status_code == 404
    assert ruth.post(f"{PEOPLE}{world.people['Nils']}/invitation").status_code in (403, 404)
