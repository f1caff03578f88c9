"""Show administrators which plugins there are and how they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from wayfellow.host import PluginInfo
from wayfellow.host.records import Health
from wayfellow.pages import page
from wayfellow.types import JSON
from wayfellow.words import Wordlist, later
from wayfellow_web.listing import this_listing
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
    """Be one plugin on the page: what the host knows, and what the operator set."""

    info: PluginInfo
    tone: str
    word: str
    settings: Sequence[tuple[str, JSON]]


@blueprint.get("/")
@page("plugins.read")
def index() -> str:
    """List the plugins, and who answers which hook."""
    host, listing = deployment().host, this_listing(group=GROUPS)
    infos = host.plugins
    shown = [
        Shown(info, *HEALTH[info.health], sorted(host.settings(info.name).items()))
        for info in infos
        if info.health in GROUPS[listing.group or "all"]
    ]
    counts = {name: sum(info.health in healths for info in infos) for name, healths in GROUPS.items()}
    return render_template(
        "wayfellow_web/plugins/index.html", plugins=shown, counts=counts, listing=listing, hooks=_by_hook(infos)
    )


def _by_hook(infos: Sequence[PluginInfo]) -> list[tuple[str, list[str]]]:
    names = sorted({hook for info in infos if info.is_loaded for hook in info.hooks})
    return [(hook, [info.name for info in infos if info.is_loaded and hook in info.hooks]) for hook in names]
