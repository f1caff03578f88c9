"""Hand over the pairs of a run as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask import Response

from wayfellow.errors import NotFound
from wayfellow.pages import page
from wayfellow.tabular.writing import FORMATS
from wayfellow_web.listing import Listing
from wayfellow_web.programme import this_programme
from wayfellow_web.site import deployment
from wayfellow_web.views.matching.base import blueprint, this_run
from wayfellow_web.views.matching.board import board_listing, pairs_of
from wayfellow_web.words import PAIR_STATES

HEADINGS = (
    "mentee",
    "mentee_job_title",
    "mentor",
    "mentor_job_title",
    "score",
    "rank",
    "state",
    "locked",
    "shared",
    "look_closer",
)


@blueprint.get("/<int:run_id>/pairs.<suffix>")
@page("people.export", fresh=True)
def export(run_id: int, suffix: str) -> Response:
    """Hand over the pairs as the address narrows them, as CSV, XLSX or what a plugin writes."""
    run = this_run(run_id)
    return hand_over(f"run-{run.number}", suffix, HEADINGS, _rows(run_id, board_listing()))


def hand_over(what: str, suffix: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return a list as a file named after the programme. Raises NotFound for a format that nobody brings."""
    form = next((form for form in (*FORMATS, *deployment().host.formats) if form.suffix == suffix), None)
    if form is None:
        raise NotFound(f"Pairs can't be exported as {suffix}. Choose CSV or XLSX above the list.")
    headers = {"Content-Disposition": f'attachment; filename="{this_programme().slug}-{what}.{suffix}"'}
    return Response(form.write(headings, list(rows)), mimetype=form.media_type, headers=headers)


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
