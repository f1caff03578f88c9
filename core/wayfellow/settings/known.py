"""Name what an organisation may set, Wayfellow's own values as well as plugins'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wayfellow.errors import NotFound
from wayfellow.host import PluginHost
from wayfellow.tabular.values import clean_line, clean_timezone
from wayfellow.types import Setting
from wayfellow.words import ENGLISH, gettext, languages, later

#: Whose the settings are that no plugin brings.
HOUSE = "wayfellow"

#: The keys are those of the configuration's table [wayfellow].
HOUSE_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "organisation",
        later("Name of the organisation"),
        "Our organisation",
        later("What pages and letters call you."),
    ),
    Setting(
        "language",
        later("Language"),
        ENGLISH,
        later("For people who chose none, and whose browser asks for none that is here."),
        languages(),
    ),
    Setting(
        "timezone",
        later("Time zone"),
        "UTC",
        later("For new programmes and new people, such as Europe/Berlin."),
    ),
    Setting(
        "sender_name",
        later("Name of the sender of mails"),
        "",
        later("It stands before the address. Empty: as the configuration of mail says."),
    ),
)


def _optional_line(text: str) -> str:
    return clean_line(text, gettext("The name")) if text.strip() else ""


#: What texts must be, beyond being texts; each returns the text as it is kept, or raises ValueError.
HOUSE_CHECKS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "organisation": lambda text: clean_line(text, gettext("The name"), 200),
        "timezone": clean_timezone,
        "sender_name": _optional_line,
    }
)


def settings_of(host: PluginHost, owner: str) -> tuple[Setting, ...]:
    """Return what may be set of Wayfellow itself, or of a plugin that is loaded. Raises NotFound for others."""
    if owner == HOUSE:
        return HOUSE_SETTINGS
    if not any(info.name == owner for info in host.plugins):
        raise NotFound(gettext("There is no such plugin. Go back to the list of plugins."))
    return host.described_settings(owner)
