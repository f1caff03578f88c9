"""Show the shelf in the browser."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wayfellow.pages import page
from wayfellow_sample.models import Book
from wayfellow_sample.shelf import list_books


def make_blueprint() -> Blueprint:
    """Return the pages of the shelf."""
    blueprint = Blueprint("sample", __name__, template_folder="templates")
    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule("/", "add", add, methods=["POST"])
    return blueprint


@page("sample.read")
def index() -> str:
    """Show what is on the shelf."""
    site = current_app.extensions["wayfellow"]
    settings = site.deployment.host.settings("sample")
    return render_template("sample/index.html", books=list_books(site.reading().session), settings=settings)


@page("sample.read")
def add() -> ResponseReturnValue:
    """Put a book on the shelf."""
    title = request.form.get("title", "").strip()[:200]
    if title:
        with current_app.extensions["wayfellow"].writing() as tx:
            tx.session.add(Book(title=title, person_id=tx.actor.person_id))
    return redirect(url_for("sample.index"))
