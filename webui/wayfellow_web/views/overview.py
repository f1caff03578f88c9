"""Show a coordinator how a programme is going."""

from __future__ import annotations

from flask import Blueprint, render_template

from wayfellow.pages import page
from wayfellow.programmes.members import count_members
from wayfellow_web.programme import this_cycle
from wayfellow_web.site import reading

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
@page("programme.read")
def show() -> str:
    """Show figures of the current cycle and what comes next."""
    cycle = this_cycle()
    return render_template("wayfellow_web/overview/show.html", counts=count_members(reading(), cycle.id))
