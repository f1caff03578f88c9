"""Show what happens at the door, fresh every two seconds, and let its team settle conflicts."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from wayfellow.pages import SIGNED_IN, page
from wayfellow.words import Wordlist, gettext, later
from wayfellow_events.door.access import get_kept
from wayfellow_events.door.board import read_board
from wayfellow_events.door.conflicts import OUTCOMES, list_conflicts, settle_conflict
from wayfellow_events.views.frame import Rule, render, site

#: What verdicts are called in lists.
WORDS: Mapping[str, str] = Wordlist(
    {
        "ok": later("in"),
        "already_in": later("already in"),
        "unknown": later("unknown code"),
        "foreign_event": later("another event"),
        "offline_conflict": later("let in twice"),
        "rule_denied": later("not allowed"),
        "needs_answers": later("a question is open"),
        "outside_window": later("not now"),
        "not_on_point": later("another door"),
        "point_closed": later("closed"),
        "not_inside": later("was not inside"),
        "ambiguous": later("two codes"),
    }
)


@page(SIGNED_IN)
def door(event_id: int) -> str:
    """Show the board; ``names=no`` leaves names out, for a screen that everybody sees."""
    return _board("door.html", event_id)


@page(SIGNED_IN)
def door_live(event_id: int) -> str:
    """Return the part of the board that changes."""
    return _board("_board.html", event_id)


@page(SIGNED_IN)
def conflicts(event_id: int) -> str:
    """List conflicts that were settled, and those that are open."""
    tx = site().reading()
    event = get_kept(tx, event_id)
    listed = {"open": list_conflicts(tx, event.id), "settled": list_conflicts(tx, event.id, settled=True)}
    return render("conflicts.html", event=event, OUTCOMES=OUTCOMES, WORDS=WORDS, **listed)


@page(SIGNED_IN)
def settle(event_id: int, conflict_id: int) -> Response:
    """Settle a conflict."""
    with site().writing() as tx:
        settle_conflict(tx, event_id, conflict_id, request.form.get("outcome", ""))
    flash(gettext("It is settled, and stays on the list of conflicts."), "good")
    return redirect(url_for("events.door", event_id=event_id))


def _board(template: str, event_id: int) -> str:
    board = read_board(site().reading(), event_id)
    names = request.args.get("names") != "no"
    return render(template, board=board, event=board.event, names=names, WORDS=WORDS)


RULES: tuple[Rule, ...] = (
    ("GET", "/<int:event_id>/door", "door", door),
    ("GET", "/<int:event_id>/door/live", "door_live", door_live),
    ("GET", "/<int:event_id>/door/conflicts", "conflicts", conflicts),
    ("POST", "/<int:event_id>/door/conflicts/<int:conflict_id>", "settle", settle),
)
