"""From a stranger's first look to an approved member, as each of them meets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from mail_sink import work_off
from sqlalchemy import select
from web_world import World

from wayfellow.config_mail import MailSettings
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.people.models import Person
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.editing import CycleFacts, ProgrammeFacts, edit_cycle, edit_programme
from wayfellow.programmes.members import list_members
from wayfellow.programmes.models import MembershipState, Programme
from wayfellow.types import SYSTEM, Role
from wayfellow_web import plugin

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[str], FlaskClient]
FORM = {"name": "Mia E", "timezone": "UTC"}


@pytest.fixture
def config(config):
    mail = MailSettings("127.0.0.1", "Wayfellow <w@example.org>", 9, "none")
    return replace(config, mail=mail, base_url="http://localhost")


@pytest.fixture
def deployment(deployment: Deployment) -> Deployment:
    """Bring the web's own kinds of messages, which carry links."""
    deployment.host = PluginHost.load(deployment.config, plugins=(("accounts", plugin),))
    return deployment


@pytest.fixture
def door(deployment: Deployment, world: World) -> World:
    """Open the second programme, in which Mia takes no part, for all of November."""
    with deployment.transaction(SYSTEM) as tx:
        edit_programme(tx, world.other_programme_id, ProgrammeFacts("Night", "For late workers.", is_public=True))
        days = CycleFacts("Winter 2026", date(2026, 11, 1), date(2026, 11, 30), date(2027, 1, 1), date(2027, 6, 30))
        edit_cycle(tx, world.other_cycle_id, days)
    return world


def states(deployment: Deployment, world: World) -> dict[str, str]:
    with deployment.reading(SYSTEM) as tx:
        return {member.name: member.state for member in list_members(tx, world.other_cycle_id).items}


def membership(deployment: Deployment, world: World, name: str) -> int:
    with deployment.reading(SYSTEM) as tx:
        return next(m.membership_id for m in list_members(tx, world.other_cycle_id).items if m.name == name)


def test_a_stranger_reads_what_a_programme_is_and_when_it_is_open(client: FlaskClient, door: World) -> None:
    shown = client.get("/join/night").text
    assert "For late workers." in shown
    assert "until the end of Mon 30 Nov 2026" in shown
    assert client.get("/join/bridges").status_code == 404
    assert "Bridges" not in client.get("/join/").text


def test_before_the_window_the_page_says_when_it_opens(client: FlaskClient, door: World, clock) -> None:
    clock.now = clock.now.replace(month=10)
    assert "open on Sun 1 Nov 2026" in client.get("/join/night").text
    answer = client.post("/join/night", data={"name": "Ann", "email": "ann@example.org"})
    assert answer.status_code == 409


def test_known_and_unknown_addresses_get_the_same_answer(client: FlaskClient, door: World, deployment) -> None:
    answers = []
    for email in ("mia@example.org", "new@example.org"):
        answer = client.post("/join/night", data={"name": "Ann Lee", "email": email, "role": "mentee"})
        answers.append((answer.status_code, answer.location, answer.text))
    assert answers[0] == answers[1]
    work_off(deployment)
    with deployment.reading(SYSTEM) as tx:
        people = dict(tx.session.execute(select(Person.email, Person.name)).all())
        asked = select(AuditEntry.id).where(AuditEntry.action == "account.link_asked")
        assert len(tx.session.scalars(asked).all()) == 2
    assert people["mia@example.org"] == "Mia Example"
    assert people["new@example.org"] == "Ann Lee"


def test_what_is_wrong_stands_next_to_the_field(client: FlaskClient, door: World) -> None:
    answer = client.post("/join/night", data={"name": "", "email": "nonsense"})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert 'value="nonsense"' in answer.text


def test_a_draft_comes_back_and_a_refused_application_keeps_what_was_typed(sign_in: SignIn, door: World) -> None:
    mia = sign_in("Mia")
    assert mia.post("/join/night/mentor", data=FORM | {"capacity": "lots", "act": "draft"}).status_code == 302
    assert 'value="lots"' in mia.get("/join/night/mentor").text
    answer = mia.post("/join/night/mentor", data=FORM | {"capacity": "lots", "act": "send"})
    assert answer.status_code == 422
    assert 'id="capacity-error"' in answer.text
    assert 'value="lots"' in mia.get("/join/night/mentor").text


def test_goals_of_an_application_become_goals_once(sign_in: SignIn, door: World, deployment: Deployment) -> None:
    mia = sign_in("Mia")
    goals = "Read the figures\n\nread the figures\nLead a team"
    assert mia.post("/join/night/mentee", data=FORM | {"goals": "x" * 20_001, "act": "send"}).status_code == 422
    assert states(deployment, door).get("Mia E") is None
    for _ in range(2):
        assert mia.post("/join/night/mentee", data=FORM | {"goals": goals, "act": "send"}).location == "/home/"
    page = mia.get("/me/goals/").text
    assert page.lower().count('<p class="prewrap">read the figures</p>') == 1
    assert "Lead a team" in page


def test_from_application_to_approval_and_back(sign_in: SignIn, door: World, deployment: Deployment) -> None:
    mia, otto = sign_in("Mia"), sign_in("Otto")
    assert mia.post("/join/night/mentee", data=FORM | {"act": "send"}).location == "/home/"
    assert states(deployment, door)["Mia E"] == "applied"
    number = membership(deployment, door, "Mia E")
    assert "Mia E" in otto.get("/p/night/applications/").text
    preview = otto.post("/p/night/applications/review", data={"member": number, "act": "approve"}).text
    assert "You are in: Night" in preview
    done = otto.post("/p/night/applications/decide", data={"member": number, "act": "approve"}, follow_redirects=True)
    assert "1 person is approved." in done.text
    assert states(deployment, door)["Mia E"] == "approved"
    otto.post("/p/night/applications/undo", data={"member": str(number)})
    assert states(deployment, door)["Mia E"] == "applied"


def test_turning_down_needs_a_reason_and_shows_the_letter(sign_in: SignIn, door: World, deployment) -> None:
    mia, otto = sign_in("Mia"), sign_in("Otto")
    mia.post("/join/night/mentee", data=FORM | {"act": "send"})
    act = {"member": membership(deployment, door, "Mia E"), "act": "reject", "note": "See you in autumn."}
    refused = otto.post("/p/night/applications/decide", data=act)
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text
    assert (
        "More people applied than there are places."
        in otto.post("/p/night/applications/review", data=act | {"reason": "full"}).text
    )
    otto.post("/p/night/applications/decide", data=act | {"reason": "full"})
    assert states(deployment, door)["Mia E"] == "rejected"
    assert "welcome in the next round" in mia.get("/home/").text


def test_many_at_once_and_only_ones_own(sign_in: SignIn, door: World, deployment: Deployment) -> None:
    for name in ("Mia", "Tom"):
        sign_in(name).post("/join/night/mentee", data={"name": name, "timezone": "UTC", "act": "send"})
    ids = [membership(deployment, door, name) for name in ("Mia", "Tom")]
    ruth, otto = sign_in("Ruth"), sign_in("Otto")
    assert ruth.post("/p/bridges/applications/decide", data={"member": ids, "act": "approve"}).status_code == 404
    otto.post("/p/night/applications/decide", data={"member": ids, "act": "waitlist"})
    assert {states(deployment, door)[name] for name in ("Mia", "Tom")} == {"waitlisted"}
    assert "number 2 on the waiting list" in sign_in("Tom").get("/home/").text


def test_people_pause_come_back_and_leave(sign_in: SignIn, door: World, deployment: Deployment) -> None:
    nils, number = sign_in("Nils"), membership(deployment, door, "Nils Example")
    late = nils.post(f"/me/places/{number}/pause", data={"back_on": "2026-01-01"})
    assert late.status_code == 422
    nils.post(f"/me/places/{number}/pause", data={"back_on": "2026-12-24"})
    assert "back on Thu 24 Dec 2026" in nils.get("/home/").text
    nils.post(f"/me/places/{number}/resume")
    assert states(deployment, door)["Nils Example"] == "approved"
    nils.post(f"/me/places/{number}/leave")
    assert states(deployment, door)["Nils Example"] == "withdrawn"
    assert sign_in("Mia").post(f"/me/places/{number}/leave").status_code == 403


def test_coordinators_change_programme_and_cycle(sign_in: SignIn, door: World, deployment: Deployment) -> None:
    otto = sign_in("Otto")
    wrong = {"name": "W", "registration_opens_on": "2027-02-01", "registration_closes_on": "2027-01-01"}
    answer = otto.post("/p/night/settings/cycle", data=wrong)
    assert answer.status_code == 422
    assert 'id="cycle_registration_closes_on-error"' in answer.text
    good = {"name": "Spring", "registration_closes_on": "2027-01-01", "open_to": ["mentor"]}
    assert otto.post("/p/night/settings/cycle", data=good).status_code == 302
    assert otto.post("/p/night/settings/", data={"name": "", "timezone": "Mars"}).status_code == 422
    otto.post("/p/night/settings/", data={"name": "Night shift", "timezone": "europe/paris"})
    assert otto.get("/join/night").status_code == 404, "a box that is not ticked makes it private again"
    assert otto.post("/p/night/settings/cycles", data={"name": "Spring"}).status_code == 409
    assert otto.post("/p/night/settings/cycles", data={"name": "Summer"}).status_code == 302
    with deployment.reading(SYSTEM) as tx:
        programme = tx.session.get_one(Programme, door.other_programme_id)
        assert (programme.name, programme.timezone, programme.slug) == ("Night shift", "Europe/Paris", "night")


def test_a_programme_is_started_and_duplicated(sign_in: SignIn, door: World, deployment: Deployment) -> None:
    ada = sign_in("Ada")
    assert ada.post("/programmes/new", data={"name": "Dawn", "cycle": "", "timezone": "UTC"}).status_code == 422
    made = ada.post("/programmes/new", data={"name": "Dawn", "cycle": "One", "timezone": "UTC"})
    assert made.location == "/p/dawn/settings/"
    asked = {"job_title.asked": "no", "location.only_key": "job_title", "location.only_value": ""}
    refused = ada.post("/p/night/settings/form/mentee", data=asked)
    assert refused.status_code == 422
    assert ada.post("/p/night/settings/duplicate", data={"name": "Late"}).location == "/p/late/settings/"
    with deployment.reading(SYSTEM) as tx:
        late = tx.session.scalars(select(Programme).where(Programme.slug == "late")).one()
        assert (late.description, late.is_public) == ("For late workers.", False)
    assert sign_in("Otto").post("/p/night/settings/duplicate", data={"name": "Mine"}).status_code == 403


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_the_queue_starts_with_those_who_applied(sign_in: SignIn, door: World, role: Role) -> None:
    sign_in("Mia").post(f"/join/night/{role}", data=FORM | {"capacity": "2", "act": "send"})
    shown = sign_in("Otto").get("/p/night/applications/").text
    assert "1 application to read" in shown
    assert "Nils" not in shown
    assert MembershipState.APPROVED.value not in shown.partition("<tbody>")[2]
