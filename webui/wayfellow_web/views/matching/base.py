"""Hold what all pages of matching share: the blueprint, the run that an address names, and how acts end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound
from wayfellow.matching.models import RunState
from wayfellow.matching.runs import get_run
from wayfellow.matching.views import RunView
from wayfellow.mentorships.views import Undo
from wayfellow.words import gettext
from wayfellow_web.messages import flash_undo
from wayfellow_web.pair_words import pair_words
from wayfellow_web.programme import this_programme
from wayfellow_web.redirects import safe_target
from wayfellow_web.site import reading, writing

blueprint = Blueprint("matching", __name__)


def this_run(run_id: int) -> RunView:
    """Return the run that the address names. Raises NotFound when it belongs to another programme."""
    run = get_run(reading(), run_id)
    if run.programme_id != this_programme().id:
        raise NotFound(gettext("There is no such match run in this programme. Go to its list of runs."))
    return run


def earlier_of(run: RunView, runs: Sequence[RunView]) -> RunView | None:
    """Return which of the cycle's runs, the newest first, a run is best compared with.

    That is the one that it came from, else the one before that is no try.
    """
    done = [one for one in runs if one.state == RunState.DONE and one.id != run.id and alike(one, run)]
    came_from = [one for one in done if one.id in (run.try_of, run.kept_from)]
    return next(iter([*came_from, *(one for one in done if one.number < run.number and not one.is_try)]), None)


def alike(one: RunView, other: RunView) -> bool:
    """Tell whether two runs bring people together in the same way, so that they can be compared."""
    return pair_words(one.settings) == pair_words(other.settings)


def board_url(run_id: int) -> str:
    """Return where the form says that it came from, else the run's board."""
    back = request.values.get("back", "")
    return safe_target(back) if back else url_for("matching.show", run_id=run_id)


def review(run_id: int, back: str, act: Callable[[Transaction], Sequence[Undo]], sentence: str = "") -> bool:
    """Do acts of review in one transaction and say so on the next page, with the button that takes them back.

    When something stands in the way, the next page says what, and nothing is changed. Return whether it was done.
    ``sentence`` stands for many acts; one act brings its own.
    """
    this_run(run_id)
    try:
        with writing() as tx:
            done = act(tx)
    except Conflict as error:
        flash(str(error), "warn")
        return False
    url = url_for("matching.take_back", run_id=run_id)
    flash_undo(sentence or done[0].sentence, url, acts=",".join(str(undo.act_id) for undo in done), back=back)
    return True


def go_back(run_id: int) -> Response:
    """Go where the form says that it came from."""
    return redirect(board_url(run_id))
