"""Lock or exclude the pairs that are ticked, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, request
from werkzeug.wrappers import Response

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput
from wayfellow.mentorships.drafts import exclude, lock
from wayfellow.mentorships.views import Undo
from wayfellow.pages import page
from wayfellow.words import gettext, ngettext
from wayfellow_web.views.matching.base import blueprint, board_url, go_back, review
from wayfellow_web.views.matching.board import SIZE

ACTS = ("lock", "unlock", "exclude")


@blueprint.post("/<int:run_id>/pairs")
@page("matching.review")
def change_ticked(run_id: int) -> Response:
    """Do one act to all ticked pairs."""
    what, ticked = request.form.get("act", ""), [int(n) for n in request.form.getlist("pair") if n.isdecimal()]
    if what not in ACTS:
        raise InvalidInput(gettext("Choose what to do with the pairs: lock or exclude them."))
    if not ticked:
        flash(gettext("No pair was ticked, so nothing changed. Tick the pairs first, then choose what to do."), "warn")
    elif len(ticked) > SIZE:
        raise InvalidInput(
            ngettext(
                "At most %(num)s pair can be changed at once. Tick fewer.",
                "At most %(num)s pairs can be changed at once. Tick fewer.",
                SIZE,
            )
        )
    else:
        review(run_id, board_url(run_id), lambda tx: _change(tx, what, ticked), _changed(what, len(ticked)))
    return go_back(run_id)


def _changed(what: str, count: int) -> str:
    if what == "lock":
        return ngettext("%(num)s pair is locked.", "%(num)s pairs are locked.", count)
    if what == "unlock":
        return ngettext("%(num)s pair is not locked any more.", "%(num)s pairs are not locked any more.", count)
    return ngettext(
        "%(num)s pair is excluded in this programme.", "%(num)s pairs are excluded in this programme.", count
    )


def _change(tx: Transaction, what: str, ticked: Sequence[int]) -> list[Undo]:
    if what == "exclude":
        return [exclude(tx, proposal_id) for proposal_id in ticked]
    return [lock(tx, proposal_id, what == "lock") for proposal_id in ticked]
