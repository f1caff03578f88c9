"""Give every test real parts: SQLite and PostgreSQL, a deployment, a clock that tests move."""

import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from wayfellow.config import Config, default_config
from wayfellow.db import open_engine
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.migrations.runner import upgrade

REQUIRED = set(os.environ.get("WAYFELLOW_REQUIRE", "").split(",")) - {""}
POSTGRESQL_URL = os.environ.get("WAYFELLOW_TEST_POSTGRESQL", "postgresql+psycopg:///postgres")


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


class Templates:
    """Keep one migrated database of each kind, so that a test copies it instead of migrating its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sqlite: Path | None = None
        self.postgresql: tuple[Engine, str] | None = None

    def migrated(self, url: str) -> None:
        folder = self.folder / uuid.uuid4().hex
        config = default_config(folder)
        engine = open_engine(url)
        try:
            upgrade(Deployment(replace(config, database_url=url), engine, PluginHost.load(config, plugins=())), say=str)
        finally:
            engine.dispose()

    def copy_sqlite(self, target: Path) -> None:
        if self.sqlite is None:
            self.sqlite = self.folder / "template.sqlite"
            self.migrated(f"sqlite:///{self.sqlite}")
        shutil.copyfile(self.sqlite, target)

    def copy_postgresql(self, server: Engine, name: str) -> None:
        if self.postgresql is None:
            self.postgresql = server, f"wayfellow_template_{uuid.uuid4().hex[:12]}"
            create_database(*self.postgresql)
            self.migrated(postgresql_url(self.postgresql[1]))
        drop_database(server, name)
        create_database(server, name, self.postgresql[1])


def postgresql_url(name: str) -> str:
    return make_url(POSTGRESQL_URL).set(database=name).render_as_string(hide_password=False)


def create_database(server: Engine, name: str, template: str = "template1") -> None:
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))


def drop_database(server: Engine, name: str) -> None:
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    templates = Templates(tmp_path_factory.mktemp("templates"))
    yield templates
    if templates.postgresql:
        drop_database(*templates.postgresql)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a new, empty database, once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite'}"
        return
    server: Engine = request.getfixturevalue("postgresql_server")
    name = f"wayfellow_test_{uuid.uuid4().hex[:12]}"
    if "engine" not in request.fixturenames:  # which copies a template
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
def engine(config: Config, templates: Templates, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Give a database that has all tables, made by the same revisions that operators get."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    database = make_url(config.database_url).database
    assert database is not None
    if config.database_url.startswith("sqlite"):
        templates.copy_sqlite(Path(database))
    else:
        templates.copy_postgresql(request.getfixturevalue("postgresql_server"), database)
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
