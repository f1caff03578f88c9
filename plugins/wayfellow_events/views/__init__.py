"""List the pages of events and their addresses."""

from __future__ import annotations

from flask import Blueprint

from wayfellow_events.views import (
    board,
    browsing,
    deciding,
    equipping,
    hosting,
    links,
    mine,
    pointing,
    scanner,
    setting_up,
)


def make_blueprint() -> Blueprint:
    """Return the pages; Wayfellow serves them below /x/events/."""
    blueprint = Blueprint("events", __name__, template_folder="../templates")
    for rooms in (browsing, mine, links, hosting, deciding, setting_up, board, pointing, equipping, scanner):
        for method, address, endpoint, view in rooms.RULES:
            blueprint.add_url_rule(address, endpoint, view, methods=[method])
    return blueprint
