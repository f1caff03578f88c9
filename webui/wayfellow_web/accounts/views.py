"""Sign in with a one-time link or a password, and out again."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, NotFound, TooMany
from wayfellow.pages import PUBLIC, SIGNED_IN, page
from wayfellow.tabular.values import clean_email
from wayfellow.types import SYSTEM
from wayfellow.words import gettext
from wayfellow_web.accounts.attempts import Act, count_attempt
from wayfellow_web.accounts.base import end_login
from wayfellow_web.accounts.entering import enter
from wayfellow_web.accounts.mailing import ask_for_link, can_mail
from wayfellow_web.accounts.passwords import find_by_password
from wayfellow_web.accounts.service import redeem
from wayfellow_web.accounts.sessions import close_by_secret
from wayfellow_web.accounts.tickets import holder_of
from wayfellow_web.redirects import safe_target
from wayfellow_web.security import without_referrer
from wayfellow_web.site import actor, deployment, reading

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@page(PUBLIC)
def sign_in() -> str | Response:
    """Offer the ways in; whoever is in already goes on."""
    if actor().person_id is not None:
        return redirect(safe_target(request.args.get("next")))
    if "next" in request.args:
        session["next"] = request.args["next"][:500]
    return _ways_in()


@blueprint.post("/sign-in")
@page(PUBLIC)
def ask_link() -> Response | tuple[str, int]:
    """Send a link to an address, if it is somebody's; the answer is the same for everybody."""
    typed = request.form.get("email", "").strip()
    try:
        email = clean_email(typed)
    except ValueError:
        return _ways_in(typed, gettext("Enter your whole e-mail address, such as you@example.org.")), 422
    if not can_mail(reading()):
        raise Conflict(gettext("No mail is sent from here. Ask the coordinator of your programme for a link."))
    try:
        with deployment().transaction(SYSTEM) as tx:
            count_attempt(tx, Act.LINK, email, request.remote_addr)
    except TooMany as error:
        return _ways_in(typed, str(error)), error.status
    with deployment().transaction(SYSTEM) as tx:
        ask_for_link(tx, email)
    return redirect(url_for(".link_mailed"))


@blueprint.post("/sign-in/password")
@page(PUBLIC)
def use_password() -> Response | tuple[str, int]:
    """Sign in with an e-mail address and a password; every refusal is the same."""
    email = request.form.get("email", "").strip()
    try:
        with deployment().transaction(SYSTEM) as tx:
            count_attempt(tx, Act.PASSWORD, email.lower(), request.remote_addr)
    except TooMany as error:
        return _ways_in(email, wrong_password=str(error)), error.status
    account = find_by_password(reading(), email, request.form.get("password", ""))
    if account is None:
        wrong = gettext("E-mail address and password do not go together. Try again, or ask for a link.")
        return _ways_in(email, wrong_password=wrong), 422
    return enter(account, "password")


@blueprint.get("/sign-in/mailed")
@page(PUBLIC)
def link_mailed() -> str:
    """Say what to do next, whether or not the address is known."""
    return render_template("wayfellow_web/accounts/mailed.html")


@blueprint.get("/sign-in/<token>")
@page(PUBLIC)
def open_link(token: str) -> Response:
    """Show whom a link would sign in, and a button: scanners that only look at links do not spend them."""
    try:
        shown = render_template("wayfellow_web/accounts/link.html", person=holder_of(reading(), token), token=token)
    except NotFound:
        return _refused()
    return without_referrer(make_response(shown))


@blueprint.post("/sign-in/<token>")
@page(PUBLIC)
def use_link(token: str) -> Response:
    """Spend the link and sign in."""
    try:
        with deployment().transaction(SYSTEM) as tx:
            account = redeem(tx, token)
    except NotFound:
        return _refused()
    return without_referrer(enter(account, "link"))


@blueprint.post("/sign-out")
@page(SIGNED_IN)
def sign_out() -> Response:
    """Forget this browser."""
    sid = session.get("sid", "")
    with deployment().transaction(SYSTEM) as tx:
        close_by_secret(tx, sid)
    end_login()
    flash(gettext("You are signed out."), "good")
    answer = redirect(url_for("accounts.sign_in"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _ways_in(email: str = "", wrong: str = "", wrong_password: str = "") -> str:
    return render_template(
        "wayfellow_web/accounts/sign-in.html",
        email=email,
        wrong=wrong,
        wrong_password=wrong_password,
        can_mail=can_mail(reading()),
        provider=deployment().config.oidc,
    )


def _refused() -> Response:
    return without_referrer(make_response(render_template("wayfellow_web/accounts/link-over.html"), 404))
