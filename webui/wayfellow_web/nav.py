"""List what the menu offers: core's own places, then what plugins add."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import current_app, request, url_for
from werkzeug.routing import BuildError

from wayfellow import permissions
from wayfellow.types import Actor, NavItem, Role
from wayfellow.words import later, said
from wayfellow_web.gate import may_anywhere
from wayfellow_web.site import actor, deployment

WORK = (
    NavItem("overview.show", later("Overview"), 10, "programme.read", "home"),
    NavItem("people.index", later("People"), 20, "people.read", "people"),
    NavItem("applications.index", later("Applications"), 25, "people.edit", "check"),
    NavItem("matching.index", later("Matching"), 30, "matching.read", "join"),
    NavItem("proposals.index", later("Proposals"), 35, "matching.read", "swap"),
    NavItem("concerns.index", later("Concerns"), 45, "concerns.read", "alert"),
    NavItem("deliveries.index", later("Messages"), 50, "messages.read", "mail"),
    NavItem("team.show", later("Team"), 55, "programme.edit", "key"),
    NavItem("programme_settings.show", later("Settings"), 57, "programme.edit", "gear"),
    NavItem("imports.index", later("Imports"), 60, "people.import", "upload"),
)
INSTALLATION = (
    NavItem("settings.show", later("Organisation"), 860, "settings.edit", "gear"),
    NavItem("administrators.index", later("Administration"), 870, "roles.grant", "key"),
    NavItem("wording.index", later("Wording"), 880, "messages.edit", "mail"),
    NavItem("jobs.index", later("Work"), 890, "jobs.manage", "clock"),
    NavItem("audit.index", later("Audit log"), 895, "audit.read", "search"),
    NavItem("plugins.index", later("Plugins"), 900, "plugins.read", "plug"),
)
OWN = (
    NavItem("home.index", later("Home"), 10, None, "home"),
    NavItem("notices.index", later("Notices"), 80, None, "bell"),
    NavItem("me.index", later("Me"), 90, None, "user"),
)
STAFF = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.SAFEGUARDING_LEAD)


@dataclass(frozen=True, slots=True)
class Entry:
    """Be one link of the menu; ``here`` marks the place that the page belongs to."""

    label: str
    url: str
    icon: str
    here: bool = False


def is_staff(who: Actor) -> bool:
    """Tell whether someone works on programmes, and so gets the work shell."""
    return any(grant.role in STAFF for grant in who.grants)


def takes_part(who: Actor) -> bool:
    """Tell whether someone is a mentor or mentee, and so has a home."""
    return any(grant.role in (Role.MENTOR, Role.MENTEE) for grant in who.grants)


def work_entries(programme_id: int | None) -> list[Entry]:
    """Return the places of a programme that the person may open, plugins' included."""
    who, extra = actor(), deployment().host.permissions
    core = [
        item
        for item in WORK
        if programme_id is not None and item.permission and permissions.may(who, item.permission, programme_id, extra)
    ]
    return _entries([*core, *deployment().host.list_nav_items(who)])


def installation_entries() -> list[Entry]:
    """Return the places of the whole deployment that the person may open."""
    return _entries(item for item in INSTALLATION if item.permission and may_anywhere(actor(), item.permission))


def own_entries() -> list[Entry]:
    """Return the places of a mentor or mentee, plugins' included."""
    return _entries([*OWN, *deployment().host.list_nav_items(actor())])


def _entries(items: Iterable[NavItem]) -> list[Entry]:
    placed = [_entry(item) for item in sorted(items, key=lambda item: (item.order, item.label))]
    entries = [entry for entry in placed if entry is not None]
    # The page belongs to the place whose address is the longest start of its own.
    here = max((len(entry.url) for entry in entries if _is_below(entry.url)), default=0)
    return [replace(entry, here=_is_below(entry.url) and len(entry.url) == here) for entry in entries]


def _is_below(url: str) -> bool:
    return request.path == url or (request.path.startswith(url) and url.endswith("/"))


def _entry(item: NavItem) -> Entry | None:
    """Return an entry, or None for a page that is not there: a plugin's mistake must not take every page down."""
    try:
        url = url_for(item.endpoint)
    except BuildError:
        current_app.logger.warning("The menu names a page that does not exist: %s", item.endpoint)
        return None
    return Entry(said(item.label), url, item.icon)
