"""Keep programmes' criteria: every change is a version of its own, and none is ever lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.matching.criteria.models import CriteriaVersion
from wayfellow.matching.criteria.sets import CriteriaSet, check_fields, read_set
from wayfellow.people.fields import list_fields
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Programme
from wayfellow.tabular.columns import CORE_COLUMNS, Kind
from wayfellow.words import gettext

_SHOWN = 200
#: What people say beside the fields of their profiles, and may be compared.
_SAID = (Kind.TIMEZONE, Kind.OFFERS, Kind.WANTS)


@dataclass(frozen=True, slots=True)
class VersionView:
    """Hold one version as a list shows it; ``author`` is "" for the system, ``criteria`` how many there are."""

    number: int
    author: str
    created_at: datetime
    criteria: int
    hard: int
    note: str


def newest_version(tx: Transaction, programme_id: int) -> int | None:
    """Return the number of the version that holds, None before the first. Needs ``matching.read``."""
    tx.require("matching.read", programme_id)
    found = _newest(tx, programme_id)
    return found.number if found else None


def stored_set(tx: Transaction, programme_id: int, number: int | None) -> Mapping[str, Any]:
    """Return a version as it is stored, which may name kinds that are gone; the empty set for None. Raises NotFound."""
    tx.require("matching.read", programme_id)
    return _find(tx, programme_id, number).chosen if number is not None else CriteriaSet().as_json()


def load_set(tx: Transaction, programme_id: int, number: int | None) -> CriteriaSet:
    """Return a version, the empty set for None. Raises NotFound, and InvalidInput when a kind is gone."""
    return read_set(stored_set(tx, programme_id, number), tx.host.criterion_kinds)


def list_versions(tx: Transaction, programme_id: int) -> Sequence[VersionView]:
    """List the versions of a programme's criteria, the newest first, at most 200. Needs ``matching.read``."""
    tx.require("matching.read", programme_id)
    query = (
        select(CriteriaVersion, Person.name)
        .outerjoin(Person, Person.id == CriteriaVersion.created_by)
        .where(CriteriaVersion.programme_id == programme_id)
        .order_by(CriteriaVersion.number.desc())
        .limit(_SHOWN)
    )
    return [_view(version, author or "") for version, author in tx.session.execute(query)]


def save_set(
    tx: Transaction, programme_id: int, chosen: CriteriaSet, *, based_on: int | None, note: str = ""
) -> CriteriaVersion:
    """Write a version; what holds already is not written again. Needs ``matching.criteria``.

    ``based_on`` is the version that the author saw, None for none. Raises InvalidInput for a field that nobody has, and
    Conflict when somebody else has written a version since.
    """
    tx.require("matching.criteria", programme_id)
    check_fields(chosen, comparable_fields(tx))
    # One writer at a time, so that numbers have no gap and nobody overwrites unseen.
    tx.session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update())
    newest = _newest(tx, programme_id)
    last = newest.number if newest else None
    if last != based_on:
        raise Conflict(
            gettext(
                "Version %(last)s of the criteria was saved while you changed them. Load the page again to see it.",
                last=last,
            )
        )
    said = chosen.as_json()
    if newest is not None and newest.chosen == said:
        return newest
    version = CriteriaVersion(
        programme_id=programme_id,
        number=(last or 0) + 1,
        chosen=said,
        note=note,
        created_by=tx.actor.person_id,
        created_at=tx.now(),
    )
    tx.session.add(version)
    tx.session.flush()
    counts = {"number": version.number, "criteria": len(chosen.criteria)}
    record(tx, "criteria.saved", "match_criteria", version.id, programme_id, **counts)
    return version


def restore_version(tx: Transaction, programme_id: int, number: int | None, *, based_on: int | None) -> CriteriaVersion:
    """Let an earlier version hold again, as a new one; None stands for no criteria.

    Needs ``matching.criteria``. Raises NotFound, InvalidInput when a kind or field is gone, Conflict.
    """
    chosen = load_set(tx, programme_id, number)
    note = "Without criteria again" if number is None else f"Version {number} again"
    return save_set(tx, programme_id, chosen, based_on=based_on, note=note)


def comparable_fields(tx: Transaction) -> dict[str, str]:
    """Return the labels of what two people's profiles can be compared by, by key."""
    said = {column.key: column.label for column in CORE_COLUMNS if column.kind in _SAID}
    return {field.key: field.label for field in list_fields(tx)} | said


def _newest(tx: Transaction, programme_id: int) -> CriteriaVersion | None:
    mine = select(CriteriaVersion).where(CriteriaVersion.programme_id == programme_id)
    return tx.session.scalar(mine.order_by(CriteriaVersion.number.desc()).limit(1))


def _find(tx: Transaction, programme_id: int, number: int) -> CriteriaVersion:
    here = (CriteriaVersion.programme_id == programme_id) & (CriteriaVersion.number == number)
    found = tx.session.scalar(select(CriteriaVersion).where(here))
    if found is None:
        raise NotFound(gettext("There is no such version of the criteria. Go to the list of versions."))
    return found


def _view(version: CriteriaVersion, author: str) -> VersionView:
    rows = version.chosen.get("criteria", [])
    hard = sum(bool(row.get("hard")) for row in rows)
    return VersionView(version.number, author, version.created_at, len(rows), hard, version.note)
