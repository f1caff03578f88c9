"""Pause, come back, or leave: what people do with their own place."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput, NotFound
from wayfellow.mentorships.parts import MyPart, list_my_parts
from wayfellow.mentorships.standing import leave, pause, resume
from wayfellow.pages import SIGNED_IN, page
from wayfellow.tabular.values import clean_day
from wayfellow.words import gettext
from wayfellow_web.site import reading, writing
from wayfellow_web.words import MEMBER_STATES

blueprint = Blueprint("my_part", __name__)


@blueprint.get("/<int:membership_id>")
@page(SIGNED_IN)
def show(membership_id: int) -> str:
    """Show what the person can do with a place."""
    return _page(_part(membership_id))


@blueprint.post("/<int:membership_id>/pause")
@page(SIGNED_IN)
def rest(membership_id: int) -> Response | tuple[str, int]:
    """Pause, until a day or for now."""
    part, typed = _part(membership_id), request.form.get("back_on", "").strip()
    try:
        day = clean_day(typed)
        with writing() as tx:
            pause(tx, membership_id, day)
    except (InvalidInput, ValueError) as error:
        return _page(part, typed, str(error)), InvalidInput.status
    flash(gettext("You pause now. Come back here whenever you like."), "good")
    return redirect(url_for("home.index"))


@blueprint.post("/<int:membership_id>/resume")
@page(SIGNED_IN)
def back(membership_id: int) -> Response:
    """Come back from a pause."""
    with writing() as tx:
        resume(tx, membership_id)
    flash(gettext("Good to have you back. You are matched again."), "good")
    return redirect(url_for("home.index"))


@blueprint.post("/<int:membership_id>/leave")
@page(SIGNED_IN)
def go(membership_id: int) -> Response:
    """Take the place back."""
    with writing() as tx:
        leave(tx, membership_id)
    flash(gettext("You no longer take part. You can apply again while applications are open."), "good")
    return redirect(url_for("home.index"))


def _part(membership_id: int) -> MyPart:
    for part in list_my_parts(reading()):
        if part.membership_id == membership_id:
            return part
    raise NotFound(gettext("This is not one of your places. Your home page lists them."))


def _page(part: MyPart, typed: str = "", wrong: str = "") -> str:
    return render_template(
        "wayfellow_web/me/part.html", part=part, typed=typed, wrong=wrong, MEMBER_STATES=MEMBER_STATES
    )
