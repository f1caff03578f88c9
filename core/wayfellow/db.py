"""Hold the base of all tables, and open SQLite or PostgreSQL with the settings that keep data safe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from wayfellow.errors import WayfellowError

#: The execution option that marks a transaction as a writer; on SQLite it begins with BEGIN IMMEDIATE.
WRITES = "wayfellow_writes"


class UTCDateTime(TypeDecorator[datetime]):
    """Store aware datetimes as UTC, and give them back aware, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes and convert the others to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Mark what SQLite hands back as the UTC that it is."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Be the base of every table of core, of the web and of plugins."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UTCDateTime, dict[str, Any]: JSON, list[Any]: JSON}


def open_engine(url: str) -> Engine:
    """Open a SQLite file or a PostgreSQL database.

    Raises WayfellowError when the URL is neither, or the driver is missing.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise WayfellowError(
            "The database URL can't be read. Use sqlite:///path/to/file.sqlite or postgresql+psycopg://user@host/name."
        ) from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _open_sqlite(parsed)
    if backend == "postgresql":
        return _open_postgresql(parsed)
    raise WayfellowError(
        f"Wayfellow keeps its data in SQLite or PostgreSQL, not in {backend}. Change the database URL."
    )


def _open_sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions behind our back
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _open_postgresql(url: URL) -> Engine:
    try:
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise WayfellowError(
            "PostgreSQL needs the psycopg driver. Install it with: pip install 'wayfellow[postgresql]'."
        ) from error


@contextmanager
def write_session(engine: Engine) -> Iterator[Session]:
    """Give a session whose transaction may write; commit at the end, roll back on any error."""
    with Session(engine, expire_on_commit=False) as session:
        session.connection(execution_options={WRITES: True})
        yield session
        session.commit()


def insert_once(session: Session, model: type[Base], *, key: str, **values: Any) -> bool:
    """Insert a row unless one with the same ``key`` exists, whoever is faster; tell whether it is new.

    ``model`` has a unique column ``key``. A rival's insert is waited for, so the row can be read afterwards.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(model).values(key=key, **values).on_conflict_do_nothing(index_elements=["key"])
    return session.scalar(statement.returning(model.__table__.c.key)) is not None


def lock_table(session: Session, model: type[Base]) -> None:
    """Let no other transaction change a table before this one ends; on SQLite a transaction that writes is alone."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {model.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def exists(engine: Engine) -> bool:
    """Tell whether there is a database; only a SQLite file may be missing, as connecting would make it."""
    return engine.dialect.name != "sqlite" or Path(engine.url.database or "").is_file()


def reach(engine: Engine) -> None:
    """Open and close a connection. Raises WayfellowError when the database does not answer."""
    try:
        engine.connect().close()
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise WayfellowError(
            f"The database {engine.url.render_as_string()} can't be reached: {reason}. "
            "Look whether it runs, and at database_url in the configuration."
        ) from error
