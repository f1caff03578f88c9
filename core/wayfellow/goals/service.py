"""Keep people's goals: list, add, change, achieve, remove, and undo the removal."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotFound, Problem
from wayfellow.goals.kinds import all_kinds
from wayfellow.goals.models import Goal, GoalState
from wayfellow.people.audience import require_change, require_visible
from wayfellow.people.service import find_person
from wayfellow.tabular.values import MAX_TAGS, clean_goal
from wayfellow.types import Audience
from wayfellow.words import gettext, said


def list_goals(tx: Transaction, person_id: int, *, dropped: bool = False) -> Sequence[Goal]:
    """Return a person's goals in their order, ``dropped`` ones only when asked for.

    The person, their staff and their pair read goals. Raises NotFound; others get an empty list.
    """
    if not require_visible(tx, person_id) & {Audience.SELF, Audience.COORDINATORS, Audience.PAIR}:
        return []
    query = select(Goal).where(Goal.person_id == person_id).order_by(Goal.position, Goal.id)
    return tx.session.scalars(query if dropped else query.where(Goal.state != GoalState.DROPPED)).all()


def add_goal(tx: Transaction, person_id: int, text: str, kind: str = "growth") -> Goal:
    """Add a goal at the end. Raises NotFound, NotAllowed, InvalidInput (``column`` is ``text`` or ``kind``)."""
    _require_change(tx, person_id)
    find_person(tx, person_id)
    return _add(tx, person_id, text, kind)


def add_goals(tx: Transaction, text: str) -> None:
    """Add each line as a goal of the actor, unless they have it; all of them or none.

    Who applies takes no part yet, so this needs no permission. Raises NotFound, and InvalidInput whose problem names
    ``goals``.
    """
    me = tx.actor.person_id
    if me is None:
        raise NotFound(gettext("Only a person has goals. Sign in first."))
    known = {goal.text.casefold() for goal in list_goals(tx, me)}
    try:
        for line in text.splitlines():
            if line.strip() and line.strip().casefold() not in known:
                known.add(_add(tx, me, line, "growth").text.casefold())
    except InvalidInput as error:
        raise InvalidInput(str(error), (Problem(str(error), column="goals"),)) from error


def _add(tx: Transaction, person_id: int, text: str, kind: str) -> Goal:
    text, kind = _check(tx, text, kind)
    mine = select(func.count(), func.max(Goal.position)).where(
        Goal.person_id == person_id, Goal.state != GoalState.DROPPED
    )
    count, last = tx.session.execute(mine).one()
    if count >= MAX_TAGS:
        raise InvalidInput(
            gettext("There are %(count)s goals already. Remove one before you add another.", count=count)
        )
    now = tx.now()
    position = 0 if last is None else last + 1
    goal = Goal(
        person_id=person_id,
        text=text,
        kind=kind,
        state=GoalState.OPEN,
        origin="person",
        position=position,
        created_at=now,
        updated_at=now,
    )
    tx.session.add(goal)
    tx.session.flush()
    _tell(tx, goal.id, created=True)
    return goal


def change_goal(tx: Transaction, goal_id: int, *, text: str | None = None, kind: str | None = None) -> Goal:
    """Change what a goal says; from then on it is the person's own, and imports leave it alone.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    goal = _find(tx, goal_id)
    new = _check(tx, goal.text if text is None else text, goal.kind if kind is None else kind)
    if new != (goal.text, goal.kind):
        goal.text, goal.kind = new
        goal.origin = "person"
        _touch(tx, goal)
    return goal


def set_goal_state(tx: Transaction, goal_id: int, state: GoalState) -> Goal:
    """Open or achieve a goal, or drop it, which is :func:`remove_goal`. Raises NotFound, NotAllowed."""
    goal = _find(tx, goal_id)
    if goal.state != state:
        goal.state_before = goal.state if state is GoalState.DROPPED else None
        goal.state = state
        _touch(tx, goal)
    return goal


def remove_goal(tx: Transaction, goal_id: int) -> Goal:
    """Drop a goal, so that it is listed no more; :func:`restore_goal` undoes it. Raises NotFound, NotAllowed."""
    return set_goal_state(tx, goal_id, GoalState.DROPPED)


def restore_goal(tx: Transaction, goal_id: int) -> Goal:
    """Bring a removed goal back as it was; one that is not removed stays as it is. Raises NotFound, NotAllowed."""
    goal = _find(tx, goal_id)
    if goal.state != GoalState.DROPPED:
        return goal
    return set_goal_state(tx, goal_id, GoalState(goal.state_before or GoalState.OPEN))


def _find(tx: Transaction, goal_id: int) -> Goal:
    goal = tx.session.get(Goal, goal_id)
    if goal is None:
        raise NotFound(gettext("This goal is not here any more. Reload the list of goals."))
    _require_change(tx, goal.person_id)
    return goal


def _require_change(tx: Transaction, person_id: int) -> None:
    require_visible(tx, person_id)
    require_change(tx, person_id, own="goals.edit")


def _check(tx: Transaction, text: str, kind: str) -> tuple[str, str]:
    problems = []
    try:
        text = clean_goal(text)
    except ValueError as error:
        problems.append(Problem(str(error), column="text"))
    kinds = {known.key: known.label for known in all_kinds(tx.host)}
    if kind not in kinds:
        problems.append(
            Problem(
                gettext("Choose one of these kinds: %(kinds)s.", kinds=", ".join(map(said, kinds.values()))),
                column="kind",
                value=kind,
            )
        )
    if problems:
        raise InvalidInput(
            gettext("The goal can't be saved yet. %(problem)s", problem=problems[0].message), tuple(problems)
        )
    return text, kind


def _touch(tx: Transaction, goal: Goal) -> None:
    goal.updated_at = tx.now()
    tx.session.flush()
    _tell(tx, goal.id, created=False)


def _tell(tx: Transaction, goal_id: int, *, created: bool) -> None:
    tx.tell(lambda host: host.on_goal_saved(goal_id=goal_id, created=created))
