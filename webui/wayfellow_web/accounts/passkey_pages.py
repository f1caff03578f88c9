"""Sign in with a passkey, and look after one's own."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput
from wayfellow.pages import PUBLIC, SIGNED_IN, page
from wayfellow.types import SYSTEM
from wayfellow.words import gettext
from wayfellow_web.accounts.challenges import new_challenge, take_challenge
from wayfellow_web.accounts.entering import let_in
from wayfellow_web.accounts.passkeys import (
    Place,
    add_key,
    find_by_passkey,
    list_keys,
    registration_options,
    remove_key,
    sign_in_options,
)
from wayfellow_web.settings import is_https
from wayfellow_web.site import deployment, my_id, reading, writing

blueprint = Blueprint("passkeys", __name__)


@blueprint.get("/sign-in/passkey")
@page(PUBLIC)
def ask() -> str:
    """Offer to sign in with a passkey."""
    return _ask()


@blueprint.post("/sign-in/passkey")
@page(PUBLIC)
def use() -> Response | tuple[str, int]:
    """Sign in with what the device signed; it has checked its holder, so no further code is asked for."""
    try:
        with deployment().transaction(SYSTEM) as tx:
            challenge = take_challenge(tx)
        with deployment().transaction(SYSTEM) as tx:
            account = find_by_passkey(tx, _place(), challenge, request.form.get("credential", ""))
    except InvalidInput as error:
        return _ask(str(error)), error.status
    return let_in(account, "passkey")


@blueprint.get("/me/sign-ins/passkeys")
@page(SIGNED_IN, fresh=True)
def index() -> str:
    """List one's passkeys, and offer to make one."""
    return _mine()


@blueprint.post("/me/sign-ins/passkeys")
@page(SIGNED_IN, fresh=True)
def add() -> Response | tuple[str, int]:
    """Keep a new passkey."""
    try:
        with writing() as tx:
            challenge = take_challenge(tx)
        with writing() as tx:
            add_key(tx, my_id(), _place(), challenge, request.form.get("credential", ""), request.form.get("name", ""))
    except InvalidInput as error:
        return _mine(str(error)), error.status
    flash(gettext("The passkey is kept. You can sign in with it from now on."), "good")
    return redirect(url_for(".index"))


@blueprint.post("/me/sign-ins/passkeys/<int:passkey_id>/remove")
@page(SIGNED_IN, fresh=True)
def remove(passkey_id: int) -> Response:
    """Remove one of one's passkeys."""
    with writing() as tx:
        remove_key(tx, my_id(), passkey_id)
    flash(gettext("The passkey is removed."), "good")
    return redirect(url_for(".index"))


def _place() -> Place:
    """Return where this site is; hosts that it does not answer for were refused before."""
    scheme = "https" if is_https(deployment().config) else request.scheme
    return Place(urlsplit(request.host_url).hostname or "", f"{scheme}://{request.host}")


def _ask(wrong: str = "") -> str:
    options = sign_in_options(_place(), new_challenge())
    return render_template("wayfellow_web/accounts/passkey.html", options=options, wrong=wrong)


def _mine(wrong: str = "") -> str:
    tx = reading()
    options = registration_options(tx, my_id(), _place(), new_challenge())
    keys = list_keys(tx, my_id())
    return render_template("wayfellow_web/me/passkeys.html", keys=keys, options=options, wrong=wrong)
