"""Hold one deployment at work, and give out the transactions in which everything happens."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wayfellow import permissions
from wayfellow.clock import Clock, utc_now
from wayfellow.config import Config
from wayfellow.db import open_engine, write_session
from wayfellow.host import PluginHost
from wayfellow.types import Actor

T = TypeVar("T")
#: Marks, in ``session.info``, a session that only reads, which ends soon and sees no change of its own.
READS_ONLY = "wayfellow_reads_only"
_READ = "wayfellow_read"


@dataclass(slots=True)
class Transaction:
    """Be one unit of work: a session, who acts, and what to tell once it is committed.

    Services take it as their first argument; they read and write through ``session`` and never commit.
    """

    session: Session
    actor: Actor
    host: PluginHost
    clock: Clock
    config: Config
    _facts: list[Callable[[], None]] = field(default_factory=list)

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self.clock()

    def may(self, permission: str, programme_id: int | None = None) -> bool:
        """Tell whether the actor may do a thing in a programme."""
        return permissions.may(self.actor, permission, programme_id, self.host.permissions)

    def require(self, permission: str, programme_id: int | None = None) -> None:
        """Raise NotAllowed unless the actor may do a thing in a programme."""
        permissions.require(self.actor, permission, programme_id, self.host.permissions)

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what was read first under a key; where anything may be written, read it each time."""
        if not self.session.info.get(READS_ONLY):
            return read()
        kept: dict[Hashable, T] = self.session.info.setdefault(_READ, {})
        if key not in kept:
            kept[key] = read()
        return kept[key]

    def tell(self, fact: Callable[[PluginHost], None]) -> None:
        """Tell plugins a fact after commit, such as ``lambda host: host.on_goal_saved(goal_id, created=True)``."""
        self._facts.append(lambda: fact(self.host))

    def tell_facts(self) -> None:
        """Tell what was put by; the deployment calls this after commit."""
        facts, self._facts = self._facts, []
        for fact in facts:
            fact()


@dataclass(slots=True)
class Deployment:
    """Hold what one running Wayfellow shares: configuration, database, plugins, clock."""

    config: Config
    engine: Engine
    host: PluginHost
    clock: Clock = utc_now

    def adopt(self, config: Config) -> None:
        """Let another configuration count from now on, for plugins too; what is under way keeps the one of before."""
        self.host.adopt(config)
        self.config = config

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[Transaction]:
        """Give a transaction that may write: all of it or, on any error, nothing; facts are told after commit."""
        with write_session(self.engine) as session:
            tx = Transaction(session, actor, self.host, self.clock, self.config)
            yield tx
        tx.tell_facts()

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[Transaction]:
        """Give a transaction that only reads."""
        with Session(self.engine, expire_on_commit=False, info={READS_ONLY: True}) as session:
            yield Transaction(session, actor, self.host, self.clock, self.config)


def open_deployment(config: Config, *, plugins: tuple[tuple[str, object], ...] | None = None) -> Deployment:
    """Open the database and load the plugins that a configuration names.

    ``plugins`` (name, module or object) replaces those found through entry points; tests use it.
    """
    engine = open_engine(config.database_url)
    host = PluginHost.load(config, plugins=plugins, session_factory=lambda: write_session(engine))
    return Deployment(config, engine, host)
