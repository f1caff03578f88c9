"""Approve pairs, turn them down or take proposals back: the ticked ones, after a look at what it does."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.mentorships.staff.deciding import (
    MOST,
    Decision,
    StaffReason,
    approve,
    preview_letters,
    propose_again,
    turn_down,
    withdraw,
)
from wayfellow.mentorships.staff.listing import get_proposals
from wayfellow.pages import page
from wayfellow.words import Wordlist, gettext, later, ngettext
from wayfellow_web.messages import flash_undo
from wayfellow_web.programme import this_cycle
from wayfellow_web.site import reading, writing
from wayfellow_web.views.proposals.base import back_url, blueprint
from wayfellow_web.words import PAIR_STATES, STAFF_REASONS

#: What a decision is called on its page.
TITLES: Mapping[str, str] = Wordlist(
    {
        Decision.APPROVE: later("Approve"),
        Decision.TURN_DOWN: later("Turn down"),
        Decision.WITHDRAW: later("Take back"),
    }
)


@blueprint.post("/review")
@page("matching.publish")
def review() -> Response | str:
    """Show what a decision would do to the ticked proposals, and the letters that people would read."""
    ids = _ticked(request.form.getlist("proposal"))
    if not ids:
        flash(gettext("No proposal was ticked, so nothing changed. Tick some first, then choose what to do."), "warn")
        return redirect(back_url())
    return _review(ids)


@blueprint.post("/decide")
@page("matching.publish")
def decide() -> Response | str | tuple[str, int]:
    """Do it, all of it or nothing."""
    ids = _ticked(request.form.getlist("proposal"))
    try:
        _act(ids)
    except InvalidInput as error:
        return _review(ids, {problem.column or "": problem.message for problem in error.problems}), error.status
    except Conflict as error:
        flash(str(error), "warn")
    return redirect(back_url())


@blueprint.post("/again")
@page("matching.publish")
def again() -> Response:
    """Propose pairs anew that came to nothing."""
    ids = _ticked(request.form.get("proposals", "").split())
    try:
        with writing() as tx:
            for number in ids:
                propose_again(tx, number)
        flash(
            ngettext(
                "%(num)s pair is proposed again, and both sides are told.",
                "%(num)s pairs are proposed again, and both sides are told.",
                len(ids),
            ),
            "good",
        )
    except Conflict as error:
        flash(str(error), "warn")
    return redirect(back_url())


def _act(ids: list[int]) -> None:
    """Do what the form says in one transaction, and say on the next page what was done."""
    chosen, decision = request.form.get("reason", ""), _decision()
    reason = StaffReason(chosen) if chosen in set(StaffReason) else None
    note = request.form.get("note", "")
    with writing() as tx:
        if decision is Decision.APPROVE:
            begun, ended = approve(tx, ids)
        elif decision is Decision.TURN_DOWN:
            begun = turn_down(tx, ids, reason, note)
        else:
            begun = withdraw(tx, ids, reason, note)
    if decision is Decision.APPROVE:
        flash(
            ngettext(
                "%(num)s pair begins, and both sides are told.", "%(num)s pairs begin, and both sides are told.", begun
            ),
            "good",
        )
        if ended:
            flash(
                ngettext(
                    "%(num)s pair was not possible any more. Both sides are told.",
                    "%(num)s pairs were not possible any more. Both sides are told.",
                    ended,
                ),
                "warn",
            )
    elif decision is Decision.TURN_DOWN:
        flash(
            ngettext(
                "%(num)s pair is turned down, and both sides are told.",
                "%(num)s pairs are turned down, and both sides are told.",
                begun,
            ),
            "good",
        )
    else:
        sentence = ngettext(
            "%(num)s proposal is taken back. To undo it proposes it anew.",
            "%(num)s proposals are taken back. To undo it proposes them anew.",
            begun,
        )
        flash_undo(sentence, url_for(".again"), proposals=" ".join(map(str, ids)), back=back_url())


def _review(ids: list[int], wrong: Mapping[str, str] | None = None) -> str:
    decision, note = _decision(), request.form.get("note", "")
    return render_template(
        "wayfellow_web/proposals/review.html",
        decision=decision,
        title=TITLES[decision],
        proposals=get_proposals(reading(), this_cycle().id, ids),
        letters=preview_letters(reading(), ids[0], decision, note),
        reasons=STAFF_REASONS,
        chosen=request.form.get("reason", ""),
        note=note,
        wrong=wrong or {},
        back=back_url(),
        PAIR_STATES=PAIR_STATES,
    )


def _decision() -> Decision:
    wanted = request.form.get("decision", "")
    if wanted not in set(Decision):
        raise InvalidInput(gettext("Choose what to do: approve, turn down, or take back."))
    return Decision(wanted)


def _ticked(typed: list[str]) -> list[int]:
    """Return the ids in the form, unless one is not of this programme's cycle."""
    ids = sorted({int(number) for number in typed if number.isascii() and number.isdigit() and len(number) < 12})
    if len(ids) > MOST:
        raise InvalidInput(gettext("At most %(most)s proposals can be decided on at once. Tick fewer.", most=MOST))
    if len(get_proposals(reading(), this_cycle().id, ids)) != len(ids):
        raise NotFound(gettext("One of these proposals is not of this cycle any more. Load the list again."))
    return ids
