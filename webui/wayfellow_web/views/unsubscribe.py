"""Stop a kind of message from the link in a mail, without signing in."""

from __future__ import annotations

from flask import Blueprint, render_template

from wayfellow.notify.unsubscribe import read_token, unsubscribe
from wayfellow.pages import PUBLIC, page
from wayfellow_web.security import csrf
from wayfellow_web.site import reading, writing

blueprint = Blueprint("unsubscribe", __name__)


@blueprint.get("/<letter>")
@page(PUBLIC)
def ask(letter: str) -> str:
    """Ask whether to stop: a mail program that only looks at links must not stop anything."""
    _, kind = read_token(reading(), letter)
    return render_template("wayfellow_web/unsubscribe/ask.html", kind=kind, letter=letter)


@blueprint.post("/<letter>")
@page(PUBLIC)
@csrf.exempt  # type: ignore[untyped-decorator]  # mail programs post here by themselves (RFC 8058): the address is the proof
def stop(letter: str) -> str:
    """Stop the kind of message that the address names."""
    with writing() as tx:
        kind = unsubscribe(tx, letter)
    return render_template("wayfellow_web/unsubscribe/done.html", kind=kind)
