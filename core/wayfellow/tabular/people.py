"""Read people from a table: each row checked, each fault with its row and column."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from wayfellow.tabular import values
from wayfellow.tabular.columns import ColumnPlan, Kind, PlannedColumn
from wayfellow.tabular.problems import Problems
from wayfellow.tabular.tables import Row, Table
from wayfellow.words import gettext, later

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Be one person as a file says; None or an empty tuple where it says nothing.

    ``values`` holds the profile's fields by key, tags one per line; fields without a value are absent.
    """

    number: int
    reference: str | None
    name: str | None
    email: str | None
    timezone: str | None
    capacity: int | None
    goals: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return what identifies the person: the file's own id, else the e-mail address."""
        return self.reference or self.email or ""

    def texts(self) -> dict[str, str]:
        """Return every text by column key, goals and skills joined one per line, for matching."""
        lists = {"goals": self.goals, "skills": self.offers, "skills_to_learn": self.wants}
        return {**self.values, **{key: "\n".join(items) for key, items in lists.items() if items}}


def read_people(
    table: Table, plan: ColumnPlan, problems: Problems, only: Container[int] | None = None
) -> Iterator[PersonRow]:
    """Stream the people of a table; a row with a fault is noted in ``problems`` and left out.

    ``only`` holds the numbers of the rows to read, when the others are known to be right (None: all rows).
    Memory grows by one id and one address per row, to find those that stand there twice.
    """
    seen: dict[tuple[str, str], int] = {}
    reader = _Reader(plan, problems)
    for row in table.rows(problems):
        if only is not None and row.number not in only:
            continue
        before = problems.total
        person = reader.person(row)
        _check_once(person, seen, problems)
        if problems.total == before:
            yield person


def _check_once(person: PersonRow, seen: dict[tuple[str, str], int], problems: Problems) -> None:
    if not person.key:
        problems.add(
            gettext("The person has neither a person_id nor an e-mail address. Fill in one of them."), person.number
        )
    for column, value in (("person_id", person.reference), ("email", person.email)):
        first = seen.setdefault((column, value), person.number) if value else person.number
        if first != person.number:
            problems.add(
                gettext(
                    "“%(value)s” stands in row %(first)s and in row %(number)s. Each person has one row: "
                    "delete one of them.",
                    value=value,
                    first=first,
                    number=person.number,
                ),
                person.number,
                column,
                value,
            )


class _Reader:
    """Read rows, noting faults cell by cell."""

    def __init__(self, plan: ColumnPlan, problems: Problems) -> None:
        self.problems = problems
        self.by_kind = {planned.column.kind: planned for planned in plan.used}
        self.fields = [(planned, planned.column.field) for planned in plan.used if planned.column.field]

    def person(self, row: Row) -> PersonRow:
        return PersonRow(
            row.number,
            self.cell(row, Kind.REFERENCE, _clean_reference),
            self.name(row),
            self.cell(row, Kind.EMAIL, values.clean_email),
            self.cell(row, Kind.TIMEZONE, values.clean_timezone),
            self.cell(row, Kind.CAPACITY, values.clean_capacity),
            self.cell(row, Kind.GOALS, values.split_goals) or (),
            self.cell(row, Kind.OFFERS, values.split_tags) or (),
            self.cell(row, Kind.WANTS, values.split_tags) or (),
            dict(self.profile(row)),
        )

    def name(self, row: Row) -> str | None:
        planned = self.by_kind.get(Kind.NAME)
        return self.read(row, planned, _clean_name) if planned else None

    def cell(self, row: Row, kind: Kind, clean: Callable[[str], T]) -> T | None:
        planned = self.by_kind.get(kind)
        if planned is None or not row.cells[planned.index].strip():
            return None
        return self.read(row, planned, clean)

    def profile(self, row: Row) -> Iterator[tuple[str, str]]:
        for planned, definition in self.fields:
            value = self.read(row, planned, partial(values.clean_value, definition))
            if value:
                yield definition.key, value

    def read(self, row: Row, planned: PlannedColumn, clean: Callable[[str], T]) -> T | None:
        text = row.cells[planned.index]
        try:
            return clean(text)
        except ValueError as error:
            self.problems.add(str(error), row.number, planned.heading, text)
            return None


def _clean_reference(text: str) -> str:
    return values.clean_line(text, later("The person_id"))


def _clean_name(text: str) -> str:
    return values.clean_line(text, later("The name"))
