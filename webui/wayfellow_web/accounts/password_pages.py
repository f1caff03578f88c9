"""Let people sign in with a password, and set, change or remove their own."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput
from wayfellow.pages import SIGNED_IN, page
from wayfellow.people.service import get_profile
from wayfellow.words import gettext
from wayfellow_web.accounts.passwords import SHORTEST, drop_password, has_password, set_password
from wayfellow_web.site import my_id, reading, writing

blueprint = Blueprint("password", __name__)


@blueprint.get("/")
@page(SIGNED_IN, fresh=True)
def edit() -> str:
    """Ask for a new password."""
    return _page({})


@blueprint.post("/")
@page(SIGNED_IN, fresh=True)
def save() -> Response | tuple[str, int]:
    """Keep a new password."""
    try:
        with writing() as tx:
            set_password(tx, request.form.get("password", ""), request.form.get("again", ""), session["sid"])
    except InvalidInput as error:
        return _page({problem.column or "": problem.message for problem in error.problems}), error.status
    flash(gettext("Your password holds from now on. All other browsers are signed out."), "good")
    return redirect(url_for("me.sign_ins"))


@blueprint.post("/remove")
@page(SIGNED_IN, fresh=True)
def remove() -> Response:
    """Do without a password again."""
    with writing() as tx:
        drop_password(tx, session["sid"])
    flash(gettext("You have no password any more. All other browsers are signed out."), "good")
    return redirect(url_for("me.sign_ins"))


def _page(wrong: dict[str, str]) -> str:
    tx = reading()
    return render_template(
        "wayfellow_web/me/password.html",
        wrong=wrong,
        shortest=SHORTEST,
        has_password=has_password(tx),
        email=get_profile(tx, my_id()).person.email,
    )
