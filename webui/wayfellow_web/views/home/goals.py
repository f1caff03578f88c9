"""Keep one's goals: add, change, achieve, remove; removing can be taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput, NotFound
from wayfellow.goals.kinds import all_kinds
from wayfellow.goals.models import Goal, GoalState
from wayfellow.goals.service import add_goal, change_goal, list_goals, remove_goal, restore_goal, set_goal_state
from wayfellow.pages import SIGNED_IN, page
from wayfellow_web.messages import flash_undo
from wayfellow_web.site import reading, writing
from wayfellow_web.views.home.base import blueprint, my_id

Answer = str | Response | tuple[str, int]
DEFAULT_KIND = "growth"


@blueprint.route("/goals/add", methods=["GET", "POST"])
@page(SIGNED_IN)
def add() -> Answer:
    """Add a goal."""
    if request.method == "GET":
        return _form(None)
    try:
        with writing() as tx:
            add_goal(tx, my_id(), *_typed(None))
    except InvalidInput as error:
        return _form(None, error), error.status
    flash("The goal is on your list. It counts in the next match run.", "good")
    return redirect(url_for(".index"))


@blueprint.route("/goals/<int:goal_id>/edit", methods=["GET", "POST"])
@page(SIGNED_IN)
def edit(goal_id: int) -> Answer:
    """Change what a goal says."""
    goal = _mine(goal_id)
    if request.method == "GET":
        return _form(goal)
    try:
        with writing() as tx:
            text, kind = _typed(goal)
            change_goal(tx, goal_id, text=text, kind=kind)
    except InvalidInput as error:
        return _form(goal, error), error.status
    flash("The goal is saved.", "good")
    return redirect(url_for(".index"))


@blueprint.post("/goals/<int:goal_id>/state")
@page(SIGNED_IN)
def move(goal_id: int) -> Response:
    """Mark a goal as achieved, or take it up again; each takes the other back."""
    goal, wanted = _mine(goal_id), request.form.get("state", "")
    if wanted not in (GoalState.OPEN, GoalState.ACHIEVED):
        raise InvalidInput("A goal is achieved, or on the way. Choose one of the two.")
    before = goal.state
    with writing() as tx:
        set_goal_state(tx, goal_id, GoalState(wanted))
    if before != wanted:
        sentence = (
            "Well done. The goal is achieved." if wanted == GoalState.ACHIEVED else "The goal is on the way again."
        )
        flash_undo(sentence, url_for(".move", goal_id=goal_id), state=before)
    return redirect(url_for(".index"))


@blueprint.post("/goals/<int:goal_id>/remove")
@page(SIGNED_IN)
def remove(goal_id: int) -> Response:
    """Take a goal off the list."""
    _mine(goal_id)
    with writing() as tx:
        remove_goal(tx, goal_id)
    flash_undo("The goal is off your list.", url_for(".restore", goal_id=goal_id))
    return redirect(url_for(".index"))


@blueprint.post("/goals/<int:goal_id>/restore")
@page(SIGNED_IN)
def restore(goal_id: int) -> Response:
    """Put a removed goal back."""
    _mine(goal_id)
    with writing() as tx:
        restore_goal(tx, goal_id)
    flash("The goal is back on your list.", "good")
    return redirect(url_for(".index"))


def _mine(goal_id: int) -> Goal:
    for goal in list_goals(reading(), my_id(), dropped=True):
        if goal.id == goal_id:
            return goal
    raise NotFound("There is no such goal among yours. Go back to your home page.")


def _typed(goal: Goal | None) -> tuple[str, str]:
    text, kind = (goal.text, goal.kind) if goal else ("", DEFAULT_KIND)
    return request.form.get("text", text), request.form.get("kind", kind)


def _form(goal: Goal | None, error: InvalidInput | None = None) -> str:
    text, kind = _typed(goal)
    wrong = {problem.column or "": problem.message for problem in error.problems} if error else {}
    problems = list(wrong.items()) or ([("", str(error))] if error else [])
    return render_template(
        "wayfellow_web/home/goal.html",
        goal=goal,
        text=text,
        kind=kind,
        kinds=[(known.key, known.label) for known in all_kinds(reading().host)],
        wrong=wrong,
        problems=problems,
    )
