"""Render what plugins add to a page; one that fails leaves a sentence for administrators and nothing for others."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, render_template
from markupsafe import Markup

from wayfellow.host.records import PlacedPanel
from wayfellow.types import Role, Slot
from wayfellow.words import gettext
from wayfellow_web.site import actor, deployment, reading


@dataclass(frozen=True, slots=True)
class Shown:
    """Be one panel on a page: its rendered body, or the sentence in its place."""

    plugin: str
    title: str
    body: Markup | None
    error: str = ""


def panels(slot: str, subject_id: int) -> list[Shown]:
    """Return the panels of a place on a page, in order; failures only for administrators."""
    placed = deployment().host.list_panels(actor(), Slot(slot), subject_id, reading().session)
    shown = [_show(item) for item in placed]
    administrator = actor().holds([Role.ADMINISTRATOR], None)
    return [item for item in shown if item.body is not None or administrator]


def _show(item: PlacedPanel) -> Shown:
    if item.panel is None:
        return Shown(item.plugin, "", None, item.error)
    try:
        if not item.panel.template.startswith(f"{item.plugin}/"):
            raise ValueError(f"the template {item.panel.template} is not in the plugin's own folder")
        # The template escapes what it prints; marking its output as markup keeps it from being escaped again.
        body = Markup(render_template(item.panel.template, **item.panel.context))  # noqa: S704
    except Exception:
        current_app.logger.exception("A panel of the plugin %s could not be rendered", item.plugin)
        return Shown(
            item.plugin,
            "",
            None,
            gettext("The plugin “%(plugin)s” could not show its part of this page.", plugin=item.plugin),
        )
    return Shown(item.plugin, item.panel.title, body)
