"""Load plugins into hosts that isolate, as deployments do."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from wayfellow.config import Config, default_config
from wayfellow.db import write_session
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost


@pytest.fixture
def calm(tmp_path: Path) -> Config:
    return default_config(tmp_path)


@pytest.fixture
def load(calm: Config, session: Session) -> Callable[..., PluginHost]:
    """Give a function that loads plugins by name, with a configuration of its own if it is handed one."""

    def load_plugins(config: Config | None = None, **plugins: object) -> PluginHost:
        given = tuple(plugins.items())
        return PluginHost.load(config or calm, plugins=given, session_factory=lambda: nullcontext(session))

    return load_plugins


@pytest.fixture
def load_with_database(deployment: Deployment) -> Callable[..., PluginHost]:
    """Give a function that loads plugins which write to a deployment's database."""

    def load_plugins(**plugins: object) -> PluginHost:
        return PluginHost.load(
            replace(deployment.config, strict=False),
            plugins=tuple(plugins.items()),
            session_factory=lambda: write_session(deployment.engine),
        )

    return load_plugins


@pytest.fixture
def session() -> Iterator[Session]:
    """Give a session where hooks take one and no data matters."""
    engine = create_engine("sqlite://")
    with Session(engine) as session:
        yield session
    engine.dispose()
