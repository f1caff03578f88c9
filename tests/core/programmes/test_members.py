import numpy as np
import pytest

from wayfellow.db import write_session
from wayfellow.deployment import Deployment
from wayfellow.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wayfellow.host import PluginHost
from wayfellow.markers import hookimpl
from wayfellow.mentorships.standing import set_state
from wayfellow.people.service import save_profile
from wayfellow.programmes.members import add_member, count_members, list_members, set_capacity
from wayfellow.programmes.models import MembershipState
from wayfellow.types import SYSTEM, Role


class Hiding:
    def __init__(self) -> None:
        self.hidden: set[int] = set()

    @hookimpl
    def filter_visible(self, ids):
        return ~np.isin(ids, list(self.hidden))


@pytest.fixture
def hiding() -> Hiding:
    return Hiding()


@pytest.fixture
def deployment(config, engine, clock, hiding) -> Deployment:
    host = PluginHost.load(config, plugins=(("hiding", hiding),), session_factory=lambda: write_session(engine))
    return Deployment(config, engine, host, clock)


def names(mentoring, **query) -> list[str]:
    with mentoring.deployment.reading(mentoring.actor("Cora")) as tx:
        return [member.name for member in list_members(tx, mentoring.cycle_id, **query).items]


@pytest.fixture
def crowd(mentoring):
    mentoring.person("Zoë Åberg", Role.MENTOR, capacity=5)
    mentoring.person("ärne 100%", Role.MENTEE, reference="E_77")
    with mentoring.deployment.transaction(SYSTEM) as tx:
        save_profile(tx, mentoring.people["Zoë Åberg"], {"job_title": "ÉLÈVE Trainer"})
        set_state(tx, mentoring.members["ärne 100%"], MembershipState.APPLIED)
    return mentoring


def test_a_member_is_listed_with_what_lists_show(crowd) -> None:
    with crowd.deployment.reading(crowd.actor("Cora")) as tx:
        page = list_members(tx, crowd.cycle_id, search="zoe")
    (member,) = page.items
    assert page.total == 1
    assert (member.person_id, member.membership_id) == (crowd.people["Zoë Åberg"], crowd.members["Zoë Åberg"])
    assert (member.name, member.role, member.state, member.capacity) == ("Zoë Åberg", "mentor", "approved", 5)
    assert (member.job_title, member.email, member.timezone) == ("ÉLÈVE Trainer", "zoë.åberg@example.org", "UTC")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["Maja", "Mio", "Zoë Åberg", "ärne 100%"]),
        ("ZOË", ["Zoë Åberg"]),
        ("aberg zoe", ["Zoë Åberg"]),
        ("élève", ["Zoë Åberg"]),
        ("ÄRNE", ["ärne 100%"]),
        ("e_77", ["ärne 100%"]),
        ("100%", ["ärne 100%"]),
        ("%", ["ärne 100%"]),
        ("maja@EXAMPLE", ["Maja"]),
        ("nobody", []),
    ],
)
def test_search_finds_whatever_the_case_and_accents(crowd, search, found) -> None:
    assert sorted(names(crowd, search=search)) == found


def test_search_follows_a_changed_profile(crowd) -> None:
    with crowd.deployment.transaction(SYSTEM) as tx:
        save_profile(tx, crowd.people["Mio"], {"job_title": "Čálli", "name": "Øyvind Núñez"})
    assert names(crowd, search="calli nunez") == ["Øyvind Núñez"]


def test_filters_sorting_and_pages(crowd) -> None:
    assert names(crowd) == ["ärne 100%", "Maja", "Mio", "Zoë Åberg"]
    assert names(crowd, sort="-name") == ["Zoë Åberg", "Mio", "Maja", "ärne 100%"]
    assert names(crowd, sort="-capacity")[0] == "Zoë Åberg"
    assert names(crowd, sort="nonsense") == names(crowd)
    assert names(crowd, role=Role.MENTEE) == ["ärne 100%", "Mio"]
    assert names(crowd, state=MembershipState.APPLIED) == ["ärne 100%"]
    with crowd.deployment.reading(crowd.actor("Cora")) as tx:
        last = list_members(tx, crowd.cycle_id, page=99, size=3)
        first = list_members(tx, crowd.cycle_id, page=0, size=3)
    assert [m.name for m in last.items] == ["Zoë Åberg"]
    assert (last.number, last.pages, last.total, first.number) == (2, 2, 4, 1)


@pytest.mark.parametrize("sort", ["name", "email", "reference", "role", "state", "capacity", "added"])
def test_every_sort_can_be_turned_round(crowd, sort) -> None:
    assert sorted(names(crowd, sort=sort)) == sorted(names(crowd, sort=f"-{sort}"))


def test_plugins_hide_people_from_lists(crowd, hiding) -> None:
    hiding.hidden.add(crowd.people["Mio"])
    assert "Mio" not in names(crowd)
    with crowd.deployment.reading(crowd.actor("Cora")) as tx:
        assert list_members(tx, crowd.cycle_id).total == 3


def test_lists_are_for_staff(crowd) -> None:
    with crowd.deployment.reading(crowd.actor("Mio")) as tx:
        with pytest.raises(NotAllowed):
            list_members(tx, crowd.cycle_id)
        with pytest.raises(NotAllowed):
            count_members(tx, crowd.cycle_id)


def test_the_list_takes_as_many_statements_for_hundreds_as_for_few(crowd, statements) -> None:
    def count() -> int:
        actor = crowd.actor("Cora")
        statements.clear()
        with crowd.deployment.reading(actor) as tx:
            list_members(tx, crowd.cycle_id, search="e", size=200)
        return len([statement for statement in statements if statement.startswith("SELECT")])

    few = count()
    for number in range(40):
        crowd.person(f"Extra {number}", Role.MENTEE)
    assert count() == few <= 4


def test_counts(crowd) -> None:
    with crowd.deployment.reading(crowd.actor("Cora")) as tx:
        counts = count_members(tx, crowd.cycle_id)
    assert (counts.of(Role.MENTOR), counts.of(Role.MENTEE), counts.of(Role.MENTEE, None)) == (2, 1, 2)
    assert counts.places == 7


def test_places_are_set_by_staff_and_mentors_themselves(crowd) -> None:
    with crowd.deployment.transaction(crowd.actor("Maja")) as tx:
        assert set_capacity(tx, crowd.members["Maja"], 0).capacity == 0
        with pytest.raises(NotAllowed):
            set_capacity(tx, crowd.members["Zoë Åberg"], 1)
    with crowd.deployment.transaction(crowd.actor("Cora")) as tx:
        assert set_capacity(tx, crowd.members["Maja"], 1000).capacity == 1000
        for wrong in (-1, 1001):
            with pytest.raises(InvalidInput, match="from 0 to 1000"):
                set_capacity(tx, crowd.members["Maja"], wrong)
        with pytest.raises(NotFound):
            set_capacity(tx, 12345, 1)


def test_members_are_added_once_per_role(crowd) -> None:
    with crowd.deployment.transaction(crowd.actor("Cora")) as tx:
        add_member(tx, crowd.cycle_id, crowd.people["Maja"], Role.MENTEE)
        with pytest.raises(Conflict, match="is a mentor of this cycle already"):
            add_member(tx, crowd.cycle_id, crowd.people["Maja"], Role.MENTOR)
        with pytest.raises(InvalidInput, match="Choose mentor or mentee"):
            add_member(tx, crowd.cycle_id, crowd.people["Maja"], Role.AUDITOR)
    with crowd.deployment.transaction(crowd.actor("Mio")) as tx, pytest.raises(NotAllowed):
        set_state(tx, crowd.members["Maja"], MembershipState.REMOVED)
