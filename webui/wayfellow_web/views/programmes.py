"""Choose a programme."""

from __future__ import annotations

from flask import Blueprint, render_template

from wayfellow.pages import page

blueprint = Blueprint("programmes", __name__)


@blueprint.get("/")
@page("programme.read")
def index() -> str:
    """List the programmes that the person may see."""
    return render_template("wayfellow_web/programmes/index.html")
