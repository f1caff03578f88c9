"""Answer what people ask most."""

from __future__ import annotations

from flask import Blueprint, render_template

from wayfellow.pages import PUBLIC, page

blueprint = Blueprint("help", __name__)


@blueprint.get("/")
@page(PUBLIC)
def index() -> str:
    """Show short answers."""
    return render_template("wayfellow_web/help/index.html")
