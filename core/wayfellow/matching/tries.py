"""Say which runs are tries: a try replaces nothing until it is used in place of the run that it came from."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from wayfellow.errors import Conflict
from wayfellow.matching.models import MatchRun, RunState
from wayfellow.words import gettext


class TryState(StrEnum):
    """Name where a try stands; one that is used is a run like any other from then on."""

    OPEN = "open"
    USED = "used"
    THROWN_AWAY = "thrown_away"


#: The settings of a run that hold the run it came from, and where it stands as a try.
ORIGIN, STATE = "try_out_of", "try_state"
_NO_MORE_TRIES = (None, TryState.USED)


def is_try(run: MatchRun) -> bool:
    """Tell whether a run is a try that nobody used."""
    return run.settings.get(STATE) not in _NO_MORE_TRIES


def is_no_try() -> ColumnElement[bool]:
    """Return the condition of runs that are no tries, or that are used."""
    state = MatchRun.settings[STATE].as_string()
    return or_(state.is_(None), state == TryState.USED)


def set_try_state(run: MatchRun, state: TryState) -> None:
    """Say where a try stands."""
    run.settings = {**run.settings, STATE: state}


def check_no_try(run: MatchRun, sentence: str) -> None:
    """Raise Conflict for a try; the sentence says what can't be done with it."""
    if is_try(run):
        raise Conflict(sentence)


def check_in_force(session: Session, run: MatchRun) -> None:
    """Raise Conflict unless a run's drafts are under review: done, not published, no try, and not replaced."""
    check_no_try(
        run,
        gettext(
            "Run %(number)s is a try, so it can't be tried again itself. Use it in place of the run it came from "
            "first.",
            number=run.number,
        ),
    )
    if run.state != RunState.DONE:
        raise Conflict(
            gettext(
                "Run %(number)s is not done, so there is nothing to try otherwise. Choose one that is.",
                number=run.number,
            )
        )
    if run.published_at is not None:
        raise Conflict(
            gettext("Run %(number)s is published, so nothing can take its place. Start a new run.", number=run.number)
        )
    newer = replaced_by(session, run)
    if newer is not None:
        raise Conflict(
            gettext(
                "Run %(newer)s took the place of run %(number)s. Go on from run %(newer)s.",
                newer=newer,
                number=run.number,
            )
        )


def replaced_by(session: Session, run: MatchRun) -> int | None:
    """Return the number of the last run that took the place of a run's drafts, None when there is none."""
    kept, tried = (MatchRun.settings[name].as_integer() for name in ("keep_locked_from", ORIGIN))
    later = select(MatchRun.number).where(
        MatchRun.cycle_id == run.cycle_id,
        MatchRun.state == RunState.DONE,
        is_no_try(),
        or_(kept == run.id, tried == run.id),
    )
    return session.scalar(later.order_by(MatchRun.number.desc()).limit(1))
