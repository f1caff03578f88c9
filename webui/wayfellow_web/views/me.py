"""Look after one's own: profile, sign-ins, theme."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput
from wayfellow.pages import PUBLIC, SIGNED_IN, page
from wayfellow.people.service import choose_language, get_profile
from wayfellow.words import gettext, languages
from wayfellow_web.accounts.passkeys import list_keys
from wayfellow_web.accounts.passwords import has_password
from wayfellow_web.accounts.second_factor import is_on
from wayfellow_web.accounts.sessions import close_others, close_session, list_sessions
from wayfellow_web.languages import remember_language
from wayfellow_web.profile_form import edit_profile
from wayfellow_web.redirects import safe_target
from wayfellow_web.site import actor, my_id, reading, writing
from wayfellow_web.theme import THEMES, remember_theme

blueprint = Blueprint("me", __name__)


@blueprint.get("/")
@page(SIGNED_IN)
def index() -> str:
    """Show what the person can look after."""
    return render_template("wayfellow_web/me/index.html", profile=get_profile(reading(), my_id()))


@blueprint.route("/profile", methods=["GET", "POST"])
@page("profile.edit")
def profile() -> str | Response | tuple[str, int]:
    """Change what one's own profile says."""
    return edit_profile(my_id(), back=url_for(".index"), with_email=False)


@blueprint.get("/sign-ins")
@page(SIGNED_IN)
def sign_ins() -> str:
    """List the browsers that are signed in, and the ways to come in."""
    tx = reading()
    return render_template(
        "wayfellow_web/me/sign-ins.html",
        sign_ins=list_sessions(tx, session["sid"]),
        has_password=has_password(tx),
        second_factor=is_on(tx, my_id()),
        passkeys=len(list_keys(tx, my_id())),
    )


@blueprint.post("/sign-ins/<int:session_id>/end")
@page(SIGNED_IN)
def end_sign_in(session_id: int) -> Response:
    """Sign one browser out."""
    with writing() as tx:
        close_session(tx, session_id)
    flash(gettext("That browser is signed out."), "good")
    return redirect(url_for(".sign_ins"))


@blueprint.post("/sign-ins/end-others")
@page(SIGNED_IN)
def end_others() -> Response:
    """Sign every other browser out."""
    with writing() as tx:
        close_others(tx, session["sid"])
    flash(gettext("All other browsers are signed out."), "good")
    return redirect(url_for(".sign_ins"))


@blueprint.post("/language")
@page(PUBLIC)
def language() -> Response:
    """Keep the language that pages are read in, for the person too where there is one."""
    chosen = request.form.get("language", "")
    if chosen not in languages():
        raise InvalidInput(gettext("Choose one of the languages that the page offers."))
    if actor().person_id is not None:
        with writing() as tx:
            choose_language(tx, chosen)
    answer = redirect(safe_target(request.form.get("next")))
    remember_language(answer, chosen)
    return answer


@blueprint.post("/theme")
@page(PUBLIC)
def theme() -> Response:
    """Keep the choice of light or dark."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        raise InvalidInput(gettext("Choose one of the three: as this device, light or dark."))
    answer = redirect(safe_target(request.form.get("next")))
    remember_theme(answer, chosen)
    return answer
