"""Set a second factor up, and be done with it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput
from wayfellow.pages import SIGNED_IN, page
from wayfellow.words import gettext
from wayfellow_web.accounts.recovery import count_codes
from wayfellow_web.accounts.second_factor import begin, find_enrolment, is_on, renew_codes, turn_off, turn_on
from wayfellow_web.site import my_id, reading, writing

blueprint = Blueprint("second_factor", __name__)


@blueprint.get("/")
@page(SIGNED_IN, fresh=True)
def edit() -> str:
    """Show what to tell the app, or that it is set up."""
    return _page()


@blueprint.post("/begin")
@page(SIGNED_IN, fresh=True)
def start() -> Response:
    """Make a new secret."""
    with writing() as tx:
        begin(tx, my_id())
    return redirect(url_for(".edit"))


@blueprint.post("/")
@page(SIGNED_IN, fresh=True)
def save() -> str | tuple[str, int]:
    """Take the first code, and show the recovery codes this once."""
    try:
        with writing() as tx:
            codes = turn_on(tx, my_id(), request.form.get("code", ""), session["sid"])
    except InvalidInput as error:
        return _page(str(error)), error.status
    return _codes(codes)


@blueprint.post("/recovery-codes")
@page(SIGNED_IN, fresh=True)
def renew() -> str:
    """Show new recovery codes, this once."""
    with writing() as tx:
        codes = renew_codes(tx, my_id())
    return _codes(codes)


@blueprint.post("/remove")
@page(SIGNED_IN, fresh=True)
def remove() -> Response:
    """Do without a second factor again."""
    with writing() as tx:
        turn_off(tx, my_id())
    flash(gettext("You come in without a code from now on."), "good")
    return redirect(url_for("me.sign_ins"))


def _page(wrong: str = "") -> str:
    tx = reading()
    enrolment = find_enrolment(tx, my_id())
    return render_template(
        "wayfellow_web/me/second-factor.html",
        wrong=wrong,
        on=is_on(tx, my_id()),
        left=count_codes(tx, my_id()),
        enrolment=enrolment,
        picture=_draw(enrolment.uri) if enrolment else "",
    )


def _codes(codes: list[str]) -> str:
    return render_template("wayfellow_web/me/recovery-codes.html", codes=codes)


def _draw(uri: str) -> Markup:
    """Return a QR code as SVG; it is ours to the last sign, so it goes into the page as it is."""
    import segno  # only now, since the start of the program would wait for it

    return Markup(segno.make(uri, micro=False).svg_inline(scale=4, border=4, dark="#000", light="#fff"))  # noqa: S704 - see above
