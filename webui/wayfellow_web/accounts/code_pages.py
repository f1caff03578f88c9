"""Ask for the code of a second factor, between the first way in and the pages."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput, NotFound, TooMany
from wayfellow.pages import PUBLIC, page
from wayfellow.types import SYSTEM
from wayfellow.words import gettext
from wayfellow_web.accounts.attempts import Act, count_attempt
from wayfellow_web.accounts.entering import let_in
from wayfellow_web.accounts.second_factor import use_code
from wayfellow_web.accounts.service import account_of
from wayfellow_web.accounts.tickets import Purpose, holder_of, spend_ticket
from wayfellow_web.site import deployment, reading

blueprint = Blueprint("code", __name__)

_HALF = (Purpose.SECOND_FACTOR,)


@blueprint.get("/")
@page(PUBLIC)
def ask() -> str | Response:
    """Ask for the code."""
    try:
        holder_of(reading(), _half(), _HALF)
    except NotFound:
        return _too_late()
    return _page()


@blueprint.post("/")
@page(PUBLIC)
def check() -> str | Response | tuple[str, int]:
    """Take the code, and let in; what was shown first is used up with it."""
    half = _half()
    try:
        person_id = holder_of(reading(), half, _HALF).id
        with deployment().transaction(SYSTEM) as tx:
            count_attempt(tx, Act.CODE, f"person {person_id}", request.remote_addr)
        with deployment().transaction(SYSTEM) as tx:
            by = use_code(tx, person_id, request.form.get("code", ""))
            spend_ticket(tx, half, _HALF)
            account = account_of(tx, person_id)
    except NotFound:
        return _too_late()
    except (InvalidInput, TooMany) as error:
        return _page(str(error)), error.status
    return let_in(account, by)


def _half() -> str:
    return str(session.get("half", ""))


def _page(wrong: str = "") -> str:
    return render_template("wayfellow_web/accounts/code.html", wrong=wrong)


def _too_late() -> Response:
    session.pop("half", None)
    flash(gettext("That took longer than ten minutes, or was done already. Sign in again."), "warn")
    return redirect(url_for("accounts.sign_in"))
