"""Say what each column of a table of people means."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from wayfellow.tabular.problems import Problems
from wayfellow.types import Audience, FieldType, ProfileField, Role
from wayfellow.words import gettext, later

_BOTH = frozenset({Role.MENTOR, Role.MENTEE})
_MENTOR, _MENTEE = frozenset({Role.MENTOR}), frozenset({Role.MENTEE})


class Kind(StrEnum):
    """Name what a column fills in: something core keeps of its own, or a field of the profile."""

    REFERENCE = "person_id"
    NAME = "name"
    EMAIL = "email"
    TIMEZONE = "timezone"
    CAPACITY = "capacity"
    GOALS = "goals"
    OFFERS = "skills"
    WANTS = "skills_to_learn"
    ROLE_OR_STATE = "role_or_state"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Column:
    """Be what one kind of column means; ``matched_for`` says for whom its text takes part in matching."""

    key: str
    label: str
    kind: Kind
    matched_for: frozenset[Role] = frozenset()
    synonyms: tuple[str, ...] = ()
    field: ProfileField | None = None


@dataclass(frozen=True, slots=True)
class PlannedColumn:
    """Be one column of a file: at ``index`` stands ``heading``, which means ``column``.

    ``unknown`` marks a column that nobody declared: it becomes a long-text field. ``ignored`` ones are not read.
    """

    index: int
    heading: str
    column: Column
    unknown: bool = False
    ignored: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """Hold what a file's columns become for people of one role."""

    role: Role
    columns: tuple[PlannedColumn, ...] = field(default=())

    @property
    def used(self) -> tuple[PlannedColumn, ...]:
        """Return the columns that are read."""
        return tuple(planned for planned in self.columns if not planned.ignored)

    @property
    def unknown(self) -> tuple[PlannedColumn, ...]:
        """Return the columns that become new fields of the profile, ignored ones included."""
        return tuple(planned for planned in self.columns if planned.unknown)

    @property
    def text_fields(self) -> tuple[str, ...]:
        """Return the keys of the columns whose text takes part in matching for this role, in the file's order."""
        return tuple(planned.column.key for planned in self.used if self.role in planned.column.matched_for)

    def has(self, kind: Kind) -> bool:
        """Tell whether a column of this kind is read."""
        return any(planned.column.kind is kind for planned in self.used)


#: The fields of a profile that every deployment has.
PROFILE_FIELDS: tuple[ProfileField, ...] = (
    ProfileField(
        "job_title",
        later("Job title"),
        matched_for=_MENTOR,
        columns=("title", "job", "position", "current role", "occupation"),
    ),
    ProfileField("department", later("Department"), columns=("dept", "team", "unit", "division", "organisation unit")),
    ProfileField("languages", later("Languages"), FieldType.TAGS, columns=("language", "spoken languages")),
    ProfileField(
        "expertise",
        later("Expertise"),
        FieldType.LONG_TEXT,
        roles=_MENTOR,
        matched_for=_MENTOR,
        columns=("experience", "areas of expertise", "bio", "biography", "about", "about me"),
        help=later("What you do well and could help somebody with, in whole sentences."),
    ),
    ProfileField("organisation", later("Organisation"), columns=("organization", "company", "employer")),
    ProfileField("location", later("Location"), columns=("office", "site", "work location")),
    ProfileField(
        "seniority",
        later("Seniority"),
        FieldType.NUMBER,
        columns=("career level", "seniority level", "grade"),
        help=later("Your level as a number, higher for more senior."),
    ),
    ProfileField(
        "availability",
        later("Availability"),
        FieldType.AVAILABILITY,
        audience=Audience.PAIR,
        columns=("free times", "available times"),
        help=later("When you are free each week by your own clock, such as Mon 18:00-20:00; Thu 12:00-13:00."),
    ),
    ProfileField(
        "goal_kinds",
        later("Kinds of goals"),
        FieldType.TAGS,
        columns=("goal kind", "goal types", "goal type"),
        help=later("As a mentee, what your goals are about; as a mentor, what you like to help with."),
    ),
    ProfileField(
        "manager",
        later("Manager"),
        audience=Audience.COORDINATORS,
        columns=("line manager", "reports to", "supervisor", "manager id", "manager e-mail"),
        help=later("The e-mail address or ID of the person you report to."),
    ),
    ProfileField(
        "preferred_people",
        later("People you would like"),
        FieldType.TAGS,
        audience=Audience.COORDINATORS,
        columns=("preferred mentors", "preferred mentees"),
        help=later("E-mail addresses or IDs, the one you would like best first."),
    ),
    ProfileField(
        "avoided_people",
        later("People you would rather not have"),
        FieldType.TAGS,
        audience=Audience.COORDINATORS,
        columns=("avoided mentors", "avoided mentees"),
        help=later("E-mail addresses or IDs. Nobody but coordinators sees this."),
    ),
)

#: The fields that name people, by their IDs or e-mail addresses.
PEOPLE_FIELDS = ("manager", "preferred_people", "avoided_people")

#: What core keeps outside the profile's fields.
CORE_COLUMNS: tuple[Column, ...] = (
    Column("person_id", "ID", Kind.REFERENCE, synonyms=("id", "reference", "employee id", "staff id", "member id")),
    Column("name", "Name", Kind.NAME, synonyms=("full name", "display name", "person", "person name")),
    Column("email", "E-mail", Kind.EMAIL, synonyms=("e-mail address", "mail", "work e-mail", "contact e-mail")),
    Column("timezone", "Time zone", Kind.TIMEZONE, synonyms=("tz", "time zone name")),
    Column(
        "capacity",
        "Places",
        Kind.CAPACITY,
        synonyms=("places", "max mentees", "maximum mentees", "mentee capacity", "number of mentees", "slots"),
    ),
    Column("goals", "Goals", Kind.GOALS, _MENTEE, ("goal", "my goals", "objectives", "aims", "mentoring goals")),
    Column(
        "skills", "Skills", Kind.OFFERS, _MENTOR, ("skill", "skills offered", "offers", "can help with", "strengths")
    ),
    Column(
        "skills_to_learn",
        "Skills to learn",
        Kind.WANTS,
        _MENTEE,
        ("skills wanted", "wants", "wants to learn", "learning goals", "skills to develop", "development areas"),
    ),
    # Our own exports hold these two; taking them for profile fields would be wrong.
    Column("role", "Role", Kind.ROLE_OR_STATE),
    Column("state", "State", Kind.ROLE_OR_STATE),
)


def field_column(definition: ProfileField) -> Column:
    """Return the column that fills in a profile field."""
    synonyms = (definition.label, *definition.columns)
    return Column(definition.key, definition.label, Kind.FIELD, definition.matched_for, synonyms, definition)


def normalise_heading(heading: str) -> str:
    """Return a heading without case, spaces, underscores, hyphens and dots, by which columns are recognised."""
    return re.sub(r"[\s_\-.\u2010-\u2013]+", "", unicodedata.normalize("NFKC", heading).casefold())


def known_columns(fields: Iterable[ProfileField] = ()) -> Mapping[str, Column]:
    """Return every column that is known, by normalised heading; core's come before those of other fields."""
    known: dict[str, Column] = {}
    for column in (*CORE_COLUMNS, *map(field_column, (*PROFILE_FIELDS, *fields))):
        for heading in (column.key, column.label, *column.synonyms):
            known.setdefault(normalise_heading(heading), column)
    return MappingProxyType(known)


def plan_columns(
    headings: Sequence[str],
    role: Role,
    *,
    name: str,
    fields: Iterable[ProfileField] = (),
    ignore: Iterable[str] = (),
) -> ColumnPlan:
    """Say what each heading of a file becomes for people of a role.

    ``fields`` are the profile's fields beyond core's; ``ignore`` holds headings to leave out. Raises InvalidInput,
    with the file's ``name``, when two columns mean the same, or none says who the people are.
    """
    known, left_out = known_columns(fields), {normalise_heading(heading) for heading in ignore}
    planned = [_plan(index, heading, role, known, left_out) for index, heading in enumerate(headings)]
    plan = ColumnPlan(role, tuple(planned))
    problems = Problems(name)
    _check_plan(plan, problems)
    problems.raise_if_any()
    return plan


def _plan(index: int, heading: str, role: Role, known: Mapping[str, Column], ignore: set[str]) -> PlannedColumn:
    meaning = normalise_heading(heading)
    ignored = meaning in ignore
    column = known.get(meaning)
    if column is None:
        return PlannedColumn(index, heading, field_column(unknown_field(heading, role)), unknown=True, ignored=ignored)
    if column.kind is Kind.ROLE_OR_STATE:
        return PlannedColumn(
            index, heading, column, ignored=True, note=gettext("Left out: an import sets role and state itself.")
        )
    if column.kind is Kind.CAPACITY and role is not Role.MENTOR:
        return PlannedColumn(index, heading, column, ignored=True, note=gettext("Left out: only mentors have places."))
    return PlannedColumn(index, heading, column, ignored=ignored)


def _check_plan(plan: ColumnPlan, problems: Problems) -> None:
    seen: dict[str, PlannedColumn] = {}
    for planned in plan.used:
        before = seen.setdefault(planned.column.key, planned)
        if before is not planned:
            problems.add(
                gettext(
                    "The columns “%(heading)s” and “%(other)s” both mean %(meaning)s. Delete, rename or "
                    "leave out one of them.",
                    heading=before.heading,
                    other=planned.heading,
                    meaning=gettext(planned.column.label),
                ),
                1,
                planned.heading,
            )
    if not plan.has(Kind.REFERENCE) and not plan.has(Kind.EMAIL):
        problems.add(
            gettext(
                "No column says who each person is. Add a column person_id or e-mail, with something in "
                "each row; the headings belong in the first row."
            ),
            1,
        )


def unknown_field(heading: str, role: Role) -> ProfileField:
    """Return the long-text field that a column nobody declared becomes; it takes part in matching for the role.

    The key is the heading in small letters with ``_`` between words, and never one that core uses.
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", heading).casefold().replace("_", " "))
    key = "_".join(words)
    if not key or len(key) > 64 or key in _RESERVED:
        key = f"{key[:50]}_{hashlib.sha256(heading.encode()).hexdigest()[:8]}".lstrip("_")
    role_only = frozenset({role})
    return ProfileField(key, heading[:200], FieldType.LONG_TEXT, roles=role_only, matched_for=role_only)


_RESERVED = {column.key for column in CORE_COLUMNS} | {definition.key for definition in PROFILE_FIELDS}


def widen(definition: ProfileField, role: Role) -> ProfileField:
    """Return a field that came from an import, now also filled in by and matched for another role."""
    return replace(definition, roles=definition.roles | {role}, matched_for=definition.matched_for | {role})
