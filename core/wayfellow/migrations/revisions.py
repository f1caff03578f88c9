"""Run one owner's revisions, in one transaction that keeps all of it or nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from wayfellow.db import WRITES
from wayfellow.errors import WayfellowError
from wayfellow.migrations.owners import Owner, Owners

HERE = Path(__file__).parent


def alembic_config(connection: Connection, owner: Owner, owners: Owners) -> AlembicConfig:
    """Return what Alembic's commands need to work on one owner's tables, and no words on the terminal."""
    config = AlembicConfig(stdout=io.StringIO())
    for option, value in (("script_location", HERE), ("version_locations", owner.directory)):
        config.set_main_option(option, str(value).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, owner=owner, owners=owners.seen_in(connection))
    return config


def current(connection: Connection, owner: Owner) -> str | None:
    """Return the revision that an owner's tables are at, None before the first."""
    return MigrationContext.configure(connection, opts={"version_table": owner.version_table}).get_current_revision()


def newest(owner: Owner) -> str | None:
    """Return the newest revision that an owner brings, None when it has none. Raises WayfellowError when they fork."""
    try:
        return _scripts(owner).get_current_head()
    except CommandError as error:
        raise WayfellowError(f"The revisions of {owner.name} have more than one end: {error}.") from error


def knows(owner: Owner, revision: str) -> bool:
    """Tell whether a revision is among those an owner brings."""
    return any(script.revision == revision for script in _scripts(owner).walk_revisions())


def migrate(engine: Engine, owner: Owner, owners: Owners, target: str = "head") -> None:
    """Bring one owner's tables up, or down, to a revision. On any error nothing of it is kept."""
    with migrating(engine) as connection:
        config = alembic_config(connection, owner, owners)
        step = command.downgrade if _is_below(connection, owner, target) else command.upgrade
        step(config, target)


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that may change tables.

    SQLite changes a table by copying it and dropping the old one, which would delete the rows that point to it; so
    foreign keys are not enforced meanwhile but checked at the end.
    """
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        enforce = _foreign_keys(connection) if sqlite else None
        if enforce:
            enforce("OFF")
        try:
            with connection.execution_options(**{WRITES: True}).begin():
                yield connection
                if sqlite:
                    _check_foreign_keys(connection)
        finally:
            if enforce:
                enforce("ON")


def _foreign_keys(connection: Connection) -> Callable[[str], object]:
    # Beneath SQLAlchemy, because inside the transaction that it would begin SQLite ignores this pragma.
    raw = connection.connection.cursor()
    return lambda value: raw.execute(f"PRAGMA foreign_keys={value}")


def _check_foreign_keys(connection: Connection) -> None:
    broken = sorted({row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")})
    if broken:
        raise WayfellowError(f"It would leave rows in {', '.join(broken)} that point to rows which are gone.")


def _is_below(connection: Connection, owner: Owner, target: str) -> bool:
    now = current(connection, owner)
    if target == "base" or now is None or target == "head":
        return target == "base"
    above = _scripts(owner).iterate_revisions(now, "base")
    return target != now and target in {script.revision for script in above}


def _scripts(owner: Owner) -> ScriptDirectory:
    return ScriptDirectory(HERE, version_locations=[str(owner.directory)])
