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
from wayfellow.wording import plural
from wayfellow_web.views.matching.base import blueprint, board_url, go_back, review
from wayfellow_web.views.matching.board import SIZE

SENTENCES = {"lock": "locked", "unlock": "not locked any more", "exclude": "excluded in this programme"}


@blueprint.post("/<int:run_id>/pairs")
@page("matching.review")
def change_ticked(run_id: int) -> Response:
    """Do one act to all ticked pairs."""
    what, ticked = request.form.get("act", ""), [int(n) for n in request.form.getlist("pair") if n.isdecimal()]
    if what not in SENTENCES:
        raise InvalidInput("Choose what to do with the pairs: lock or exclude them.")
    if not ticked:
        flash("No pair was ticked, so nothing changed. Tick the pairs first, then choose what to do.", "warn")
    elif len(ticked) > SIZE:
        raise InvalidInput(f"At most {SIZE} pairs can be changed at once. Tick fewer.")
    else:
        sentence = f"{plural(len(ticked), 'pair is', 'pairs are')} {SENTENCES[what]}."
        review(run_id, board_url(run_id), lambda tx: _change(tx, what, ticked), sentence)
    return go_back(run_id)


def _change(tx: Transaction, what: str, ticked: Sequence[int]) -> list[Undo]:
    if what == "exclude":
        return [exclude(tx, proposal_id) for proposal_id in ticked]
    return [lock(tx, proposal_id, what == "lock") for proposal_id in ticked]
