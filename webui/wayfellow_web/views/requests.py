"""Ask somebody, say more, and take it back; answers are given where those to proposals are."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput, WayfellowError
from wayfellow.mentorships.models import TieKind
from wayfellow.mentorships.requests.asking import ask as ask_person
from wayfellow.mentorships.requests.asking import count_requests
from wayfellow.mentorships.requests.conversations import set_held
from wayfellow.mentorships.requests.fits import read_fits
from wayfellow.mentorships.requests.mine import RequestView, get_my_request
from wayfellow.mentorships.requests.parts import Part, list_parts
from wayfellow.mentorships.requests.remarks import ask_more, reply
from wayfellow.mentorships.requests.withdrawing import move_up, withdraw
from wayfellow.pages import page
from wayfellow.types import MatchState
from wayfellow.words import gettext
from wayfellow_web.messages import flash_undo
from wayfellow_web.site import reading, writing
from wayfellow_web.views.directory import this_card, this_part

blueprint = Blueprint("requests", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/to/<int:person_id>", methods=["GET", "POST"])
@page("proposals.ask")
def ask(person_id: int) -> Answer:
    """Ask somebody, in words of one's own."""
    part = this_part(list_parts(reading()))
    if request.method == "GET":
        return _form(part, person_id)
    kind = request.form.get("kind", part.kinds[0])
    try:
        with writing() as tx:
            asked = ask_person(
                tx,
                part.membership_id,
                person_id,
                request.form.get("message", ""),
                kind=TieKind(kind) if kind in set(TieKind) else part.kinds[0],
                in_line=request.form.get("when") == "line",
            )
    except (InvalidInput, Conflict) as error:
        return _form(part, person_id, error), error.status
    waits = asked.state == MatchState.QUEUED
    in_line = gettext("It stands in line, and is sent when its turn comes.")
    flash(in_line if waits else gettext("Your message is on its way."), "good")
    return redirect(url_for("home.index"))


@blueprint.route("/<int:my_request>/more", methods=["GET", "POST"])
@page("proposals.answer")
def more(my_request: int) -> Answer:
    """Ask who asked to say more, or reply to that."""
    found = get_my_request(reading(), my_request)
    if request.method == "GET":
        if found.may_answer or found.may_reply:
            return _words(found)
        flash(gettext("%(outcome)s There is nothing to write now.", outcome=found.outcome), "warn")
        return redirect(url_for("home.index"))
    write = reply if found.by_me else ask_more
    try:
        with writing() as tx:
            write(tx, my_request, request.form.get("text", ""))
    except InvalidInput as error:
        return _words(found, error), error.status
    except Conflict as error:
        flash(str(error), "warn")
        return redirect(url_for("home.index"))
    flash(gettext("%(name)s has your words now.", name=found.other.name), "good")
    return redirect(url_for("home.index"))


@blueprint.post("/<int:my_request>/take-back")
@page("proposals.answer")
def take_back(my_request: int) -> Response:
    """Take a request back; what was written for it is kept in the form that sends it again."""
    found = get_my_request(reading(), my_request)
    try:
        with writing() as tx:
            withdraw(tx, my_request)
    except Conflict as error:
        flash(str(error), "warn")
        return redirect(url_for("home.index"))
    was_in_line = found.state is MatchState.QUEUED
    fields = {"message": found.message, "kind": found.kind.value, "when": "line" if was_in_line else "now"}
    sentence = (
        gettext("Taken back. With undo you ask again.")
        if was_in_line
        else gettext(
            "Taken back. %(name)s hears that no answer is needed any more. With undo you ask again.",
            name=found.other.name,
        )
    )
    flash_undo(sentence, url_for(".ask", person_id=found.other.id, part=found.membership_id), **fields)
    return redirect(url_for("home.index"))


@blueprint.post("/<int:my_request>/move-up")
@page("proposals.answer")
def earlier(my_request: int) -> Response:
    """Let a choice in line come before the one in front of it."""
    try:
        with writing() as tx:
            move_up(tx, my_request)
    except Conflict as error:
        flash(str(error), "warn")
    return redirect(url_for("home.index"))


@blueprint.post("/conversations/<int:conversation_id>")
@page("proposals.answer")
def held(conversation_id: int) -> Response:
    """Say that a conversation took place, or that it did not after all."""
    took_place = request.form.get("held", "yes") == "yes"
    try:
        with writing() as tx:
            set_held(tx, conversation_id, took_place)
    except Conflict as error:
        flash(str(error), "warn")
        return redirect(url_for("home.index"))
    if took_place:
        undo = url_for(".held", conversation_id=conversation_id)
        flash_undo(gettext("Good. A word of thanks within a day is worth a lot."), undo, held="no")
    return redirect(url_for("home.index"))


def _form(part: Part, person_id: int, error: WayfellowError | None = None) -> str:
    tx, form = reading(), request.form
    open_now, in_line = count_requests(tx, part)
    problems = [(problem.column or "", problem.message) for problem in getattr(error, "problems", ())]
    return render_template(
        "wayfellow_web/requests/ask.html",
        part=part,
        card=this_card(part, read_fits(tx, part), person_id),
        open_now=open_now,
        in_line=in_line,
        is_full=open_now >= part.rules.open_requests,
        kind=form.get("kind") or request.args.get("kind") or part.kinds[0].value,
        when=form.get("when", ""),
        message=form.get("message", ""),
        problems=problems or ([("", str(error))] if error else []),
    )


def _words(found: RequestView, error: InvalidInput | None = None) -> str:
    return render_template(
        "wayfellow_web/requests/more.html",
        one=found,
        text=request.form.get("text", ""),
        problems=[(problem.column or "", problem.message) for problem in error.problems] if error else [],
    )
