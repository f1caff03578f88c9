"""Choose what matching goes by, see whom that would leave alone before it is saved, and bring earlier versions back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput
from wayfellow.matching.criteria.preview import Effect, preview_criteria
from wayfellow.matching.criteria.service import (
    comparable_fields,
    list_versions,
    newest_version,
    restore_version,
    save_set,
    stored_set,
)
from wayfellow.matching.criteria.sets import MAX_CRITERIA, Kinds
from wayfellow.pages import page
from wayfellow.words import gettext
from wayfellow_web.criteria_form import Form, form_of, posted_form, problems_of
from wayfellow_web.messages import flash_undo
from wayfellow_web.programme import this_cycle, this_programme
from wayfellow_web.site import deployment, reading, writing
from wayfellow_web.views.matching.base import blueprint


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold what a check found: an effect, or the sentence of what keeps it from being found."""

    effect: Effect | None = None
    error: str = ""


@blueprint.get("/criteria/")
@page("matching.read")
def criteria() -> str:
    """Show the criteria that hold, or those of an earlier version to look at and to start from."""
    tx, programme_id = reading(), this_programme().id
    newest = newest_version(tx, programme_id)
    wanted = request.args.get("version", "")
    shown = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else newest
    return _page(form_of(stored_set(tx, programme_id, shown), _kinds(), newest), shown=shown)


@blueprint.post("/criteria/")
@page("matching.criteria")
def change_criteria() -> str | Response | tuple[str, int]:
    """Do what the pressed button says: add, remove, bring back, check or save."""
    form = posted_form(request.form, _kinds())
    act, _, place = request.form.get("do", "check").partition(":")
    if act == "add":
        return _add(form)
    if act in ("remove", "back") and place.isdecimal():
        return _page(form.marked(int(place), removed=act == "remove"))
    return _save(form) if act == "save" else _check(form)


@blueprint.post("/criteria/check")
@page("matching.criteria")
def check_criteria() -> str:
    """Return the part of the page that says what the form, as it stands, would do."""
    return render_template("wayfellow_web/matching/_effect.html", checked=_look(posted_form(request.form, _kinds())))


@blueprint.post("/criteria/restore")
@page("matching.criteria")
def restore_criteria() -> Response:
    """Let an earlier version hold again, as a new one; no version means no criteria."""
    number, based_on = (_whole(request.form.get(name, "")) for name in ("version", "based_on"))
    try:
        with writing() as tx:
            saved = restore_version(tx, this_programme().id, number, based_on=based_on).number
    except (Conflict, InvalidInput) as error:
        flash(str(error), "warn")
        return redirect(url_for(".criteria"))
    if number is None:
        sentence = gettext("There are no criteria any more, as version %(saved)s.", saved=saved)
    else:
        sentence = gettext("Version %(number)s holds again, as version %(saved)s.", number=number, saved=saved)
    _flash_saved(sentence, saved, based_on)
    return redirect(url_for(".criteria"))


def _add(form: Form) -> str:
    kind = _kinds().get(request.form.get("add", ""))
    if kind is None or len(form.rows) >= MAX_CRITERIA:
        return _page(form)
    return _page(form.with_row(kind))


def _check(form: Form) -> str | tuple[str, int]:
    try:
        form.read(_kinds(), comparable_fields(reading()))
    except InvalidInput as error:
        return _page(form.with_errors(error)), error.status
    return _page(form, checked=_look(form))


def _save(form: Form) -> str | Response | tuple[str, int]:
    try:
        chosen = form.read(_kinds(), comparable_fields(reading()))
        with writing() as tx:
            saved = save_set(tx, this_programme().id, chosen, based_on=form.based_on).number
    except InvalidInput as error:
        return _page(form.with_errors(error)), error.status
    except Conflict as error:
        return _page(form, conflict=str(error)), error.status
    if saved == form.based_on:
        flash(gettext("Nothing was changed, so nothing was saved."), "good")
    else:
        sentence = gettext("The criteria are saved as version %(saved)s. The next run goes by them.", saved=saved)
        _flash_saved(sentence, saved, form.based_on)
    return redirect(url_for(".criteria"))


def _flash_saved(sentence: str, saved: int, before: int | None) -> None:
    fields = {"version": "" if before is None else str(before), "based_on": str(saved)}
    flash_undo(sentence, url_for(".restore_criteria"), **fields)


def _look(form: Form) -> Checked:
    try:
        chosen = form.read(_kinds(), comparable_fields(reading()))
        return Checked(preview_criteria(reading(), this_cycle().id, chosen))
    except InvalidInput as error:
        return Checked(error=str(error))


def _page(form: Form, *, shown: int | None = None, checked: Checked | None = None, conflict: str = "") -> str:
    tx, programme_id = reading(), this_programme().id
    return render_template(
        "wayfellow_web/matching/criteria.html",
        form=form,
        shown=shown,
        newest=newest_version(tx, programme_id),
        versions=list_versions(tx, programme_id),
        kinds=list(_kinds().values()),
        fields=sorted(
            ((key, gettext(label)) for key, label in comparable_fields(tx).items()), key=lambda item: item[1]
        ),
        problems=[("", conflict)] if conflict else problems_of(form),
        checked=checked,
        full=len(form.rows) >= MAX_CRITERIA,
    )


def _kinds() -> Kinds:
    return deployment().host.criterion_kinds


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
