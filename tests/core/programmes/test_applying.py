from dataclasses import dataclass
from datetime import date

import pytest

from wayfellow.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wayfellow.mentorships.standing import leave, set_states
from wayfellow.notify.models import Notice
from wayfellow.people.service import get_profile
from wayfellow.programmes.applying import apply, get_application, save_draft
from wayfellow.programmes.editing import CycleFacts, ProgrammeFacts, edit_cycle, edit_programme
from wayfellow.programmes.forms import save_form
from wayfellow.programmes.members import list_members
from wayfellow.programmes.models import Membership, MembershipState, RejectReason
from wayfellow.programmes.public import find_public, list_public
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.programmes.standing import Why
from wayfellow.types import ANONYMOUS, SYSTEM, Role

ANSWERS = {"name": "Ann Lee", "timezone": "UTC", "job_title": "Nurse", "capacity": "3"}


@dataclass
class Door:
    """Be a programme that strangers can join in November, and Ann, who has no part in anything."""

    mentoring: object
    slug: str = "career-bridges"

    def act(self, name, function, *arguments, **options):
        with self.mentoring.deployment.transaction(self.mentoring.actor(name)) as tx:
            return function(tx, *arguments, **options)

    def read(self, name, function, *arguments):
        with self.mentoring.deployment.reading(self.mentoring.actor(name)) as tx:
            return function(tx, *arguments)

    def notices(self, name) -> list[str]:
        with self.mentoring.deployment.reading(SYSTEM) as tx:
            found = tx.session.query(Notice).filter_by(person_id=self.mentoring.people[name]).order_by(Notice.id)
            return [notice.subject for notice in found]


@pytest.fixture
def door(mentoring) -> Door:
    door = Door(mentoring)
    mentoring.person("Ann")
    door.act("Cora", edit_programme, mentoring.programme_id, ProgrammeFacts("Career Bridges", is_public=True))
    days = CycleFacts("Spring", date(2026, 11, 1), date(2026, 11, 30))
    door.act("Cora", edit_cycle, mentoring.cycle_id, days)
    return door


def test_only_public_programmes_are_shown_to_strangers(door) -> None:
    with door.mentoring.deployment.transaction(SYSTEM) as tx:
        create_cycle(tx, create_programme(tx, "Secret").id, "Spring")
    with door.mentoring.deployment.reading(ANONYMOUS) as tx:
        assert [programme.name for programme in list_public(tx)] == ["Career Bridges"]
        with pytest.raises(NotFound):
            find_public(tx, "secret")


def test_a_draft_is_kept_unchecked_and_goes_with_the_application(door) -> None:
    door.act("Ann", save_draft, door.slug, Role.MENTOR, {"name": "", "capacity": "many"})
    assert door.read("Ann", get_application, door.slug, Role.MENTOR).answers == {"name": "", "capacity": "many"}
    assert door.read("Ann", get_application, door.slug, Role.MENTEE).answers is None
    door.act("Ann", apply, door.slug, Role.MENTOR, ANSWERS)
    assert door.read("Ann", get_application, door.slug, Role.MENTOR).answers is None


def test_an_application_fills_the_profile_and_is_told_once(door) -> None:
    member = door.act("Ann", apply, door.slug, Role.MENTOR, ANSWERS)
    again = door.act("Ann", apply, door.slug, Role.MENTOR, ANSWERS)
    assert (member.id, member.state, member.capacity) == (again.id, "applied", 3)
    assert member.applied_at is not None
    profile = door.read("Ann", get_profile, door.mentoring.people["Ann"])
    assert profile.person.name == "Ann Lee"
    assert door.notices("Ann") == ["We have your application: Career Bridges"]


def test_an_application_with_faults_changes_nothing(door) -> None:
    with pytest.raises(InvalidInput) as refused:
        door.act("Ann", apply, door.slug, Role.MENTOR, ANSWERS | {"name": " ", "capacity": "-1"})
    assert {problem.column for problem in refused.value.problems} == {"name", "capacity"}
    assert door.read("Cora", list_members, door.mentoring.cycle_id).total == 2


def test_outside_the_window_nobody_applies(door, clock) -> None:
    clock.now = clock.now.replace(month=12)
    with pytest.raises(Conflict, match="takes no applications now"):
        door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS)
    with door.mentoring.deployment.reading(ANONYMOUS) as tx:
        assert not find_public(tx, door.slug).is_open


def test_a_role_that_is_not_looked_for_is_refused(door) -> None:
    days = CycleFacts("Spring", date(2026, 11, 1), date(2026, 11, 30), open_to=[Role.MENTOR])
    door.act("Cora", edit_cycle, door.mentoring.cycle_id, days)
    with pytest.raises(NotFound, match="no mentee"):
        door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS)


def test_a_stranger_must_sign_in(door) -> None:
    with door.mentoring.deployment.transaction(ANONYMOUS) as tx, pytest.raises(NotAllowed):
        apply(tx, door.slug, Role.MENTEE, ANSWERS)


def test_taken_back_applications_can_be_sent_again(door) -> None:
    member = door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS)
    door.act("Ann", leave, member.id)
    again = door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS)
    assert (again.id, again.state, again.state_before) == (member.id, "applied", "withdrawn")


def test_whoever_is_turned_down_applies_again_when_the_next_window_opens(door, clock) -> None:
    member = door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS)
    why = Why(RejectReason.FULL, "See you in autumn.")
    door.act("Cora", set_states, [member.id], MembershipState.REJECTED, why)
    with pytest.raises(Conflict):
        door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS)
    clock.move(days=30)
    days = CycleFacts("Spring", date(2026, 12, 20), date(2027, 1, 30))
    door.act("Cora", edit_cycle, door.mentoring.cycle_id, days)
    again = door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS)
    assert (again.id, again.state, again.reason, again.note) == (member.id, "applied", None, "")


def test_who_applied_is_not_inside_yet(door) -> None:
    """What profiles show to everybody in the programme is not for strangers who fill in a form."""
    door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS)
    with pytest.raises(NotFound):
        door.read("Ann", get_profile, door.mentoring.people["Maja"])
    with pytest.raises(NotFound):
        door.read("Maja", get_profile, door.mentoring.people["Ann"])


def test_a_programme_chooses_what_it_asks(door) -> None:
    chosen = {
        "job_title": {"asked": "no"},
        "organisation": {"asked": "required", "only_key": "location", "only_value": "Berlin"},
    }
    door.act("Cora", save_form, door.mentoring.programme_id, Role.MENTEE, chosen)
    asked = [q.field.key for q in door.read("Ann", get_application, door.slug, Role.MENTEE).questions]
    assert "job_title" not in asked
    with pytest.raises(InvalidInput) as refused:
        door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS | {"location": "berlin"})
    assert [problem.column for problem in refused.value.problems] == ["organisation"]
    door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS | {"location": "Rome"})


@pytest.mark.parametrize(
    "row",
    [
        {"asked": "perhaps"},
        {"asked": "required", "only_key": "job_title", "only_value": "x"},
        {"asked": "required", "only_key": "seniority", "only_value": " "},
    ],
)
def test_a_form_that_nobody_can_fill_in_is_refused(door, row) -> None:
    with pytest.raises(InvalidInput):
        door.act("Cora", save_form, door.mentoring.programme_id, Role.MENTEE, {"job_title": row})


def test_two_roles_are_two_applications(door) -> None:
    door.act("Ann", apply, door.slug, Role.MENTEE, ANSWERS)
    door.act("Ann", apply, door.slug, Role.MENTOR, ANSWERS)
    with door.mentoring.deployment.reading(SYSTEM) as tx:
        mine = tx.session.query(Membership).filter_by(person_id=door.mentoring.people["Ann"])
        assert {member.role: member.state for member in mine} == {"mentee": "applied", "mentor": "applied"}
