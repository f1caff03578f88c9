"""Let people block somebody, see whom they block, and take it back; nobody else learns of it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.mentorships.blocking import block_person, find_other
from wayfellow.pages import SIGNED_IN, page
from wayfellow.people.blocks import list_blocks, unblock
from wayfellow.words import gettext
from wayfellow_web.messages import flash_undo
from wayfellow_web.site import reading, writing

blueprint = Blueprint("blocks", __name__)


@blueprint.get("/")
@page(SIGNED_IN)
def index() -> str:
    """List whom the person blocks."""
    return render_template("wayfellow_web/blocks/index.html", blocked=list_blocks(reading()))


@blueprint.get("/<int:other_id>")
@page(SIGNED_IN)
def ask(other_id: int) -> str:
    """Say what a block does, and ask what is to become of a mentorship."""
    other, at_work = find_other(reading(), other_id)
    return render_template("wayfellow_web/blocks/ask.html", other=other, at_work=at_work)


@blueprint.post("/<int:other_id>")
@page(SIGNED_IN)
def block(other_id: int) -> Response:
    """Block somebody; the block can be taken back, what ended with it stays ended."""
    with writing() as tx:
        other, _ = find_other(tx, other_id)
        block_person(tx, other_id, end_mentorship=request.form.get("mentorship") == "end")
    flash_undo(gettext("You block %(name)s now.", name=other.name), url_for(".allow", other_id=other_id))
    return redirect(url_for(".index"))


@blueprint.post("/<int:other_id>/allow")
@page(SIGNED_IN)
def allow(other_id: int) -> Response:
    """Take a block back."""
    with writing() as tx:
        unblock(tx, other_id)
    flash(gettext("The block is taken back. What ended with it stays ended."), "good")
    return redirect(url_for(".index"))
