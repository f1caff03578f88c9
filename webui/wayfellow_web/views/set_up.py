"""Take a new installation from nothing to its first administrator, programme and cycle."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask import Blueprint, flash, make_response, render_template, request
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput
from wayfellow.pages import PUBLIC, page
from wayfellow.settings.service import refresh
from wayfellow.types import SYSTEM
from wayfellow.words import gettext
from wayfellow_web.accounts.entering import let_in
from wayfellow_web.accounts.first_run import FirstAnswers, check_token, set_up
from wayfellow_web.accounts.service import account_of
from wayfellow_web.security import without_referrer
from wayfellow_web.settings import is_https
from wayfellow_web.site import deployment, reading

blueprint = Blueprint("set_up", __name__)

FIELDS = ("name", "email", "organisation", "language", "timezone", "programme", "cycle")


@blueprint.get("/<token>")
@page(PUBLIC)
def ask(token: str) -> Response:
    """Ask for what a new installation needs to know."""
    check_token(reading(), token)
    config = deployment().config
    return _page(token, FirstAnswers(organisation=config.organisation, language=config.language))


@blueprint.post("/<token>")
@page(PUBLIC)
def save(token: str) -> Response:
    """Set the installation up, and sign in whoever did it."""
    answers = FirstAnswers(**{field: request.form.get(field, "") for field in FIELDS})
    try:
        with deployment().transaction(SYSTEM) as tx:
            account = account_of(tx, set_up(tx, token, answers))
    except InvalidInput as error:
        return _page(token, answers, error)
    refresh(deployment())
    answer = let_in(account, "set-up")
    flash(gettext("Everything is set up. The list below says what comes next."), "good")
    return answer


def _page(token: str, answers: FirstAnswers, error: InvalidInput | None = None) -> Response:
    config = deployment().config
    wrong = {problem.column or "": problem.message for problem in error.problems} if error else {}
    shown = render_template(
        "wayfellow_web/set_up/ask.html",
        token=token,
        answers=answers,
        wrong=wrong,
        zones=sorted(available_timezones()),
        mail=config.mail,
        fixed=config.fixed,
        database=deployment().engine.dialect.name,
        https=is_https(config),
    )
    return without_referrer(make_response(shown, error.status if error else 200))
