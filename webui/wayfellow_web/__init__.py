"""Serve Wayfellow in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from wayfellow.config import Config
    from wayfellow.deployment import Deployment

__all__ = ["create_app"]


def create_app(
    config: Config | None = None,
    *,
    deployment: Deployment | None = None,
    plugins: tuple[tuple[str, object], ...] | None = None,
) -> Flask:
    """Make the web application of a deployment; Flask is imported only now.

    ``deployment`` is used as it is; else one is opened from ``config``, or from the configuration that the environment
    names. ``plugins`` (name, module or object) replaces those found through entry points.
    """
    from wayfellow_web.app import make_app

    return make_app(config, deployment=deployment, plugins=plugins)
