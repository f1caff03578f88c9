import pytest

from wayfellow.tabular.columns import plan_columns
from wayfellow.tabular.people import PersonRow, read_people
from wayfellow.tabular.problems import Problems
from wayfellow.tabular.tables import read_table
from wayfellow.types import FieldType, ProfileField, Role


@pytest.fixture
def people(write):
    """Read people of a CSV text: (rows, problems as text)."""

    def read(text: str, role: Role = Role.MENTOR, **options) -> tuple[list[PersonRow], list[str]]:
        table = read_table(write(text))
        problems = Problems(table.name)
        plan = plan_columns(table.columns, role, name=table.name, **options)
        return list(read_people(table, plan, problems)), [str(problem) for problem in problems.items]

    return read


def test_a_row_becomes_a_person(people) -> None:
    (row,), problems = people(
        "id,Full name,E-mail,Time zone,Places,Goals,Skills,Skills to learn,Languages,Job title\n"
        'm-1, Zoë  ,Zoe@Example.ORG,europe/berlin,3,"Lead\n\nSpeak, often",Go; SQL|go,Rust,"English, Hindi",CTO\n'
    )
    assert problems == []
    assert row == PersonRow(
        2,
        "m-1",
        "Zoë",
        "zoe@example.org",
        "Europe/Berlin",
        3,
        ("Lead", "Speak, often"),
        ("Go", "SQL"),
        ("Rust",),
        {"languages": "English\nHindi", "job_title": "CTO"},
    )
    assert row.key == "m-1"
    assert row.texts()["skills"] == "Go\nSQL"


def test_empty_cells_say_nothing(people) -> None:
    (row,), problems = people("email,id,name,capacity,skills,expertise\na@example.org,,Ana,,,\n")
    assert problems == []
    assert row == PersonRow(2, None, "Ana", "a@example.org", None, None)
    assert row.key == "a@example.org"


@pytest.mark.parametrize("capacity", ["-1", "two", "1.5", "1001", "1e2", "²", "99999999999"])
def test_wrong_capacities_are_placed(people, capacity) -> None:
    rows, problems = people(f"id,Places\n1,2\n2,{capacity}\n")
    assert [row.key for row in rows] == ["1"]
    assert problems == [
        f"row 3, column Places: “{capacity}” is no number of places. Write a whole number from 0 to 1000."
    ]


@pytest.mark.parametrize("capacity", [0, 1, 1000])
def test_capacity_runs_from_none_to_a_thousand(people, capacity) -> None:
    (row,), _ = people(f"id,capacity\n1,{capacity}\n")
    assert row.capacity == capacity


def test_people_without_id_and_address_are_placed(people) -> None:
    rows, problems = people("id,name,email\n,Ana,\n")
    assert rows == []
    assert problems == ["row 2: The person has neither a person_id nor an e-mail address. Fill in one of them."]


def test_people_who_stand_there_twice_are_placed_with_both_rows(people) -> None:
    _, problems = people("id,email\n7,a@example.org\n8,b@example.org\n7,c@example.org\n9,A@Example.org\n")
    assert problems == [
        "row 4, column person_id: “7” stands in row 2 and in row 4. Each person has one row: delete one of them.",
        "row 5, column email: “a@example.org” stands in row 2 and in row 5. "
        "Each person has one row: delete one of them.",
    ]


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("name", '""', "The name is missing. Fill it in."),
        ("name", '"Ana\nBo"', "The name holds a line break or a control character. Write it on one line."),
        ("name", "x" * 321, "The name has 321 characters; the most is 320. Shorten it."),
        ("email", "nobody", "“nobody” is no e-mail address. Write it like name@example.org."),
        (
            "timezone",
            "Mars/Olympus",
            "“Mars/Olympus” is no time zone that is known. Write it like Europe/Berlin, or UTC.",
        ),
        ("skills", ";".join(map(str, range(101))), "There are 101 tags; the most is 100. Keep the ones that matter."),
        ("skills", "x" * 201, "A tag has 201 characters; the most is 200. Shorten it."),
        ("expertise", "x" * 20_001, "Expertise has 20,001 characters; the most is 20,000. Shorten it."),
        ("level", "high", "Level takes one of these: junior, senior; not “high”."),
        ("years", "nan", "Years takes a number such as 3 or 2.5, not “nan”."),
    ],
)
def test_wrong_cells_are_placed(people, column, cell, sentence) -> None:
    fields = [
        ProfileField("level", "Level", FieldType.CHOICE, options=("junior", "senior")),
        ProfileField("years", "Years", FieldType.NUMBER),
    ]
    rows, problems = people(f"id,{column}\n1,{cell}\n", fields=fields)
    assert rows == []
    assert problems == [f"row 2, column {column}: {sentence}"]


def test_fields_are_tidied_by_their_type(people) -> None:
    fields = [
        ProfileField("level", "Level", FieldType.CHOICE, options=("junior", "senior")),
        ProfileField("years", "Years", FieldType.NUMBER),
    ]
    (row,), _ = people("id,level,years\n1,SENIOR,3.0\n", fields=fields)
    assert row.values == {"level": "senior", "years": "3"}


def test_every_fault_of_a_row_is_noted(people) -> None:
    _, problems = people("id,email,capacity,timezone\n1,x,y,z\n")
    assert len(problems) == 3
