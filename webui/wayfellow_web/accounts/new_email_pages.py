"""Ask for another e-mail address, and say that it is one's own."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import NotFound, TooMany
from wayfellow.pages import PUBLIC, SIGNED_IN, page
from wayfellow.people.service import get_profile
from wayfellow.types import SYSTEM
from wayfellow.words import gettext
from wayfellow_web.accounts.attempts import Act, count_attempt
from wayfellow_web.accounts.new_email import ask_for_change, confirm
from wayfellow_web.accounts.tickets import Purpose, holder_of
from wayfellow_web.security import without_referrer
from wayfellow_web.site import deployment, my_id, reading, writing

blueprint = Blueprint("new_email", __name__)


@blueprint.get("/me/sign-ins/email")
@page(SIGNED_IN, fresh=True)
def edit() -> str:
    """Ask for the new address."""
    return _page()


@blueprint.post("/me/sign-ins/email")
@page(SIGNED_IN, fresh=True)
def save() -> Response | tuple[str, int]:
    """Send a link to the new address, if it is nobody else's."""
    typed = request.form.get("email", "").strip()
    try:
        with deployment().transaction(SYSTEM) as tx:
            count_attempt(tx, Act.LINK, typed.lower(), request.remote_addr)
        with writing() as tx:
            ask_for_change(tx, my_id(), typed)
    except TooMany as error:
        return _page(typed, str(error)), error.status
    except ValueError as error:
        return _page(typed, str(error)), 422
    flash(gettext("A link is on its way to the new address. It changes once you open the link."), "good")
    return redirect(url_for("me.sign_ins"))


@blueprint.get("/new-email/<token>")
@page(PUBLIC)
def show(token: str) -> Response:
    """Show a button: scanners that only look at links change nothing."""
    try:
        person = holder_of(reading(), token, (Purpose.NEW_EMAIL,))
    except NotFound:
        return _refused()
    shown = render_template("wayfellow_web/accounts/new-email.html", person=person, token=token)
    return without_referrer(make_response(shown))


@blueprint.post("/new-email/<token>")
@page(PUBLIC)
def use(token: str) -> Response:
    """Change the address."""
    try:
        with deployment().transaction(SYSTEM) as tx:
            email = confirm(tx, token)
    except NotFound:
        return _refused()
    flash(gettext("Your address is %(email)s from now on.", email=email), "good")
    return without_referrer(redirect(url_for("start.start")))


def _refused() -> Response:
    return without_referrer(make_response(render_template("wayfellow_web/accounts/link-over.html"), 404))


def _page(typed: str = "", wrong: str = "") -> str:
    now = get_profile(reading(), my_id()).person.email
    return render_template("wayfellow_web/me/email.html", now=now, typed=typed, wrong=wrong)
