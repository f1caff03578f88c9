"""Change somebody's account from their page, for administrators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput
from wayfellow.pages import page
from wayfellow.words import gettext
from wayfellow_web.accounts.managing import reset_second_factor, switch, unbind_provider
from wayfellow_web.site import writing

blueprint = Blueprint("managing", __name__)


@blueprint.post("/second-factor/reset")
@page("accounts.manage", fresh=True)
def reset(person_id: int) -> Response:
    """Ask somebody for codes no more."""
    with writing() as tx:
        reset_second_factor(tx, person_id)
    flash(gettext("They come in without a code now, and are told so."), "good")
    return redirect(url_for("person.show", person_id=person_id))


@blueprint.post("/provider/forget")
@page("accounts.manage", fresh=True)
def unbind(person_id: int) -> Response:
    """Forget what the provider calls somebody."""
    with writing() as tx:
        unbind_provider(tx, person_id)
    flash(gettext("Their browsers are signed out, and their address counts at their next sign-in."), "good")
    return redirect(url_for("person.show", person_id=person_id))


@blueprint.post("/switch")
@page("accounts.manage", fresh=True)
def turn(person_id: int) -> Response:
    """Switch an account on or off."""
    wanted = request.form.get("to", "")
    if wanted not in ("on", "off"):
        raise InvalidInput(gettext("Choose on or off."))
    with writing() as tx:
        switch(tx, person_id, on=wanted == "on")
    flash(gettext("The account is on now.") if wanted == "on" else gettext("The account is off now."), "good")
    return redirect(url_for("person.show", person_id=person_id))
