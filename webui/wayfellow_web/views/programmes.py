"""Choose a programme, or start one."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput, Problem
from wayfellow.pages import page
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.words import gettext
from wayfellow_web.site import reading, writing

blueprint = Blueprint("programmes", __name__)


@blueprint.get("/")
@page("programme.read")
def index() -> str:
    """List the programmes that the person may see."""
    return render_template("wayfellow_web/programmes/index.html", may_create=reading().may("programme.create"))


@blueprint.route("/new", methods=["GET", "POST"])
@page("programme.create")
def create() -> Response | str | tuple[str, int]:
    """Start a programme with its first cycle."""
    typed = {key: request.form.get(key, "") for key in ("name", "cycle", "timezone")}
    if request.method == "GET":
        return _new({"timezone": reading().config.timezone}, {})
    try:
        with writing() as tx:
            programme = create_programme(tx, typed["name"], timezone=typed["timezone"])
            try:
                create_cycle(tx, programme.id, typed["cycle"])
            except InvalidInput as error:
                raise InvalidInput(str(error), (Problem(str(error), column="cycle"),)) from error
    except InvalidInput as error:
        return _new(typed, {problem.column or "": problem.message for problem in error.problems}), error.status
    flash(
        gettext("%(programme)s is there. Say what it is, and when people can apply.", programme=programme.name), "good"
    )
    return redirect(url_for("programme_settings.show", programme=programme.slug))


def _new(typed: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    zones = sorted(available_timezones())
    return render_template("wayfellow_web/programmes/new.html", typed=typed, wrong=wrong, zones=zones)
