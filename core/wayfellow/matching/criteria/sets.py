"""Hold what a coordinator chose, and read it from JSON, every fault with its place."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from wayfellow.errors import InvalidInput, Problem
from wayfellow.types import JSON, Criterion, CriterionKind
from wayfellow.words import gettext, ngettext

Kinds = Mapping[str, CriterionKind]
MAX_CRITERIA = 50
MAX_WEIGHT = 10.0
_KEYS = {"kind", "weight", "hard", "direction", "field", "parameters"}


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """Hold the criteria of a programme, and ``text_weight``, 0 to 10, of each scorer that compares texts.

    ``at`` is the moment at which clocks are compared, None: when the run is asked for.
    """

    criteria: tuple[Criterion, ...] = ()
    text_weight: float = MAX_WEIGHT
    at: datetime | None = None

    @property
    def effective(self) -> tuple[Criterion, ...]:
        """Return the criteria that change something: those that weigh anything or are hard."""
        return tuple(one for one in self.criteria if one.weight > 0 or one.hard)

    @property
    def weight(self) -> float:
        """Return what all criteria weigh together."""
        return math.fsum(one.weight for one in self.criteria)

    def as_json(self) -> dict[str, JSON]:
        """Return the set as files and the database hold it."""
        held: dict[str, JSON] = {"text_weight": self.text_weight, "criteria": [asdict(one) for one in self.criteria]}
        return held | ({"at": self.at.isoformat()} if self.at else {})


def read_set(data: Any, kinds: Kinds) -> CriteriaSet:
    """Return the set that JSON says; raise InvalidInput with every fault, ``row`` counting criteria from 1."""
    reader = _Reader(kinds)
    found = reader.whole(data)
    if reader.problems:
        first, count = reader.problems[0], len(reader.problems)
        sentence = ngettext("%(problem)s", "%(problem)s There are %(num)s such problems.", count, problem=first.message)
        raise InvalidInput(sentence, tuple(reader.problems))
    return found


def check_fields(chosen: CriteriaSet, known: Collection[str]) -> None:
    """Raise InvalidInput for a criterion that goes by a field which nobody has."""
    problems = [
        Problem(_no_field(one.field, known, row), row, "field", one.field)
        for row, one in enumerate(chosen.criteria, start=1)
        if one.field and one.field not in known
    ]
    if problems:
        raise InvalidInput(problems[0].message, tuple(problems))


def _no_field(field: str, known: Collection[str], row: int) -> str:
    names = ", ".join(sorted(known))
    return _placed(
        gettext("there is no field “%(field)s”. Choose one of: %(known)s.", field=field, known=names), row, "field"
    )


def _placed(what: str, row: int | None, column: str | None) -> str:
    """Return what is wrong, after the criterion and the part of it that it is about."""
    if row and column:
        return gettext("Criterion %(row)s, %(column)s: %(problem)s", row=row, column=column, problem=what)
    if row:
        return gettext("Criterion %(row)s: %(problem)s", row=row, problem=what)
    return f"{column}: {what}" if column else what


@dataclass(slots=True)
class _Reader:
    """Read parts of a set, noting faults; what is wrong is replaced by a default until all is read."""

    kinds: Kinds
    problems: list[Problem] = field(default_factory=list)

    def whole(self, data: Any) -> CriteriaSet:
        if not isinstance(data, Mapping):
            self.note(gettext("The criteria must be an object with the list “criteria” and the number “text_weight”."))
            return CriteriaSet()
        self.unknown(data, {"criteria", "text_weight", "at"}, None)
        rows = data.get("criteria", [])
        if not isinstance(rows, list) or len(rows) > MAX_CRITERIA:
            self.note(gettext("“criteria” must be a list of at most %(most)s criteria.", most=MAX_CRITERIA))
            rows = []
        weight = self.number(data.get("text_weight", MAX_WEIGHT), "text_weight", None, 0, MAX_WEIGHT)
        criteria = [self.criterion(one, row) for row, one in enumerate(rows, start=1)]
        return CriteriaSet(tuple(one for one in criteria if one), weight, self.moment(data.get("at")))

    def criterion(self, data: Any, row: int) -> Criterion | None:
        if not isinstance(data, Mapping):
            self.note(gettext('must be an object such as {"kind": "languages", "weight": 5}.'), row)
            return None
        kind = self.kinds.get(data.get("kind", "")) if isinstance(data.get("kind"), str) else None
        if kind is None:
            said = data.get("kind", "")
            known = ", ".join(self.kinds) or gettext("none, since the plugin criteria is switched off")
            self.note(
                gettext("“%(said)s” is no kind of criterion here. Known are: %(known)s.", said=said, known=known),
                row,
                "kind",
                str(said),
            )
            return None
        self.unknown(data, _KEYS, row)
        hard = data.get("hard", False)
        if not isinstance(hard, bool):
            self.note(gettext("write true for a hard rule, false for a preference."), row, "hard", str(hard))
        weight = self.number(data.get("weight", 5.0), "weight", row, 0, MAX_WEIGHT)
        return Criterion(kind.key, weight, hard is True, *self.choices(kind, data, row))

    def choices(self, kind: CriterionKind, data: Mapping[str, Any], row: int) -> tuple[str, dict[str, float], str]:
        return self.direction(kind, data, row), self.parameters(kind, data, row), self.field(kind, data, row)

    def direction(self, kind: CriterionKind, data: Mapping[str, Any], row: int) -> str:
        keys = [key for key, _ in kind.directions]
        said = data.get("direction") or (keys[0] if keys else "")
        if said in keys or said == "":
            return str(said)
        way = (
            gettext("choose one of: %(known)s.", known=", ".join(keys))
            if keys
            else gettext("%(kind)s has none; leave it out.", kind=kind.key)
        )
        self.note(way, row, "direction", str(said))
        return ""

    def field(self, kind: CriterionKind, data: Mapping[str, Any], row: int) -> str:
        said = data.get("field", "")
        if not isinstance(said, str) or bool(said) != kind.takes_field:
            way = (
                gettext("name a field of the profile.")
                if kind.takes_field
                else gettext("%(kind)s takes none; leave it out.", kind=kind.key)
            )
            self.note(way, row, "field", str(said))
            return ""
        return said

    def parameters(self, kind: CriterionKind, data: Mapping[str, Any], row: int) -> dict[str, float]:
        said = data.get("parameters", {})
        if not isinstance(said, Mapping):
            self.note(gettext("must be an object of numbers."), row, "parameters", str(said))
            said = {}
        self.unknown(said, {one.key for one in kind.parameters}, row, "parameters")
        found = {
            one.key: self.number(said.get(one.key, one.default), one.key, row, one.least, one.most)
            for one in kind.parameters
        }
        if found.get("least", -math.inf) > found.get("most", math.inf):
            self.note(gettext("must not be above “most”."), row, "least", str(found["least"]))
        return found

    def number(self, value: Any, key: str, row: int | None, least: float, most: float) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if is_number and least <= value <= most:
            return float(value)
        shown = f"{value:g}" if isinstance(value, float) else str(value)[:40]
        self.note(
            gettext(
                "“%(shown)s” is no number from %(least)s to %(most)s.",
                shown=shown,
                least=f"{least:g}",
                most=f"{most:g}",
            ),
            row,
            key,
            shown,
        )
        return least

    def moment(self, value: Any) -> datetime | None:
        try:
            found = datetime.fromisoformat(value) if value is not None else None
        except (TypeError, ValueError):
            found = None
        if value is not None and (found is None or found.tzinfo is None):
            self.note(
                gettext("“at” must be a moment with its zone, such as 2026-11-23T12:00:00+00:00."),
                None,
                "at",
                str(value),
            )
            return None
        return found

    def unknown(self, data: Mapping[str, Any], known: set[str], row: int | None, column: str | None = None) -> None:
        names = ", ".join(sorted(known))
        for key in data.keys() - known:
            what = (
                gettext("“%(key)s” is not known. Known are: %(known)s.", key=key, known=names)
                if known
                else gettext("“%(key)s” is not known. Leave it out.", key=key)
            )
            self.problems.append(Problem(_placed(what, row, column), row, str(key)))

    def note(self, what: str, row: int | None = None, column: str | None = None, value: str | None = None) -> None:
        self.problems.append(Problem(_placed(what, row, column), row, column, value))
