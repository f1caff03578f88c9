"""Change what the organisation decides about the whole installation, and try whether mail works."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, WayfellowError
from wayfellow.notify.trying import send_test
from wayfellow.pages import page
from wayfellow.people.service import find_person
from wayfellow.privacy.audit import record
from wayfellow.settings.known import HOUSE
from wayfellow.settings.service import Shown
from wayfellow.words import gettext
from wayfellow_web.profile_form import Control
from wayfellow_web.settings import is_https
from wayfellow_web.settings_form import save_form, show_form
from wayfellow_web.site import deployment, my_id, reading, writing

blueprint = Blueprint("settings", __name__)


@blueprint.get("/")
@page("settings.edit")
def show() -> str:
    """Show the settings, and how mail and sign-in are configured."""
    return show_form(HOUSE, _render)


@blueprint.post("/")
@page("settings.edit", fresh=True)
def save() -> Response | tuple[str, int]:
    """Save the settings."""
    return save_form(HOUSE, _render, url_for(".show"))


@blueprint.post("/mail")
@page("settings.edit", fresh=True)
def try_mail() -> Response:
    """Send a mail to whoever presses the button, and say what the mail server answered."""
    tx = reading()
    address = find_person(tx, my_id()).email
    if not address:
        raise Conflict(gettext("You have no e-mail address here. Set one under Me first."))
    with writing() as tx:
        record(tx, "mail.tried", "person", my_id())
    try:
        send_test(tx.config, address, tx.now())
        answer = gettext("The mail server took the mail for %(address)s. Look whether it arrives.", address=address)
        flash(answer, "good")
    except WayfellowError as error:
        flash(str(error), "warn")
    return redirect(url_for(".show"))


def _render(controls: list[Control], fixed: list[Shown]) -> str:
    config = deployment().config
    return render_template(
        "wayfellow_web/settings/show.html",
        controls=controls,
        fixed=fixed,
        problems=[(control.key, control.error) for control in controls if control.error],
        mail=config.mail,
        oidc=config.oidc,
        https=is_https(config),
        database=deployment().engine.dialect.name,
        here=request.path,
    )
