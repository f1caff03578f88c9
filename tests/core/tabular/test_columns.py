import pytest

from wayfellow.errors import InvalidInput
from wayfellow.tabular.columns import ColumnPlan, plan_columns
from wayfellow.types import FieldType, ProfileField, Role


def plan(*headings: str, role: Role = Role.MENTOR, **options) -> ColumnPlan:
    return plan_columns(headings, role, name="people.csv", **options)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("person_id", "person_id"),
        ("Person ID", "person_id"),
        ("ID", "person_id"),
        ("Full name", "name"),
        ("E-Mail", "email"),
        ("E-mail address", "email"),
        ("Time Zone", "timezone"),
        ("Places", "capacity"),
        ("max_mentees", "capacity"),
        ("JobTitle", "job_title"),
        ("SKILLS", "skills"),
        ("Skills to learn", "skills_to_learn"),
        ("Department", "department"),
        ("languages ", "languages"),
        ("Goals", "goals"),
        ("expertise", "expertise"),
    ],
)
def test_headings_are_known_whatever_their_spelling(heading, key) -> None:
    extra = () if key == "person_id" else ("person_id",)
    planned = plan(heading, *extra).columns[0]
    assert (planned.column.key, planned.unknown) == (key, False)


def test_what_takes_part_in_matching_depends_on_the_role() -> None:
    headings = ("id", "job title", "department", "languages", "expertise", "skills", "goals", "skills to learn")
    assert plan(*headings).text_fields == ("job_title", "expertise", "skills")
    assert plan(*headings, role=Role.MENTEE).text_fields == ("goals", "skills_to_learn")


def test_unknown_columns_become_matched_long_text_of_the_role() -> None:
    planned = plan("id", "Why I mentor", "部署").unknown
    assert [(p.column.key, p.heading) for p in planned] == [("why_i_mentor", "Why I mentor"), ("部署", "部署")]
    field = planned[0].column.field
    assert field is not None
    assert (field.type, field.label, field.matched_for) == (FieldType.LONG_TEXT, "Why I mentor", {Role.MENTOR})


def test_columns_can_be_left_out() -> None:
    chosen = plan("id", "Shoe size", "skills", ignore=["shoe_size", "Skills"])
    assert [p.heading for p in chosen.used] == ["id"]
    assert chosen.text_fields == ()


def test_a_mentees_capacity_is_left_out_with_a_note() -> None:
    planned = plan("id", "capacity", role=Role.MENTEE).columns[1]
    assert (planned.ignored, planned.note) == (True, "Left out: only mentors have places.")


def test_fields_of_plugins_are_known_by_their_columns() -> None:
    pronouns = ProfileField("pronouns", "Pronouns", columns=("preferred pronouns",))
    planned = plan("id", "Preferred pronouns", fields=[pronouns]).columns[1]
    assert (planned.column.field, planned.unknown) == (pronouns, False)


def test_two_columns_of_one_meaning_are_named() -> None:
    with pytest.raises(InvalidInput, match="The columns “E-mail” and “Mail” both mean E-mail"):
        plan("E-mail", "Mail")


def test_two_unknown_columns_of_one_key_are_named() -> None:
    with pytest.raises(InvalidInput, match="“Why me!” and “why me” both mean"):
        plan("id", "Why me!", "why me")


def test_a_table_must_say_who_people_are() -> None:
    with pytest.raises(
        InvalidInput, match=r"people\.csv .* No column says who each person is\. Add a column person_id"
    ):
        plan("name", "skills")
    with pytest.raises(InvalidInput, match="No column says who"):
        plan("id", ignore=["id"])


def test_long_and_wordless_headings_get_keys_that_fit() -> None:
    first, second = (p.column.key for p in plan("id", "?!", "long " * 40).unknown)
    assert 0 < len(first) <= 64
    assert 0 < len(second) <= 64
