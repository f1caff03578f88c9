"""Open deployments and web applications for tests, with the real migrations and nothing discovered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from wayfellow.config import default_config
from wayfellow.deployment import Deployment, open_deployment
from wayfellow.migrations.runner import upgrade


def fresh_deployment(folder: Path, plugins: Sequence[tuple[str, object]] = ()) -> Deployment:
    """Open a deployment in a folder: a new SQLite file with the tables of core and of the plugins, nothing isolated."""
    config = replace(default_config(folder), strict=True, secret_key="only for tests")  # noqa: S106
    deployment = open_deployment(config, plugins=tuple(plugins))
    upgrade(deployment, say=lambda line: None, backup=False)
    return deployment


def make_app(deployment: Deployment) -> Any:
    """Make the web application of a deployment; core doesn't know the web, so it is found by name."""
    return import_module("wayfellow_web").create_app(deployment=deployment)
