"""Ask people who have been in for a while to show who they are, before they do what is risky."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput, TooMany
from wayfellow.pages import SIGNED_IN, page
from wayfellow.people.service import get_profile
from wayfellow.types import SYSTEM
from wayfellow.words import gettext
from wayfellow_web.accounts.attempts import Act, count_attempt
from wayfellow_web.accounts.identities import issuers_of
from wayfellow_web.accounts.mailing import ask_for_link, can_mail
from wayfellow_web.accounts.passkeys import list_keys
from wayfellow_web.accounts.passwords import has_password, is_my_password
from wayfellow_web.accounts.second_factor import is_on, use_code
from wayfellow_web.accounts.sessions import note_fresh
from wayfellow_web.redirects import safe_target
from wayfellow_web.site import deployment, my_id, reading, writing

blueprint = Blueprint("confirm", __name__)


@blueprint.get("/")
@page(SIGNED_IN)
def ask() -> str:
    """Offer the ways to show who one is."""
    session["next"] = safe_target(request.args.get("next"))  # where a new link or a passkey leads
    return _page(session["next"])


@blueprint.post("/")
@page(SIGNED_IN)
def check() -> Response | tuple[str, int]:
    """Take a password or a code, and lead back."""
    wanted, field = request.form.get("next"), "code" if "code" in request.form else "password"
    try:
        with deployment().transaction(SYSTEM) as tx:
            count_attempt(tx, Act(field), f"person {my_id()}", request.remote_addr)
        _show(field, request.form.get(field, ""))
    except (InvalidInput, TooMany) as error:
        return _page(wanted, {field: str(error)}), error.status
    return redirect(safe_target(wanted))


def _show(field: str, typed: str) -> None:
    """Note that the person has shown who they are. Raises InvalidInput when they have not."""
    if field == "password" and not is_my_password(reading(), typed):
        raise InvalidInput(gettext("That is not your password. Try again, or take another way."))
    with writing() as tx:
        if field == "code":
            use_code(tx, my_id(), typed)
        note_fresh(tx, session["sid"])


@blueprint.post("/link")
@page(SIGNED_IN)
def mail_link() -> Response:
    """Send a link to one's own address; opened in this browser, it leads back."""
    email = get_profile(reading(), my_id()).person.email
    if email is None or not can_mail(reading()):
        raise Conflict(
            gettext("No mail can be sent to you from here. Ask the coordinator of your programme for a link.")
        )
    with deployment().transaction(SYSTEM) as tx:
        count_attempt(tx, Act.LINK, email, request.remote_addr)
    with deployment().transaction(SYSTEM) as tx:
        ask_for_link(tx, email)
    session["next"] = safe_target(request.form.get("next"))
    flash(gettext("A link is on its way to you. Open it in this browser; it works once, within ten minutes."), "good")
    return redirect(url_for(".ask", next=session["next"]))


def _page(wanted: str | None, wrong: Mapping[str, str] = {}) -> str:
    tx = reading()
    return render_template(
        "wayfellow_web/accounts/confirm.html",
        next=safe_target(wanted),
        wrong=wrong,
        has_password=has_password(tx),
        has_code=is_on(tx, my_id()),
        has_passkey=bool(list_keys(tx, my_id())),
        can_mail=can_mail(tx),
        provider=deployment().config.oidc if issuers_of(tx, my_id()) else None,
    )
