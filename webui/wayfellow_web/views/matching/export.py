"""Hand over the pairs of a run as a file."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from wayfellow.pages import page
from wayfellow_web.handing_over import hand_over
from wayfellow_web.listing import Listing
from wayfellow_web.pair_words import pair_words
from wayfellow_web.programme import this_programme
from wayfellow_web.views.matching.base import blueprint, this_run
from wayfellow_web.views.matching.board import board_listing, pairs_of
from wayfellow_web.words import PAIR_STATES

#: What stands behind the names and job titles of the two.
FACTS = ("score", "rank", "state", "locked", "shared", "look_closer")


@blueprint.get("/<int:run_id>/pairs.<suffix>")
@page("people.export", fresh=True)
def export(run_id: int, suffix: str) -> Response:
    """Hand over the pairs as the address narrows them, as CSV, XLSX or what a plugin writes."""
    run = this_run(run_id)
    name = f"{this_programme().slug}-run-{run.number}"
    w = pair_words(run.settings)
    people = (w.asking, f"{w.asking}_job_title", w.offering, f"{w.offering}_job_title")
    return hand_over(name, suffix, (*people, *FACTS), _rows(run_id, board_listing()))


def _rows(run_id: int, listing: Listing) -> Iterator[tuple[object, ...]]:
    number = pages = 1
    while number <= pages:
        found = pairs_of(run_id, listing, number, 500)
        pages, number = found.pages, number + 1
        for pair in found.items:
            yield (
                pair.mentee.name,
                pair.mentee.job_title,
                pair.mentor.name,
                pair.mentor.job_title,
                round(pair.score, 6),
                pair.rank,
                PAIR_STATES[pair.state][1],
                "yes" if pair.locked else "no",
                "; ".join(pair.terms),
                " ".join(pair.look_closer),
            )
