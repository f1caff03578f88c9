"""Change what a programme and its cycle say, start new ones, and choose what applications ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput, NotFound, Problem
from wayfellow.matching.duplicating import duplicate_programme
from wayfellow.pages import page
from wayfellow.programmes.editing import CycleFacts, ProgrammeFacts, edit_cycle, edit_programme
from wayfellow.programmes.forms import Asked, Question, read_form, save_form
from wayfellow.programmes.models import Cycle
from wayfellow.programmes.rules import read_rules, save_rules
from wayfellow.programmes.service import create_cycle, current_cycle
from wayfellow.tabular.values import clean_day
from wayfellow.types import Role
from wayfellow.words import gettext, later
from wayfellow_web.programme import this_cycle, this_programme
from wayfellow_web.site import reading, writing
from wayfellow_web.words import RULE_NUMBERS, RULE_SWITCHES

blueprint = Blueprint("programme_settings", __name__)

DAYS = ("registration_opens_on", "registration_closes_on", "starts_on", "ends_on")
ROLES = (Role.MENTEE, Role.MENTOR)
ASKED = ((Asked.NO, later("Not asked")), (Asked.MAYBE, later("Optional")), (Asked.MUST, later("Needed")))


@blueprint.get("/")
@page("programme.edit")
def show() -> str:
    """Show the programme and its cycle as they are."""
    return _page()


@blueprint.post("/")
@page("programme.edit")
def save() -> Response | tuple[str, int]:
    """Save what the programme says."""
    form = request.form
    facts = ProgrammeFacts(
        form.get("name", ""), form.get("description", ""), form.get("timezone", ""), "is_public" in form
    )
    try:
        with writing() as tx:
            edit_programme(tx, this_programme().id, facts)
    except InvalidInput as error:
        return _page(programme=form, wrong=_wrong(error)), error.status
    flash(gettext("The programme is saved."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/how")
@page("programme.edit")
def save_how() -> Response | tuple[str, int]:
    """Save how people of the programme find each other."""
    typed = {name: request.form.get(name, "").strip() for name in RULE_NUMBERS}
    allowed: dict[str, Any] = {name: name in request.form for name in RULE_SWITCHES}
    numbers = {name: _whole(text) for name, text in typed.items()}
    try:
        with writing() as tx:
            save_rules(tx, this_programme().id, allowed | numbers)
    except InvalidInput as error:
        return _page(rules=allowed | typed, wrong=_wrong(error)), error.status
    flash("How people find each other is saved.", "good")
    return redirect(url_for(".show"))


@blueprint.post("/cycle")
@page("programme.edit")
def save_cycle() -> Response | tuple[str, int]:
    """Save what the current cycle says."""
    try:
        facts = _cycle_facts()
        with writing() as tx:
            edit_cycle(tx, this_cycle().id, facts)
    except InvalidInput as error:
        return _page(cycle=request.form, wrong=_wrong(error, "cycle_")), error.status
    flash(gettext("%(cycle)s is saved.", cycle=facts.name.strip()), "good")
    return redirect(url_for(".show"))


@blueprint.post("/cycles")
@page("programme.edit")
def add_cycle() -> Response | tuple[str, int]:
    """Start a cycle; it becomes the current one."""
    name = request.form.get("name", "")
    try:
        with writing() as tx:
            create_cycle(tx, this_programme().id, name)
    except (InvalidInput, Conflict) as error:
        return _page(typed={"new_cycle": name}, wrong={"new_cycle": str(error)}), error.status
    flash(gettext("%(cycle)s is started. Set its days below.", cycle=name.strip()), "good")
    return redirect(url_for(".show"))


@blueprint.post("/duplicate")
@page("programme.create")
def duplicate() -> Response | tuple[str, int]:
    """Start another programme like this one, without its people."""
    name = request.form.get("name", "")
    try:
        with writing() as tx:
            copy = duplicate_programme(tx, this_programme().id, name)
    except InvalidInput as error:
        return _page(typed={"copy": name}, wrong={"copy": str(error)}), error.status
    flash(
        gettext(
            "%(programme)s is there, with the same form and criteria. Start its first cycle next.", programme=copy.name
        ),
        "good",
    )
    return redirect(url_for(".show", programme=copy.slug))


@blueprint.get("/form/<role>")
@page("programme.edit")
def form(role: str) -> str:
    """Show what applications of a role ask."""
    return _form(_role(role))


@blueprint.post("/form/<role>")
@page("programme.edit")
def save_questions(role: str) -> Response | tuple[str, int]:
    """Choose what applications of a role ask."""
    which = _role(role)
    keys = [question.field.key for question in read_form(reading(), this_programme(), which)]
    names = ("asked", "only_key", "only_value")
    chosen = {key: {name: request.form.get(f"{key}.{name}", "").strip() for name in names} for key in keys}
    for row in chosen.values():
        row["only_value"] = row["only_value"] if row["only_key"] else ""
    try:
        with writing() as tx:
            save_form(tx, this_programme().id, which, chosen)
    except InvalidInput as error:
        return _form(which, chosen, _wrong(error)), error.status
    flash(gettext("The form is saved."), "good")
    return redirect(url_for(".form", role=role))


def _whole(text: str) -> int:
    """Return a whole number, and for anything else one that no rule allows."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _role(text: str) -> Role:
    if text not in ROLES:
        raise NotFound(gettext("There is a form for mentors and one for mentees. Choose one of them."))
    return Role(text)


def _cycle_facts() -> CycleFacts:
    days, problems = {}, []
    for name in DAYS:
        try:
            days[name] = clean_day(request.form.get(name, ""))
        except ValueError as error:
            problems.append(Problem(str(error), column=name))
    if problems:
        raise InvalidInput(gettext("The cycle is not saved yet."), tuple(problems))
    roles = [role for role in ROLES if role in request.form.getlist("open_to")]
    return CycleFacts(request.form.get("name", ""), open_to=roles, **days)


def _wrong(error: InvalidInput, prefix: str = "") -> dict[str, str]:
    problems = error.problems or (Problem(str(error)),)
    return {prefix + (problem.column or ""): problem.message for problem in problems}


def _form(role: Role, chosen: Mapping[str, Mapping[str, str]] | None = None, wrong: Mapping[str, str] = {}) -> str:
    questions = read_form(reading(), this_programme(), role)
    rows = chosen or {q.field.key: _row(q) for q in questions}
    return render_template(
        "wayfellow_web/programme_settings/form.html",
        role=role,
        roles=ROLES,
        questions=questions,
        rows=rows,
        wrong=wrong,
        ASKED=ASKED,
    )


def _row(question: Question) -> dict[str, str]:
    """Return a question as the form's fields name it."""
    return {"asked": question.asked.value, "only_key": question.only_key, "only_value": question.only_value}


def _cycle_values(cycle: Cycle) -> dict[str, str]:
    days = {name: day.isoformat() if (day := getattr(cycle, name)) else "" for name in DAYS}
    return {"name": cycle.name, **days}


def _page(
    *,
    programme: Mapping[str, str] | None = None,
    cycle: Mapping[str, str] | None = None,
    rules: Mapping[str, Any] | None = None,
    typed: Mapping[str, str] = {},
    wrong: Mapping[str, str] = {},
) -> str:
    here, round_ = this_programme(), current_cycle(reading(), this_programme().id)
    facts = {"name": here.name, "description": here.description, "timezone": here.timezone}
    open_to = request.form.getlist("open_to") if cycle is not None else round_.open_to if round_ else ()
    return render_template(
        "wayfellow_web/programme_settings/show.html",
        here=here,
        facts=facts if programme is None else programme,
        is_public=here.is_public if programme is None else "is_public" in programme,
        round=round_,
        rules=asdict(read_rules(here)) if rules is None else rules,
        RULE_NUMBERS=RULE_NUMBERS,
        RULE_SWITCHES=RULE_SWITCHES,
        days=(_cycle_values(round_) if round_ else {}) if cycle is None else cycle,
        open_to=open_to,
        typed=typed,
        wrong=wrong,
        zones=sorted(available_timezones()),
        roles=ROLES,
        may_create=reading().may("programme.create"),
    )
