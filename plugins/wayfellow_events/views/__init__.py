"""List the pages of events and their addresses."""

from __future__ import annotations

from flask import Blueprint

from wayfellow_events.views import browsing, deciding, hosting, links, mine, setting_up


def make_blueprint() -> Blueprint:
    """Return the pages; Wayfellow serves them below /x/events/."""
    blueprint = Blueprint("events", __name__, template_folder="../templates")
    for rules in (browsing.RULES, mine.RULES, links.RULES, hosting.RULES, deciding.RULES, setting_up.RULES):
        for method, address, endpoint, view in rules:
            blueprint.add_url_rule(address, endpoint, view, methods=[method])
    return blueprint
