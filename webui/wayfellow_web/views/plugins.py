"""Show administrators which plugins there are and how they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.host import PluginInfo
from wayfellow.host.records import Health
from wayfellow.pages import page
from wayfellow.settings.service import Shown as Setting
from wayfellow.words import Wordlist, later
from wayfellow_web.listing import this_listing
from wayfellow_web.profile_form import Control
from wayfellow_web.settings_form import Render, save_form, show_form
from wayfellow_web.site import deployment

blueprint = Blueprint("plugins", __name__)

HEALTH: Mapping[str, tuple[str, str]] = Wordlist(
    {
        Health.OK: ("good", later("At work")),
        Health.FAILING: ("warn", later("Failing at times")),
        Health.UNLOADED: ("bad", later("Not loaded")),
        Health.DISABLED: ("plain", later("Switched off")),
    }
)
GROUPS = {"all": set(Health), "care": {Health.FAILING, Health.UNLOADED}, "off": {Health.DISABLED}}


@dataclass(frozen=True, slots=True)
class Shown:
    """Be one plugin on the page: what the host knows, and how many settings it brings."""

    info: PluginInfo
    tone: str
    word: str
    settings: int


@blueprint.get("/")
@page("plugins.read")
def index() -> str:
    """List the plugins, and who answers which hook."""
    host, listing = deployment().host, this_listing(group=GROUPS)
    infos = host.plugins
    shown = [_shown(info) for info in infos if info.health in GROUPS[listing.group or "all"]]
    counts = {name: sum(info.health in healths for info in infos) for name, healths in GROUPS.items()}
    return render_template(
        "wayfellow_web/plugins/index.html", plugins=shown, counts=counts, listing=listing, hooks=_by_hook(infos)
    )


@blueprint.get("/<plugin>/")
@page("plugins.read")
def show(plugin: str) -> str:
    """Show one plugin with its settings."""
    return show_form(plugin, _render(plugin))


@blueprint.post("/<plugin>/")
@page("settings.edit", fresh=True)
def save(plugin: str) -> Response | tuple[str, int]:
    """Save a plugin's settings."""
    return save_form(plugin, _render(plugin), url_for(".show", plugin=plugin))


def _render(name: str) -> Render:
    def render(controls: list[Control], fixed: list[Setting]) -> str:
        info = next(info for info in deployment().host.plugins if info.name == name)
        return render_template(
            "wayfellow_web/plugins/show.html",
            plugin=_shown(info),
            controls=controls,
            fixed=fixed,
            problems=[(control.key, control.error) for control in controls if control.error],
            here=request.path,
        )

    return render


def _shown(info: PluginInfo) -> Shown:
    return Shown(info, *HEALTH[info.health], len(deployment().host.described_settings(info.name)))


def _by_hook(infos: Sequence[PluginInfo]) -> list[tuple[str, list[str]]]:
    names = sorted({hook for info in infos if info.is_loaded for hook in info.hooks})
    return [(hook, [info.name for info in infos if info.is_loaded and hook in info.hooks]) for hook in names]
