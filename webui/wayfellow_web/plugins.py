"""Mount the pages that plugins bring below ``/x/<plugin>/``, with templates from their own folders only."""

from __future__ import annotations

from flask import Flask
from flask.sansio.blueprints import Blueprint


def configure_plugins(app: Flask) -> None:
    """Mount every plugin's blueprints; one that brings templates of others' is left out and named in the log."""
    for plugin, blueprint in app.extensions["wayfellow"].deployment.host.blueprints():
        foreign = foreign_templates(plugin, blueprint)
        if foreign:
            app.logger.error(
                "The pages of the plugin %s are left out: its template %s must lie in a folder %s of its "
                "templates, or it could stand in for another's page.",
                plugin,
                foreign[0],
                plugin,
            )
            continue
        app.register_blueprint(blueprint, url_prefix=f"/x/{plugin}{blueprint.url_prefix or ''}")


def foreign_templates(plugin: str, blueprint: Blueprint) -> list[str]:
    """Return a blueprint's templates that do not lie in a folder that is named as the plugin."""
    loader = blueprint.jinja_loader
    return [name for name in loader.list_templates() if not name.startswith(f"{plugin}/")] if loader else []
