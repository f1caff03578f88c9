"""Sign in with a one-time link, and out again."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import NotFound
from wayfellow.pages import PUBLIC, SIGNED_IN, page
from wayfellow.types import SYSTEM
from wayfellow_web.accounts.base import end_login, start_login
from wayfellow_web.accounts.service import redeem
from wayfellow_web.accounts.sessions import close_by_secret, open_session
from wayfellow_web.accounts.tickets import holder_of
from wayfellow_web.redirects import safe_target
from wayfellow_web.site import actor, deployment, reading

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@page(PUBLIC)
def sign_in() -> str | Response:
    """Explain how to get in; whoever is in already goes on."""
    if actor().person_id is not None:
        return redirect(safe_target(request.args.get("next")))
    if "next" in request.args:
        session["next"] = request.args["next"][:500]
    return render_template("wayfellow_web/accounts/sign-in.html")


@blueprint.get("/sign-in/<token>")
@page(PUBLIC)
def open_link(token: str) -> Response:
    """Show whom a link would sign in, and a button: scanners that only look at links do not spend them."""
    try:
        shown = render_template("wayfellow_web/accounts/link.html", person=holder_of(reading(), token), token=token)
    except NotFound:
        return _refused()
    return _unreferred(make_response(shown))


@blueprint.post("/sign-in/<token>")
@page(PUBLIC)
def use_link(token: str) -> Response:
    """Spend the link and sign in."""
    target = safe_target(session.get("next"))
    try:
        with deployment().transaction(SYSTEM) as tx:
            account = redeem(tx, token)
            sid = open_session(tx, account.id, request.user_agent.string)
    except NotFound:
        return _refused()
    start_login(account, sid)
    return _unreferred(redirect(target))


@blueprint.post("/sign-out")
@page(SIGNED_IN)
def sign_out() -> Response:
    """Forget this browser."""
    sid = session.get("sid", "")
    with deployment().transaction(SYSTEM) as tx:
        close_by_secret(tx, sid)
    end_login()
    flash("You are signed out.", "good")
    answer = redirect(url_for("accounts.sign_in"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _refused() -> Response:
    return _unreferred(make_response(render_template("wayfellow_web/accounts/link-over.html"), 404))


def _unreferred(answer: Response) -> Response:
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
