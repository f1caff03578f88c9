"""Turn the form of criteria into a set, and a set into a form; what was typed stays until it is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wayfellow.errors import InvalidInput
from wayfellow.matching.criteria.sets import MAX_WEIGHT, CriteriaSet, Kinds, check_fields, read_set
from wayfellow.types import Criterion, CriterionKind
from wayfellow.words import said


@dataclass(frozen=True, slots=True)
class Number:
    """Be a number of a criterion: what stands in its field, and between which values it must lie."""

    key: str
    label: str
    text: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Row:
    """Be one criterion of the form; ``kind`` is None when nobody brings it any more.

    A removed row stays in the form, so that it can be brought back. ``errors`` holds sentences by the control's name.
    """

    key: str
    kind: CriterionKind | None
    weight: str = "5"
    hard: bool = False
    direction: str = ""
    numbers: tuple[Number, ...] = ()
    removed: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    field: str = ""

    @property
    def label(self) -> str:
        """Return what people call the criterion."""
        return said(self.kind.label) if self.kind else self.key

    @property
    def directions(self) -> list[tuple[str, str]]:
        """Return (value, label) of the ways in which the criterion can be meant."""
        return [(value, said(label)) for value, label in self.kind.directions] if self.kind else []

    def as_json(self) -> dict[str, Any]:
        """Return the row as a set's JSON holds it, with text where no number was typed."""
        held: dict[str, Any] = {"kind": self.key, "weight": _number(self.weight), "hard": self.hard}
        held |= {"direction": self.direction} if self.direction else {}
        held |= {"field": self.field} if self.field else {}
        return held | {"parameters": {one.key: _number(one.text) for one in self.numbers}}


@dataclass(frozen=True, slots=True)
class Form:
    """Hold the whole form: its rows, the weight of texts, and the version that it began with."""

    rows: tuple[Row, ...]
    text_weight: str
    based_on: int | None
    errors: Mapping[str, str] = field(default_factory=dict)

    def read(self, kinds: Kinds, fields: Mapping[str, str]) -> CriteriaSet:
        """Return the set that the form says. Raises InvalidInput."""
        held = [row.as_json() for row in self.rows if not row.removed]
        chosen = read_set({"text_weight": _number(self.text_weight), "criteria": held}, kinds)
        check_fields(chosen, fields)
        return chosen

    def with_errors(self, error: InvalidInput) -> Form:
        """Return the form with each sentence of an error beside its control."""
        kept = [place for place, row in enumerate(self.rows) if not row.removed]
        wrong: dict[int | None, dict[str, str]] = {}
        for problem in error.problems:
            place = kept[problem.row - 1] if problem.row else None
            wrong.setdefault(place, {})[problem.column or "kind"] = problem.message
        rows = tuple(replace(row, errors=wrong.get(place, {})) for place, row in enumerate(self.rows))
        return replace(self, rows=rows, errors=wrong.get(None, {}))

    def with_row(self, kind: CriterionKind) -> Form:
        """Return the form with a new criterion at its end."""
        return replace(self, rows=(*self.rows, _row({"kind": kind.key}, {kind.key: kind})))

    def marked(self, place: int, *, removed: bool) -> Form:
        """Return the form with one row taken out or brought back; a place that is not there changes nothing."""
        rows = [replace(row, removed=removed) if here == place else row for here, row in enumerate(self.rows)]
        return replace(self, rows=tuple(rows))


def form_of(stored: Mapping[str, Any], kinds: Kinds, based_on: int | None) -> Form:
    """Return the form that shows a stored set, kinds that are gone included."""
    rows = tuple(_row(one, kinds) for one in stored.get("criteria", []))
    return Form(rows, _text(stored.get("text_weight", MAX_WEIGHT)), based_on)


def posted_form(sent: Mapping[str, str], kinds: Kinds) -> Form:
    """Return the form as it was sent; rows are numbered from 0, without gaps."""
    rows: list[Row] = []
    while (start := f"c{len(rows)}-") + "kind" in sent:
        rows.append(_posted_row(sent, start, kinds))
    based_on = sent.get("based_on", "")
    return Form(tuple(rows), sent.get("text_weight", ""), int(based_on) if based_on.isdecimal() else None)


def problems_of(form: Form) -> Sequence[tuple[str, str]]:
    """Return what is wrong as the summary of errors takes it: the id of the control, and the sentence."""
    found = [(column, sentence) for column, sentence in form.errors.items()]
    for place, row in enumerate(form.rows):
        found += [(f"c{place}-{column}", sentence) for column, sentence in row.errors.items()]
    return found


def _row(held: Mapping[str, Any], kinds: Kinds) -> Row:
    key = str(held.get("kind", ""))
    kind = kinds.get(key)
    if kind is None:
        return Row(key, None, _text(held.get("weight", 5.0)), bool(held.get("hard")))
    usual = Criterion(key, direction=kind.directions[0][0] if kind.directions else "")
    typed = {one.key: _text(held.get("parameters", {}).get(one.key, one.default)) for one in kind.parameters}
    return Row(
        key,
        kind,
        _text(held.get("weight", usual.weight)),
        bool(held.get("hard", False)),
        held.get("direction") or usual.direction,
        _numbers(kind, typed),
        field=held.get("field", ""),
    )


def _posted_row(sent: Mapping[str, str], start: str, kinds: Kinds) -> Row:
    key = sent[f"{start}kind"]
    kind = kinds.get(key)
    return Row(
        key,
        kind,
        sent.get(f"{start}weight", "").strip(),
        sent.get(f"{start}hard") == "1",
        sent.get(f"{start}direction", ""),
        _numbers(kind, {one.key: sent.get(f"{start}{one.key}", "").strip() for one in kind.parameters} if kind else {}),
        removed=sent.get(f"{start}removed") == "1",
        field=sent.get(f"{start}field", ""),
    )


def _numbers(kind: CriterionKind | None, typed: Mapping[str, str]) -> tuple[Number, ...]:
    parameters = kind.parameters if kind else ()
    return tuple(Number(one.key, said(one.label), typed[one.key], one.least, one.most) for one in parameters)


def _number(text: str) -> float | str:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
