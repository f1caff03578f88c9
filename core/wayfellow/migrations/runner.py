"""Upgrade a deployment's database: core first, then the web, then each plugin on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from wayfellow.db import exists, reach
from wayfellow.deployment import Deployment
from wayfellow.errors import Conflict, WayfellowError
from wayfellow.migrations import revisions
from wayfellow.migrations.backup import back_up
from wayfellow.migrations.lock import alone
from wayfellow.migrations.owners import CORE, Owner, Owners, find_owners
from wayfellow.people.fields import sync_fields
from wayfellow.types import SYSTEM

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """Say where an owner's tables are (``at``, None before the first revision) and where they should be."""

    owner: Owner
    at: str | None
    newest: str | None
    error: str | None = None

    @property
    def is_due(self) -> bool:
        """Tell whether there is something to upgrade."""
        return self.error is None and self.at != self.newest

    def __str__(self) -> str:
        if self.error:
            return f"{_title(self.owner)}: {self.error}"
        if self.is_due:
            return f"{_title(self.owner)}: to be upgraded from {self.at or 'nothing'} to {self.newest}."
        return f"{_title(self.owner)}: nothing to do, at revision {self.at or 'none'}."


def upgrade(deployment: Deployment, *, say: Say = print, backup: bool = True, patience: float = 600.0) -> bool:
    """Bring all tables to the newest revisions, say what was done, and tell whether all went well.

    The fields of profiles that core and plugins bring are written into the database at the end.

    A plugin that fails is named and leaves no trace; core and the others are upgraded all the same. Raises
    WayfellowError when nothing can be done at all: core fails, or is newer than the program.
    """
    config, engine = deployment.config, deployment.engine
    owners = find_owners(deployment.host.migrations)
    make_data_folder(deployment)
    reach(engine)
    with alone(engine, config.data_dir, say, patience):
        standings = look(engine, owners)
        if standings[0].error:
            raise Conflict(standings[0].error)
        if any(standing.is_due for standing in standings):
            _say_backup(deployment, say, backup)
        done = [_upgrade_one(deployment, owners, standing, say) for standing in standings]
        with deployment.transaction(SYSTEM) as tx:
            sync_fields(tx)
    return all(done)


def require_newest(deployment: Deployment) -> None:
    """Raise Conflict unless core's tables are those that this program works with."""
    core = look(deployment.engine, find_owners({}))[0]
    if core.error:
        raise Conflict(core.error)
    if core.is_due:
        raise Conflict("The database is not up to date with this program. Run: wayfellow upgrade")


def look(engine: Engine, owners: Owners) -> list[Standing]:
    """Return where each owner's tables are; ``error`` says why one cannot be upgraded. Raises WayfellowError."""
    if not exists(engine):
        return [_look_at(owner, None) for owner in owners]
    reach(engine)
    with engine.connect() as connection:
        return [_look_at(owner, revisions.current(connection, owner)) for owner in owners]


def _look_at(owner: Owner, at: str | None) -> Standing:
    try:
        newest = revisions.newest(owner)
        known = at is None or revisions.knows(owner, at)
    except Exception as error:
        return Standing(owner, at, None, f"The revisions of {owner.name} can't be read: {_first_line(error)}")
    if known:
        return Standing(owner, at, newest)
    sentence = (
        f"The database is newer than this program: {_title(owner)} is at revision {at}, "
        f"known here up to {newest or 'none'}. Install the newer version again, or restore a backup."
    )
    return Standing(owner, at, newest, sentence)


def make_data_folder(deployment: Deployment) -> None:
    """Make the folder of the data. Raises WayfellowError."""
    try:
        deployment.config.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WayfellowError(
            f"The data folder {deployment.config.data_dir} can't be made: {error.strerror}. "
            "Change data_dir in the configuration or the folder's permissions."
        ) from error


def _say_backup(deployment: Deployment, say: Say, wanted: bool) -> None:
    if deployment.engine.dialect.name != "sqlite":
        say("PostgreSQL keeps no backup by itself: pg_dump makes one.")
    elif not wanted:
        say("No backup was made, as asked.")
    elif copy := back_up(deployment.engine, deployment.config.data_dir, deployment.clock()):
        say(f"Backup: {copy}")


def _upgrade_one(deployment: Deployment, owners: Owners, standing: Standing, say: Say) -> bool:
    owner, title = standing.owner, _title(standing.owner)
    if standing.error:
        say(f"{title}: left alone. {standing.error}")
        return False
    if not standing.is_due:
        say(str(standing))
        return True
    try:
        revisions.migrate(deployment.engine, owner, owners)
    except Exception as error:
        if deployment.config.strict:
            raise
        return _failed(standing, error, say)
    say(f"{title}: upgraded from {standing.at or 'nothing'} to {standing.newest}.")
    return True


def _failed(standing: Standing, error: Exception, say: Say) -> bool:
    what = (
        f"{_title(standing.owner)}: the upgrade from {standing.at or 'nothing'} to {standing.newest} failed and "
        f"nothing of it was kept: {_first_line(error)}"
    )
    if standing.owner.name == CORE:
        raise WayfellowError(what) from error
    say(f"{what}\n  Everything else goes on. Mend or disable {standing.owner.name}, then run the upgrade again.")
    return False


def _title(owner: Owner) -> str:
    return owner.name.capitalize() if owner.name in {CORE, "web"} else f"Plugin {owner.name}"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines and isinstance(error, WayfellowError) else f"{type(error).__name__}: {''.join(lines[:1])}"
