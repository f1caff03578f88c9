"""Explain one pair: the two side by side, what the score is made of, and who else there was."""

from __future__ import annotations

from flask import render_template

from wayfellow.errors import NotFound
from wayfellow.matching.explanations import top_terms
from wayfellow.mentorships.letters import proposed, write
from wayfellow.mentorships.pairs import get_pair
from wayfellow.mentorships.views import PairDetail
from wayfellow.pages import page
from wayfellow.words import gettext
from wayfellow_web.highlight import Highlighter
from wayfellow_web.points import why_segments
from wayfellow_web.site import reading
from wayfellow_web.views.matching.base import blueprint, this_run
from wayfellow_web.words import PAIR_STATES

#: How many shared terms are marked in the two profiles.
MARKED = 40


@blueprint.get("/<int:run_id>/pairs/<int:proposal_id>")
@page("matching.read")
def show_pair(run_id: int, proposal_id: int) -> str:
    """Show why the two were put together."""
    run, detail = this_run(run_id), this_pair(run_id, proposal_id)
    pair = detail.pair
    return render_template(
        "wayfellow_web/matching/pair.html",
        run=run,
        detail=detail,
        pair=pair,
        segments=why_segments(pair.score, pair.parts),
        highlight=Highlighter(top_terms(pair.parts, MARKED)),
        highlight_letter=Highlighter(pair.terms),
        letter=write(proposed(pair.mentee, pair.mentor, pair.terms, to_mentee=True, kind=detail.kind)),
        PAIR_STATES=PAIR_STATES,
    )


def this_pair(run_id: int, proposal_id: int) -> PairDetail:
    """Return the pair that the address names. Raises NotFound when it belongs to another run."""
    detail = get_pair(reading(), proposal_id)
    if detail.pair.run_id != run_id:
        raise NotFound(gettext("There is no such pair in this run. Go back to the list of pairs."))
    return detail
