"""Say whose tables are whose: core's, the web's and each plugin's, told apart by the prefix of their names.

Each owner has revisions and a version table of its own, so that a removed plugin leaves the others upgradable.
Packages that are no plugins (the web) announce theirs through the entry-point group ``wayfellow.migrations``: the
entry point's name is the owner, and what it points to is a :class:`wayfellow.types.Migrations` in a module that
imports the owner's models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from sqlalchemy import Connection, inspect

from wayfellow.errors import WayfellowError
from wayfellow.migrations.tables import Base
from wayfellow.types import Migrations

CORE = "core"
VERSION_TABLE = "alembic_version"
ENTRY_POINTS = "wayfellow.migrations"


@dataclass(frozen=True, slots=True)
class Owner:
    """Be one line of revisions: its name and the folder it is kept in."""

    name: str
    directory: Path

    @property
    def version_table(self) -> str:
        """Return the table that says at which revision the owner's tables are."""
        return VERSION_TABLE if self.name == CORE else f"{VERSION_TABLE}_{self.name}"


@dataclass(frozen=True, slots=True)
class Owners:
    """Hold the owners in the order in which they are upgraded, and the names of those that were removed."""

    installed: tuple[Owner, ...]
    removed: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Owner]:
        return iter(self.installed)

    def __getitem__(self, name: str) -> Owner:
        return next(owner for owner in self.installed if owner.name == name)

    def owner_of(self, table: str) -> str | None:
        """Return the owner with the longest matching prefix, core when there is none; None for version tables."""
        if table.startswith(VERSION_TABLE):
            return None
        names = {owner.name for owner in self.installed} | self.removed
        return max((name for name in names if table.startswith(f"{name}_")), key=len, default=CORE)

    def seen_in(self, connection: Connection) -> Owners:
        """Add those who left their tables behind in a database but are not installed any more."""
        prefix = f"{VERSION_TABLE}_"
        names = {
            table.removeprefix(prefix) for table in inspect(connection).get_table_names() if table.startswith(prefix)
        }
        return Owners(self.installed, frozenset(names - {owner.name for owner in self.installed}))


def find_owners(plugins: Mapping[str, Migrations]) -> Owners:
    """Return core, then what entry points announce, then the plugins that have tables, by name.

    Raises WayfellowError when a name would claim core's tables.
    """
    announced = {point.name: point.load() for point in entry_points(group=ENTRY_POINTS)}
    named = {**dict(sorted(announced.items())), **dict(sorted(plugins.items()))}
    for name in named:
        _refuse_claim(name)
    core = Owner(CORE, Path(__file__).parent / "versions")
    return Owners((core, *(Owner(name, migrations.directory) for name, migrations in named.items())))


def core_tables() -> set[str]:
    """Return the names of the tables that core's own models describe."""
    mappers = (mapper for mapper in Base.registry.mappers if mapper.class_.__module__.startswith("wayfellow."))
    return {str(mapper.local_table) for mapper in mappers}


def _refuse_claim(name: str) -> None:
    claimed = sorted(table for table in core_tables() if table.startswith(f"{name}_"))
    if name == CORE or claimed:
        raise WayfellowError(
            f"A plugin named {name!r} would own tables of core ({', '.join(claimed) or 'all'}). Give it another name."
        )
