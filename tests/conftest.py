"""Give every test real parts: SQLite and PostgreSQL, a deployment, a clock that tests move."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from mail_sink import Sink, listen
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from wayfellow.config import Config, default_config
from wayfellow.db import open_engine
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.migrations.runner import upgrade
from wayfellow.people.fields import sync_fields
from wayfellow.types import SYSTEM

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REQUIRED = set(os.environ.get("WAYFELLOW_REQUIRE", "").split(",")) - {""}
POSTGRESQL_URL = os.environ.get("WAYFELLOW_TEST_POSTGRESQL", "postgresql+psycopg:///postgres")

# No test pulls the plug, so nothing is gained by waiting for the disk at each commit.
os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off")

BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]


def missing(part: str, reason: str) -> None:
    """Skip, or fail where WAYFELLOW_REQUIRE says that the part must be there."""
    if part in REQUIRED:
        pytest.fail(f"{part} is required here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgresql_server() -> Engine:
    engine = create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with engine.connect():
            pass
    except Exception as error:
        missing("postgresql", f"no PostgreSQL answers at {make_url(POSTGRESQL_URL)!r}: {error}")
    return engine


class Databases:
    """Give migrated databases to tests fast.

    SQLite: a copy of a migrated file. PostgreSQL: a copy of a migrated template, emptied after the test and kept for
    the next one, because making and dropping a database takes as long as several tests.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sqlite: Path | None = None
        self.template: str | None = None
        self.made: list[tuple[Engine, str]] = []
        self.spare: list[str] = []
        self.shape = ""

    def copy_sqlite(self, target: Path) -> None:
        if self.sqlite is None:
            self.sqlite = self.folder / "template.sqlite"
            migrate(f"sqlite:///{self.sqlite}", self.folder)
        shutil.copyfile(self.sqlite, target)

    def take(self, server: Engine) -> str:
        if self.template is None:
            self.template = self.create(server, "template", "template1")
            migrate(postgresql_url(self.template), self.folder)
            with connect(self.template) as connection:
                self.shape = str(connection.scalar(text(SHAPE)))
        return self.spare.pop() if self.spare else self.create(server, "test", self.template)

    def create(self, server: Engine, kind: str, template: str) -> str:
        name = f"wayfellow_{kind}_{uuid.uuid4().hex[:12]}"
        create_database(server, name, template)
        self.made.append((server, name))
        return name

    def give_back(self, name: str) -> None:
        """Empty a database for the next test; one whose tables were changed is not used again."""
        with connect(name) as connection:
            connection.execute(text(END_OTHERS))
            if connection.scalar(text(SHAPE)) == self.shape:
                connection.execute(text(EMPTY))
                self.spare.append(name)
        if name in self.spare:
            with opened(postgresql_url(name), self.folder) as deployment, deployment.transaction(SYSTEM) as tx:
                sync_fields(tx)

    def drop_all(self) -> None:
        for server, name in self.made:
            drop_database(server, name)


END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SHAPE = """
    SELECT string_agg(concat(relname, '.', attname, ' ', atttypid, attnotnull), ', ' ORDER BY relname, attname)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
"""
EMPTY = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables
            WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic_version%'
            LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
        PERFORM setval(format('%I', sequencename)::regclass, 1, false)
            FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
    END $$
"""


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Deployment]:
    config = replace(default_config(folder), database_url=url)
    engine = open_engine(url)
    yield Deployment(config, engine, PluginHost.load(config, plugins=()))
    engine.dispose()


def migrate(url: str, folder: Path) -> None:
    with opened(url, folder) as deployment:
        upgrade(deployment, say=str)


def postgresql_url(name: str) -> str:
    return make_url(POSTGRESQL_URL).set(database=name).render_as_string(hide_password=False)


def connect(name: str) -> Connection:
    return create_engine(postgresql_url(name), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()


def create_database(server: Engine, name: str, template: str = "template1") -> None:
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))


def drop_database(server: Engine, name: str) -> None:
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    databases = Databases(tmp_path_factory.mktemp("templates"))
    yield databases
    databases.drop_all()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[str]:
    """Give the URL of a database, once on each kind: empty, or migrated when the test uses ``engine``."""
    migrated = "engine" in request.fixturenames
    if request.param == "sqlite":
        if migrated:
            databases.copy_sqlite(tmp_path / "test.sqlite")
        yield f"sqlite:///{tmp_path / 'test.sqlite'}"
        return
    server: Engine = request.getfixturevalue("postgresql_server")
    if migrated:
        name = databases.take(server)
        yield postgresql_url(name)
        databases.give_back(name)
        return
    name = f"wayfellow_test_{uuid.uuid4().hex[:12]}"
    create_database(server, name)
    yield postgresql_url(name)
    drop_database(server, name)


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return replace(default_config(tmp_path / "data"), database_url=database_url, secret_key="test", strict=True)


class MovableClock:
    """Be a clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def engine(config: Config) -> Iterator[Engine]:
    """Give a database that has all tables, made by the same revisions that operators get."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(config.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def deployment(config: Config, engine: Engine, clock: MovableClock) -> Deployment:
    return Deployment(config, engine, PluginHost.load(config, plugins=()), clock)


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """Give the list of SQL statements sent to the test's database; clear it before what is to be counted."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("browser", "no chromium on the PATH")
    assert path is not None
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator["Browser"]:
    """Give the one browser of this process: Playwright refuses to be started twice in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def sink() -> Sink:
    """Give the mind of a mail server, which keeps what comes."""
    return Sink()


@pytest.fixture
def server(sink: Sink) -> Iterator[Controller]:
    """Give a mail server on this machine."""
    controller = listen(sink)
    yield controller
    if controller.server is not None:
        controller.stop()
