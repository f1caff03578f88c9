"""Bring people in from files."""

from __future__ import annotations

from flask import Blueprint, render_template

from wayfellow.pages import page

blueprint = Blueprint("imports", __name__)


@blueprint.get("/")
@page("people.import")
def index() -> str:
    """Say what a file may hold."""
    return render_template("wayfellow_web/imports/index.html")
