"""Keep the definitions of profile fields: core's, those of plugins, and those that imports brought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.people.models import FieldDefinition
from wayfellow.tabular.columns import PROFILE_FIELDS
from wayfellow.types import Audience, FieldType, ProfileField, Role

#: The fields that every deployment has.
BUILT_IN: tuple[ProfileField, ...] = PROFILE_FIELDS


@dataclass(frozen=True, slots=True)
class StoredField:
    """Be a profile field with the id of its row and where it comes from."""

    id: int
    origin: str
    definition: ProfileField


def sync_fields(tx: Transaction) -> dict[str, StoredField]:
    """Write the fields of core and of the loaded plugins into the database; return all fields that are in use, by key.

    Definitions of plugins that are gone stay, with what people wrote, and are left out here. Safe to repeat.
    """
    wanted = [(definition, "core") for definition in BUILT_IN]
    wanted += [(definition, "plugin") for definition in tx.host.profile_fields]
    rows = {row.key: row for row in tx.session.scalars(select(FieldDefinition))}
    for position, (definition, origin) in enumerate(wanted):
        _write(tx, rows, definition, origin, position)
    tx.session.flush()
    return in_use(tx, rows.values())


def add_imported_field(tx: Transaction, definition: ProfileField) -> None:
    """Write the field of an imported column that nobody declared; one that is there is widened by its roles."""
    row = tx.session.scalar(select(FieldDefinition).where(FieldDefinition.key == definition.key))
    if row is None:
        _write(tx, {}, definition, "import", 1000)
    elif row.origin == "import":
        row.roles = sorted({*row.roles, *definition.roles})
        row.matched_for = sorted({*row.matched_for, *definition.matched_for})
    tx.session.flush()


def list_fields(tx: Transaction, role: Role | None = None) -> list[ProfileField]:
    """Return the fields that people fill in, or those that people of one role do, in the order of forms."""
    fields = [stored.definition for stored in load_fields(tx).values()]
    return [definition for definition in fields if role is None or role in definition.roles]


def load_fields(tx: Transaction) -> dict[str, StoredField]:
    """Return all stored fields that are in use, by key, in the order of forms."""
    return in_use(tx, tx.session.scalars(select(FieldDefinition)))


def in_use(tx: Transaction, rows: Iterable[FieldDefinition]) -> dict[str, StoredField]:
    """Return rows as fields, by key, in the order of forms, without those of plugins that are gone."""
    from_plugins = {definition.key for definition in tx.host.profile_fields}
    ordered = sorted(rows, key=lambda row: (row.position, row.id))
    return {
        row.key: StoredField(row.id, row.origin, to_field(row))
        for row in ordered
        if row.origin != "plugin" or row.key in from_plugins
    }


def to_field(row: FieldDefinition) -> ProfileField:
    """Return a stored definition as the value that forms, imports and plugins know."""
    return ProfileField(
        key=row.key,
        label=row.label,
        type=FieldType(row.type),
        options=tuple(row.options),
        required=row.required,
        audience=Audience(row.audience),
        roles=frozenset(map(Role, row.roles)),
        matched_for=frozenset(map(Role, row.matched_for)),
        columns=tuple(row.columns),
        help=row.help,
    )


def _write(
    tx: Transaction, rows: dict[str, FieldDefinition], definition: ProfileField, origin: str, position: int
) -> None:
    row = rows.get(definition.key)
    if row is None:
        row = rows[definition.key] = FieldDefinition(key=definition.key)
        tx.session.add(row)
    values = {
        "label": definition.label,
        "type": definition.type.value,
        "options": list(definition.options),
        "required": definition.required,
        "audience": definition.audience.value,
        "roles": sorted(definition.roles),
        "matched_for": sorted(definition.matched_for),
        "columns": list(definition.columns),
        "help": definition.help,
        "origin": origin,
        "position": position,
    }
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
