"""Show the themes in the browser."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from wayfellow.pages import SIGNED_IN, page


def make_blueprint() -> Blueprint:
    """Return the page of the themes; Wayfellow serves it below /x/themes/."""
    blueprint = Blueprint("themes", __name__, template_folder="templates")
    blueprint.add_url_rule("/", "index", index)
    return blueprint


@page(SIGNED_IN)
def index() -> str:
    """Show which themes count this year."""
    host = current_app.extensions["wayfellow"].deployment.host
    return render_template("themes/index.html", words=host.settings("themes")["words"])
