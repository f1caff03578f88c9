"""Show strangers what they can join, and take their applications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput, NotFound, TooMany
from wayfellow.goals.models import GoalState
from wayfellow.goals.service import add_goals, list_goals
from wayfellow.pages import PUBLIC, SIGNED_IN, page
from wayfellow.people.service import get_profile
from wayfellow.programmes.applying import Application, apply, get_application, save_draft
from wayfellow.programmes.forms import Asked
from wayfellow.programmes.public import find_public, list_public
from wayfellow.tabular.values import clean_email
from wayfellow.types import SYSTEM, Role
from wayfellow.words import gettext
from wayfellow_web.accounts.attempts import Act, count_attempt
from wayfellow_web.accounts.mailing import ask_to_join, can_mail
from wayfellow_web.profile_form import Control, field_control
from wayfellow_web.site import actor, deployment, my_id, reading, writing
from wayfellow_web.words import MEMBER_STATES

blueprint = Blueprint("join", __name__)


@blueprint.get("/")
@page(PUBLIC)
def index() -> str:
    """List the programmes that anybody can join."""
    return render_template("wayfellow_web/join/index.html", public=list_public(reading()))


@blueprint.get("/<slug>")
@page(PUBLIC)
def show(slug: str) -> str:
    """Say what a programme is, and how to join it."""
    return _show(slug)


@blueprint.post("/<slug>")
@page(PUBLIC)
def ask(slug: str) -> Response | str | tuple[str, int]:
    """Send a link to somebody who wants to apply; the answer is the same whether or not the address is known."""
    typed = {key: request.form.get(key, "").strip() for key in ("name", "email", "role")}
    public = find_public(reading(), slug)
    if not public.is_open or not can_mail(reading()):
        raise Conflict(
            gettext(
                "%(programme)s takes no applications on this page now. Write to its coordinators.",
                programme=public.name,
            )
        )
    wrong = {} if typed["name"] else {"name": gettext("Enter your name, as others should call you.")}
    try:
        email = clean_email(typed["email"])
    except ValueError:
        wrong["email"] = gettext("Enter your whole e-mail address, such as you@example.org.")
    if wrong:
        return _show(slug, typed, wrong), 422
    try:
        with deployment().transaction(SYSTEM) as tx:
            count_attempt(tx, Act.LINK, email, request.remote_addr)
    except TooMany as error:
        return _show(slug, typed, {"email": str(error)}), error.status
    with deployment().transaction(SYSTEM) as tx:
        ask_to_join(tx, email, typed["name"])
    roles = public.registration.roles if public.registration else ()
    role = typed["role"] if typed["role"] in roles else ""
    session["next"] = url_for(".form", slug=slug, role=role) if role else url_for(".show", slug=slug)
    return redirect(url_for("accounts.link_mailed"))


@blueprint.get("/<slug>/<role>")
@page(SIGNED_IN)
def form(slug: str, role: str) -> str:
    """Show the application, with the draft or with what the profile says."""
    return _form(get_application(reading(), slug, _role(role)))


@blueprint.post("/<slug>/<role>")
@page(SIGNED_IN)
def send(slug: str, role: str) -> Response | str | tuple[str, int]:
    """Keep the draft, or send the application."""
    application = get_application(reading(), slug, _role(role))
    typed = {control.key: request.form.get(control.key, "") for control in _controls(application)}
    try:
        with writing() as tx:
            if request.form.get("act") == "draft":
                save_draft(tx, slug, application.role, typed)
            else:
                apply(tx, slug, application.role, typed)
                add_goals(tx, typed.get("goals", ""))
    except InvalidInput as error:
        with writing() as tx:
            save_draft(tx, slug, application.role, {key: text[:20_000] for key, text in typed.items()})
        return _form(get_application(reading(), slug, application.role), typed, error), error.status
    if request.form.get("act") == "draft":
        flash(
            gettext("Your draft is kept. Come back to it whenever you like; nobody reads it before you send it."),
            "good",
        )
        return redirect(url_for(".form", slug=slug, role=role))
    flash(gettext("Your application is sent. A coordinator reads it and writes to you."), "good")
    return redirect(url_for("home.index"))


def _role(text: str) -> Role:
    if text not in (Role.MENTOR, Role.MENTEE):
        raise NotFound(gettext("People apply as mentor or mentee. Go back to the programme's page."))
    return Role(text)


def _show(slug: str, typed: Mapping[str, str] = {}, wrong: Mapping[str, str] = {}) -> str:
    tx = reading()
    return render_template(
        "wayfellow_web/join/show.html",
        public=find_public(tx, slug),
        signed_in=actor().person_id is not None,
        can_mail=can_mail(tx),
        typed=typed,
        wrong=wrong,
    )


def _form(application: Application, typed: Mapping[str, str] | None = None, error: InvalidInput | None = None) -> str:
    wrong = {problem.column: problem.message for problem in error.problems} if error else {}
    said = application.answers if typed is None else typed
    controls = [
        replace(control, value=(said or {}).get(control.key, control.value), error=wrong.get(control.key, ""))
        for control in _controls(application)
    ]
    problems = [(control.key, control.error) for control in controls if control.error]
    return render_template(
        "wayfellow_web/join/form.html",
        application=application,
        controls=controls,
        problems=problems or ([("", str(error))] if error else []),
        MEMBER_STATES=MEMBER_STATES,
    )


def _controls(application: Application) -> list[Control]:
    profile = get_profile(reading(), my_id())
    said = {answer.field.key: answer.value for answer in profile.values}
    labels = {question.field.key: question.field.label for question in application.questions}
    found = [
        Control(
            "name", gettext("Name"), "line", profile.person.name, gettext("As others should call you."), required=True
        )
    ]
    if application.role is Role.MENTOR:
        found.append(
            Control(
                "capacity", gettext("Places"), "line", "1", gettext("How many mentees you take at most."), required=True
            )
        )
    else:
        hint = gettext("What you want to get better at, one goal per line. They decide whom you are matched with.")
        mine = "\n".join(goal.text for goal in list_goals(reading(), my_id()) if goal.state == GoalState.OPEN)
        found.append(Control("goals", gettext("Your goals"), "area", mine, hint))
    for question in application.questions:
        other = labels.get(question.only_key, question.only_key)
        when = (
            gettext("Only if %(field)s is %(value)s.", field=gettext(other), value=question.only_value)
            if question.only_key
            else ""
        )
        must = question.asked is Asked.MUST and not when
        found.append(field_control(question.field, said.get(question.field.key, ""), required=must, when=when))
    skills = ("skills", gettext("Skills to offer"), profile.offers)
    if application.role is Role.MENTEE:
        skills = ("skills_to_learn", gettext("Skills to learn"), profile.wants)
    found.append(Control(skills[0], skills[1], "area", "\n".join(skills[2]), gettext("One per line.")))
    found.append(
        Control(
            "timezone", gettext("Time zone"), "line", profile.person.timezone, gettext("Such as Europe/London."), True
        )
    )
    return found
