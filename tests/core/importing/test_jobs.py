import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from wayfellow.goals.models import Goal
from wayfellow.goals.service import add_goal, list_goals, remove_goal
from wayfellow.importing import service
from wayfellow.jobs.models import JobState
from wayfellow.jobs.service import ask_to_cancel
from wayfellow.mentorships.standing import set_state
from wayfellow.people.fields import list_fields
from wayfellow.people.models import FieldValue, Person, PersonSkill, Skill
from wayfellow.people.service import get_profile, save_profile
from wayfellow.programmes.export import export_members
from wayfellow.programmes.members import list_members
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.tabular.writing import write_csv
from wayfellow.types import SYSTEM, Role

MENTORS = """person_id,name,e-mail,Time zone,Places,Job title,Skills,Languages,Why I mentor
m-1,Zoë,Zoe@example.org,Europe/Berlin,2,CTO,"Go; SQL",English,I like it
m-2,Bo,,,,Nurse,SQL,,
"""
MENTEES = 'email,full name,goals,skills to learn\nmio@example.org,Mio,"Lead\nSpeak",SQL | Rust\nnew@example.org,Nia,,\n'


def profile(importing, reference: str):
    with importing.deployment.reading(SYSTEM) as tx:
        person_id = tx.session.scalars(select(Person.id).where(Person.reference == reference)).one()
        return get_profile(tx, person_id)


def said(found) -> dict[str, str]:
    return {answer.field.key: answer.value for answer in found.values if answer.value}


def counted(importing) -> dict[str, int]:
    models = (Person, FieldValue, Skill, PersonSkill, Goal, Membership)
    with importing.deployment.reading(SYSTEM) as tx:
        return {m.__tablename__: tx.session.scalar(select(func.count()).select_from(m)) or 0 for m in models}


def test_mentors_come_in_with_all_that_the_file_says(importing, mentoring) -> None:
    assert importing.take(MENTORS) == {"new": 2, "changed": 0, "unchanged": 0}
    zoe, bo = profile(importing, "m-1"), profile(importing, "m-2")
    assert (zoe.person.name, zoe.person.email, zoe.person.timezone) == ("Zoë", "zoe@example.org", "Europe/Berlin")
    assert said(zoe) == {"job_title": "CTO", "languages": "English", "why_i_mentor": "I like it"}
    assert (zoe.offers, bo.offers) == (("Go", "SQL"), ("SQL",))
    with importing.deployment.reading(importing.actor) as tx:
        found = {m.reference: m for m in list_members(tx, mentoring.cycle_id, role=Role.MENTOR).items}
        assert [m.name for m in list_members(tx, mentoring.cycle_id, search="zoe cto").items] == ["Zoë"]
        matched = {d.key for d in list_fields(tx, Role.MENTOR) if Role.MENTOR in d.matched_for}
    assert (found["m-1"].capacity, found["m-2"].capacity, found["m-2"].state) == (2, 1, "approved")
    assert matched == {"job_title", "expertise", "why_i_mentor"}
    assert importing.uploads() == []


def test_mentees_bring_goals_and_wishes_and_are_known_by_address(importing, mentoring) -> None:
    assert importing.take(MENTEES, Role.MENTEE) == {"new": 1, "changed": 1, "unchanged": 0}
    with importing.deployment.reading(SYSTEM) as tx:
        goals = list_goals(tx, mentoring.people["Mio"])
    assert [(goal.text, goal.origin) for goal in goals] == [("Lead", "import"), ("Speak", "import")]
    assert profile(importing, "mio@example.org").wants == ("SQL", "Rust")


@pytest.mark.parametrize(("content", "role"), [(MENTORS, Role.MENTOR), (MENTEES, Role.MENTEE)])
def test_the_same_file_twice_changes_nothing(importing, content, role) -> None:
    importing.take(content, role)
    before = counted(importing)
    assert importing.take(content, role) == {"new": 0, "changed": 0, "unchanged": 2}
    assert counted(importing) == before


def test_a_changed_file_updates(importing) -> None:
    importing.take(MENTORS)
    before = counted(importing)
    changed = MENTORS.replace("CTO", "CEO").replace("Go; SQL", "Rust").replace(",2,", ",7,").replace("Zoë", "Zoé")
    assert importing.take(changed) == {"new": 0, "changed": 1, "unchanged": 1}
    zoe = profile(importing, "m-1")
    assert (zoe.person.name, said(zoe)["job_title"], zoe.offers) == ("Zoé", "CEO", ("Rust",))
    with importing.deployment.reading(SYSTEM) as tx:
        row = tx.session.scalars(select(Person).where(Person.reference == "m-1")).one()
        assert "ceo" in row.search.split("\n")
    assert counted(importing) == before | {"skill": 3, "person_skill": 2}


def test_empty_cells_and_missing_columns_leave_what_is_there(importing) -> None:
    importing.take(MENTORS)
    assert importing.take("person_id,skills,places,job title\nm-1,,,\n")["unchanged"] == 1
    assert profile(importing, "m-1").offers == ("Go", "SQL")


def test_an_import_replaces_only_its_own_goals(importing, mentoring) -> None:
    importing.take(MENTEES, Role.MENTEE)
    mio = mentoring.people["Mio"]
    with importing.deployment.transaction(SYSTEM) as tx:
        add_goal(tx, mio, "My own")
        lead = list_goals(tx, mio)[0]
        remove_goal(tx, lead.id)
    assert importing.take(MENTEES, Role.MENTEE)["unchanged"] == 2
    assert importing.take(MENTEES.replace("Speak", "Listen"), Role.MENTEE)["changed"] == 1
    with importing.deployment.reading(SYSTEM) as tx:
        assert [goal.text for goal in list_goals(tx, mio)] == ["Listen", "My own"]


def test_one_person_can_be_mentor_and_mentee(importing, mentoring) -> None:
    importing.take(MENTORS)
    assert importing.take("person_id,goals\nm-1,Lead\n", Role.MENTEE) == {"new": 0, "changed": 1, "unchanged": 0}
    with importing.deployment.reading(importing.actor) as tx:
        roles = [m.role for m in list_members(tx, mentoring.cycle_id, search="m-1").items]
    assert sorted(roles) == ["mentee", "mentor"]


def test_people_known_by_address_get_the_organisations_id(importing) -> None:
    importing.take("email,name\na@example.org,Ana\n")
    assert importing.take("person_id,email\n77,A@example.org\n") == {"new": 0, "changed": 1, "unchanged": 0}
    assert profile(importing, "77").person.name == "Ana"


def test_people_without_a_name_go_by_what_identifies_them(importing) -> None:
    importing.take("id\n77\n")
    assert profile(importing, "77").person.name == "77"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "person_id,email\n1,new@example.org\n2,maja@example.org\n",
            "row 3, column email: The address belongs to “maja@example.org” already",
        ),
        ("person_id,email\nmaja@example.org,\n,maja@example.org\n", "row 3: The row means the same person as row 2"),
        ("person_id,email\nx@example.org,\n,x@example.org\n", "row 3: The row means the same person as row 2"),
        ("person_id,places\n1,1\n2,-1\n", "row 3, column places: “-1” is no number of places"),
    ],
)
def test_one_problem_keeps_everything_out(importing, content, sentence) -> None:
    if "2,maja" in content:
        importing.take("person_id,email\nM-9,maja@example.org\n")
        sentence = sentence.replace("“maja@example.org”", "“M-9”")
    before = counted(importing)
    batch_id = importing.stage(content)
    job = importing.start(batch_id)
    assert job.state == JobState.FAILED
    assert job.error is not None
    assert job.error.startswith("people.csv has a problem; nothing was taken.")
    assert sentence in job.error
    assert counted(importing) == before
    with importing.deployment.reading(importing.actor) as tx:
        assert service.preview(tx, batch_id).problem_count == 1


def test_a_file_of_nobody_is_done_at_once(importing) -> None:
    assert importing.take("person_id,name\n") == {"new": 0, "changed": 0, "unchanged": 0}


def test_those_who_left_stay_out_until_a_coordinator_lets_them_in(importing, mentoring) -> None:
    importing.take("email\nmaja@example.org\n")
    with importing.deployment.transaction(SYSTEM) as tx:
        set_state(tx, mentoring.members["Maja"], MembershipState.WITHDRAWN)
    assert importing.take("email\nmaja@example.org\n")["unchanged"] == 1
    with importing.deployment.reading(importing.actor) as tx:
        assert list_members(tx, mentoring.cycle_id, search="maja").items[0].state == "withdrawn"


def test_a_cancelled_import_leaves_nothing_and_can_start_again(importing) -> None:
    batch_id = importing.stage(MENTORS)
    before = counted(importing)
    with importing.deployment.transaction(importing.actor) as tx:
        ask_to_cancel(tx, service.start_import(tx, batch_id).id)
    assert counted(importing) == before
    job = importing.start(batch_id)
    assert (job.state, job.result["new"]) == (JobState.DONE, 2)


def test_an_export_comes_back_unchanged(importing, mentoring) -> None:
    importing.take(MENTORS)
    with importing.deployment.transaction(SYSTEM) as tx:
        save_profile(tx, mentoring.people["Maja"], {"name": "=Maja", "expertise": "-one\n+two"})
    for suffix in ("csv", "xlsx"):
        with importing.deployment.transaction(importing.actor) as tx:
            form, chunks = export_members(tx, mentoring.cycle_id, suffix, role=Role.MENTOR)
            content = b"".join(chunks)
        assert form.suffix == suffix
        assert importing.take(content) == {"new": 0, "changed": 0, "unchanged": 3}


def crowd(count: int, title: str = "Title") -> str:
    rows = (
        f'p-{n},Person {n},p{n}@example.org,{title} {n},"Skill {n % 50}; Skill {n % 7}",Goal {n}\\n\n'
        for n in range(count)
    )
    return "person_id,name,email,job title,skills,goals\n" + "".join(rows)


def test_statements_go_by_batches_of_500(importing, statements) -> None:
    def run(content: str) -> int:
        statements.clear()
        importing.take(content)
        return len(statements)

    once, twice = run(crowd(500)), run(crowd(1000).replace("p-", "q-").replace(",p", ",q"))
    assert twice - once <= 40
    again, changed = run(crowd(500)), run(crowd(500, "Other"))
    assert again <= once
    assert changed <= once + 10


def test_memory_does_not_grow_with_the_file(importing) -> None:
    peaks = []
    for letter, size in (("a", 1000), ("b", 5000)):
        content = crowd(size).replace("p-", f"{letter}-").replace(",p", f",{letter}").replace("Goal", "Goal " * 60)
        batch_id = importing.stage(content)
        tracemalloc.start()
        importing.start(batch_id)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    small_per_row = 1000  # what it takes to find rows that mean the same person, and to tell plugins; a row has 1,500
    assert peaks[1] - peaks[0] < 4000 * small_per_row


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
ROWS = st.lists(st.tuples(CELL, CELL, CELL, st.integers(0, 1000)), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.sampled_from([Role.MENTOR, Role.MENTEE]))
def test_any_file_twice_is_the_file_once(importing, rows, role) -> None:
    numbered = [(f"h-{n}", f"n{n}", *cells) for n, cells in enumerate(rows)]
    header = ("person_id", "name", "skills", "goals", "expertise", "places")
    content = b"".join(write_csv(header, numbered))
    first, second = importing.take(content, role), importing.take(content, role)
    assert first["new"] + first["changed"] + first["unchanged"] == len(rows)
    assert second == {"new": 0, "changed": 0, "unchanged": len(rows)}
