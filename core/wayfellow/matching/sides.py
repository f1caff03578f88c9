"""Read one table of people as matching needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wayfellow.matching.problem import PersonInput
from wayfellow.tabular.columns import ColumnPlan, Kind, plan_columns
from wayfellow.tabular.people import PersonRow, read_people
from wayfellow.tabular.problems import Problems
from wayfellow.tabular.tables import Table, read_table
from wayfellow.types import ProfileField, Role

DEFAULT_CAPACITY = 1


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Hold the people of one file: ``names`` by key, ``by_email`` keys, and what to tell the reader in ``notes``."""

    people: tuple[PersonInput, ...]
    names: Mapping[str, str]
    by_email: Mapping[str, str]
    text_fields: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())

    def find(self, text: str) -> str | None:
        """Return the key of the person whom an id or e-mail address names, None when there is none."""
        return text if text in self.names else self.by_email.get(text.casefold())


def read_side(
    source: Path,
    role: Role,
    ignore: Sequence[str],
    fields: tuple[ProfileField, ...],
    places: int = DEFAULT_CAPACITY,
) -> Side:
    """Read one table of people, all of it or none; ``places`` offers who gives no capacity.

    Raises InvalidInput with every fault it has.
    """
    table = read_table(source, str(source))
    plan = plan_columns(table.columns, role, name=table.name, fields=fields, ignore=ignore)
    problems = Problems(table.name)
    rows = list(read_people(table, plan, problems))
    problems.raise_if_any()
    return Side(
        people=tuple(_person(row, places) for row in rows),
        names={row.key: row.name or row.key for row in rows},
        by_email={row.email.casefold(): row.key for row in rows if row.email},
        text_fields=plan.text_fields,
        notes=tuple(_notes(table, plan)),
    )


def _person(row: PersonRow, places: int) -> PersonInput:
    texts = row.texts()
    if row.timezone:
        texts["timezone"] = row.timezone
    return PersonInput(row.key, fields=texts, capacity=places if row.capacity is None else row.capacity)


def _notes(table: Table, plan: ColumnPlan) -> Iterable[str]:
    new = [planned.heading for planned in plan.unknown if not planned.ignored]
    if new:
        yield (
            f"{table.name}: {_listed(new)} {_is(new)} not known, and taken as text to match with; "
            "leave a column out with --ignore-column NAME."
        )
    left_out = [planned.heading for planned in plan.columns if planned.ignored]
    if left_out:
        yield f"{table.name}: {_listed(left_out)} {_is(left_out)} left out."
    if plan.role is Role.MENTOR and not plan.has(Kind.CAPACITY):
        yield f"{table.name}: no column capacity, so each mentor offers one place."
    if not plan.text_fields:
        yield f"{table.name}: no column holds text to match with."


def _listed(headings: list[str]) -> str:
    quoted = [f"“{heading}”" for heading in headings]
    return ("columns " if len(quoted) > 1 else "column ") + ", ".join(quoted)


def _is(headings: list[str]) -> str:
    return "are" if len(headings) > 1 else "is"
