"""Mount the pages that plugins bring below ``/x/<plugin>/``, with templates from their own folders only."""

from __future__ import annotations

from flask import Flask
from flask.sansio.blueprints import Blueprint

from wayfellow.errors import WayfellowError


class ForeignTemplate(WayfellowError):
    """Say that a plugin brings a template outside its own folder, where it could stand in for another's page."""


def configure_plugins(app: Flask) -> None:
    """Mount every plugin's blueprints."""
    for plugin, blueprint in app.extensions["wayfellow"].deployment.host.blueprints():
        check_templates(plugin, blueprint)
        app.register_blueprint(blueprint, url_prefix=f"/x/{plugin}{blueprint.url_prefix or ''}")


def check_templates(plugin: str, blueprint: Blueprint) -> None:
    """Raise ForeignTemplate unless all templates lie in a folder that is named as the plugin."""
    loader = blueprint.jinja_loader
    for name in loader.list_templates() if loader else ():
        if not name.startswith(f"{plugin}/"):
            raise ForeignTemplate(
                f"The plugin {plugin!r} brings the template {name!r}. "
                f"Move it into a folder {plugin!r} inside its templates folder, or switch the plugin off."
            )
