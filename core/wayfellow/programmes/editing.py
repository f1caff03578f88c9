"""Change what a programme and its cycles say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, Programme
from wayfellow.programmes.service import get_cycle, get_programme
from wayfellow.tabular.values import clean_line, clean_timezone, tidy
from wayfellow.types import Role
from wayfellow.words import gettext, later

T = TypeVar("T")
MAX_DESCRIPTION = 10_000


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """Hold what a coordinator says about a programme."""

    name: str
    description: str = ""
    timezone: str = "UTC"
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """Hold what a coordinator says about a cycle; all days are the programme's, and the last ones count in."""

    name: str
    registration_opens_on: date | None = None
    registration_closes_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    open_to: Collection[Role] = (Role.MENTEE, Role.MENTOR)


def edit_programme(tx: Transaction, programme_id: int, facts: ProgrammeFacts) -> Programme:
    """Change a programme. Raises NotFound, NotAllowed, and InvalidInput whose problems name the facts."""
    programme = get_programme(tx, programme_id)
    tx.require("programme.edit", programme_id)
    checks = _Checks()
    values = {
        "name": checks.take("name", lambda: clean_line(facts.name, later("The programme's name"), 200)),
        "description": checks.take("description", lambda: _clean_description(facts.description)),
        "timezone": checks.take("timezone", lambda: clean_timezone(facts.timezone)),
        "is_public": facts.is_public,
    }
    checks.finish(gettext("The programme is not saved yet. Mend what is marked."))
    _write(tx, programme, values, "programme", programme_id)
    return programme


def edit_cycle(tx: Transaction, cycle_id: int, facts: CycleFacts) -> Cycle:
    """Change a cycle. Raises NotFound, NotAllowed, and InvalidInput whose problems name the facts."""
    cycle = get_cycle(tx, cycle_id)
    tx.require("programme.edit", cycle.programme_id)
    checks = _Checks()
    name = checks.take("name", lambda: clean_line(facts.name, later("The cycle's name"), 200))
    same = select(Cycle.id).where(Cycle.programme_id == cycle.programme_id, Cycle.name == name, Cycle.id != cycle.id)
    if name and tx.session.scalar(same) is not None:
        checks.add("name", gettext("The programme has a cycle “%(name)s” already. Choose another name.", name=name))
    _check_order(checks, facts)
    checks.finish(gettext("The cycle is not saved yet. Mend what is marked."))
    values = {
        "name": name,
        "registration_opens_on": facts.registration_opens_on,
        "registration_closes_on": facts.registration_closes_on,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "open_to": sorted(role.value for role in facts.open_to),
    }
    _write(tx, cycle, values, "cycle", cycle.programme_id)
    return cycle


class _Checks:
    """Gather what is wrong with a form, so that all of it is said at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, field: str, sentence: str) -> None:
        self.problems.append(Problem(sentence, column=field))

    def take(self, field: str, check: Callable[[], T]) -> T | None:
        try:
            return check()
        except ValueError as error:
            self.add(field, str(error))
            return None

    def finish(self, sentence: str) -> None:
        if self.problems:
            raise InvalidInput(sentence, tuple(self.problems))


def _check_order(checks: _Checks, facts: CycleFacts) -> None:
    opens, closes = facts.registration_opens_on, facts.registration_closes_on
    if opens and closes and closes < opens:
        checks.add(
            "registration_closes_on",
            gettext(
                "Applications would close on %(closes)s, before they open on %(opens)s.", closes=closes, opens=opens
            ),
        )
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        checks.add(
            "ends_on",
            gettext(
                "The cycle would end on %(ends_on)s, before it starts on %(starts_on)s.",
                ends_on=facts.ends_on,
                starts_on=facts.starts_on,
            ),
        )
    if opens and facts.ends_on and facts.ends_on < opens:
        checks.add(
            "ends_on",
            gettext(
                "The cycle would end on %(ends_on)s, before applications open on %(opens)s.",
                ends_on=facts.ends_on,
                opens=opens,
            ),
        )
    if set(facts.open_to) - {Role.MENTEE, Role.MENTOR}:
        checks.add("open_to", gettext("People apply as mentee or mentor. Choose one of these, or both."))


def _clean_description(text: str) -> str:
    text = tidy(text)
    if len(text) > MAX_DESCRIPTION:
        raise ValueError(
            gettext(
                "The description has %(count)s characters; keep it to %(most)s.",
                count=f"{len(text):,}",
                most=f"{MAX_DESCRIPTION:,}",
            )
        )
    return text


def _write(tx: Transaction, row: Programme | Cycle, values: Mapping[str, object], kind: str, programme_id: int) -> None:
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        tx.session.flush()
        record(tx, f"{kind}.changed", kind, row.id, programme_id, fields=changed)
