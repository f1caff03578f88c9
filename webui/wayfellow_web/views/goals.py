"""Keep one's own goals: add, achieve, set aside, take back."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput, NotFound
from wayfellow.goals.kinds import all_kinds
from wayfellow.goals.models import Goal, GoalState
from wayfellow.goals.service import add_goal, change_goal, list_goals, remove_goal, restore_goal, set_goal_state
from wayfellow.pages import page
from wayfellow.words import gettext, said
from wayfellow_web.messages import flash_undo
from wayfellow_web.redirects import safe_target
from wayfellow_web.site import deployment, my_id, reading, writing
from wayfellow_web.words import GOAL_STATES

blueprint = Blueprint("goals", __name__)


@blueprint.get("/")
@page("goals.edit")
def index() -> str:
    """List the person's goals, with a form for one more."""
    return _page()


@blueprint.post("/")
@page("goals.edit")
def add() -> Response | tuple[str, int]:
    """Add a goal."""
    text, kind = request.form.get("text", ""), request.form.get("kind", "")
    try:
        with writing() as tx:
            add_goal(tx, my_id(), text, kind)
    except InvalidInput as error:
        return _page(text, kind, error), error.status
    return redirect(url_for(".index"))


@blueprint.route("/<int:goal_id>", methods=["GET", "POST"])
@page("goals.edit")
def edit(goal_id: int) -> str | Response | tuple[str, int]:
    """Change what a goal says."""
    goal = _own(goal_id)
    if request.method == "GET":
        return _page(goal.text, goal.kind, goal=goal)
    text, kind = request.form.get("text", ""), request.form.get("kind", "")
    try:
        with writing() as tx:
            change_goal(tx, goal_id, text=text, kind=kind)
    except InvalidInput as error:
        return _page(text, kind, error, goal=goal), error.status
    return redirect(url_for(".index"))


@blueprint.post("/<int:goal_id>/state")
@page("goals.edit")
def state(goal_id: int) -> Response:
    """Say that a goal is achieved, or open again."""
    wanted = request.form.get("state", "")
    if wanted not in (GoalState.OPEN, GoalState.ACHIEVED):
        raise InvalidInput(gettext("A goal is either on the way or achieved. Choose one of the two."))
    with writing() as tx:
        set_goal_state(tx, goal_id, GoalState(wanted))
    return _back()


@blueprint.post("/<int:goal_id>/remove")
@page("goals.edit")
def remove(goal_id: int) -> Response:
    """Set a goal aside; it can be taken back."""
    with writing() as tx:
        goal = remove_goal(tx, goal_id)
    flash_undo(
        gettext("“%(goal)s” is set aside.", goal=goal.text[:60]), url_for(".restore", goal_id=goal_id), next=_next()
    )
    return _back()


@blueprint.post("/<int:goal_id>/restore")
@page("goals.edit")
def restore(goal_id: int) -> Response:
    """Take a goal back that was set aside."""
    with writing() as tx:
        restore_goal(tx, goal_id)
    return _back()


def _next() -> str:
    """Return the page that the form names, else the list of goals."""
    wanted = request.form.get("next")
    return safe_target(wanted) if wanted else url_for(".index")


def _back() -> Response:
    return redirect(_next())


def _own(goal_id: int) -> Goal:
    for goal in list_goals(reading(), my_id()):
        if goal.id == goal_id:
            return goal
    raise NotFound(gettext("This goal is not among yours any more. Go back to your goals."))


def _page(text: str = "", kind: str = "", error: InvalidInput | None = None, goal: Goal | None = None) -> str:
    wrong = {problem.column or "text": problem.message for problem in error.problems} if error else {}
    if error and not wrong:
        wrong = {"text": str(error)}
    return render_template(
        "wayfellow_web/me/goals.html",
        goals=list_goals(reading(), my_id()),
        kinds=[(known.key, said(known.label)) for known in all_kinds(deployment().host)],
        text=text,
        kind=kind,
        wrong=wrong,
        editing=goal,
        GOAL_STATES=GOAL_STATES,
    )
