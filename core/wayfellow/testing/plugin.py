"""Offer Wayfellow's fixtures to every project that tests a plugin; pytest finds this module by entry point.

It is imported before coverage is measured and in projects that may not use it at all, so everything else is imported
inside the fixtures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask import Flask

    from wayfellow.deployment import Deployment
    from wayfellow.host import PluginHost
    from wayfellow.types import MatchProblem


@pytest.fixture
def wayfellow_host(tmp_path: Path) -> Callable[..., PluginHost]:
    """Give a function that loads the plugins handed to it, ``wayfellow_host(shelf=module)``, and no others.

    Nothing is isolated: whatever a plugin raises fails the test.
    """
    from dataclasses import replace

    from wayfellow.config import default_config
    from wayfellow.host import PluginHost

    def load(**plugins: object) -> PluginHost:
        return PluginHost.load(replace(default_config(tmp_path), strict=True), plugins=tuple(plugins.items()))

    return load


@pytest.fixture
def wayfellow_deployment(tmp_path: Path) -> Iterator[Callable[..., Deployment]]:
    """Give a function that opens a deployment with the plugins handed to it, in a new SQLite file with all tables."""
    from wayfellow.testing.deployments import fresh_deployment

    opened: list[Any] = []

    def open_fresh(**plugins: object) -> Deployment:
        folder = tmp_path / f"wayfellow-{len(opened)}"
        opened.append(fresh_deployment(folder, tuple(plugins.items())))
        deployment: Deployment = opened[-1]
        return deployment

    yield open_fresh
    for deployment in opened:
        deployment.engine.dispose()


@pytest.fixture
def wayfellow_app(wayfellow_deployment: Callable[..., Deployment]) -> Callable[..., Flask]:
    """Give a function that makes the web application with the plugins handed to it."""
    from wayfellow.testing.deployments import make_app

    def make(**plugins: object) -> Flask:
        app: Flask = make_app(wayfellow_deployment(**plugins))
        return app

    return make


@pytest.fixture
def match_problem() -> Callable[..., MatchProblem]:
    """Give :func:`wayfellow.testing.problems.match_problem`."""
    from wayfellow.testing import problems

    return problems.match_problem
