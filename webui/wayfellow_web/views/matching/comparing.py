"""Show how the pairs of two runs differ, and hand the differences over as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response, render_template

from wayfellow.errors import NotFound
from wayfellow.matching.diff import ChangeKind
from wayfellow.matching.models import RunState
from wayfellow.matching.runs import list_runs
from wayfellow.matching.sentences import say_moved
from wayfellow.matching.views import RunView
from wayfellow.mentorships.comparing import compare_runs
from wayfellow.mentorships.views import ChangeSort, Comparison
from wayfellow.pages import page
from wayfellow.words import gettext, later
from wayfellow_web.handing_over import hand_over
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.programme import this_programme
from wayfellow_web.site import reading
from wayfellow_web.views.matching.base import alike, blueprint, earlier_of, this_run
from wayfellow_web.views.matching.running import show_progress
from wayfellow_web.words import CHANGES, input_name, input_value

SORTS = (
    (ChangeSort.LOSS, later("Largest loss")),
    (ChangeSort.SCORE_ASCENDING, later("Weakest now")),
    (ChangeSort.MENTEE, later("Mentee")),
)
HEADINGS = ("mentee", "change", "mentor_before", "mentor_after", "score_before", "score_after")


@blueprint.get("/<int:run_id>/compare")
@page("matching.read")
def compare(run_id: int) -> str:
    """Show what changed since an earlier run; ``than`` names it, else it is the one that it came from, or before it.

    A try that is at work shows how far it is: it was started to be compared.
    """
    run = this_run(run_id)
    if run.is_try and run.state != RunState.DONE:
        return show_progress(run)
    others = _others(run)
    listing = _listing(others)
    base = _base(run, others, listing)
    found = _compare(run, base, listing, listing.page, 20) if base is not None else None
    return render_template(
        "wayfellow_web/matching/compare.html",
        run=run,
        base=base,
        others=others,
        listing=listing,
        found=found,
        tabs=_tabs(listing, found) if found is not None else (),
        sorts=SORTS,
        CHANGES=CHANGES,
        input_name=input_name,
        input_value=input_value,
        moved=say_moved(run.summary.moved, run.summary.current) if base and _came_from(run, base) else "",
    )


@blueprint.get("/<int:run_id>/changes.<suffix>")
@page("people.export", fresh=True)
def export_changes(run_id: int, suffix: str) -> Response:
    """Hand over what changed as the address narrows it."""
    run = this_run(run_id)
    others = _others(run)
    listing = _listing(others)
    base = _base(run, others, listing)
    if base is None:
        raise NotFound(
            gettext(
                "There is no other run to compare run %(number)s with. Start a second run first.", number=run.number
            )
        )
    name = f"{this_programme().slug}-run-{base.number}-to-{run.number}"
    return hand_over(name, suffix, HEADINGS, _rows(run, base, listing))


def _rows(run: RunView, base: RunView, listing: Listing) -> Iterator[tuple[object, ...]]:
    for change in _compare(run, base, listing, 1, 1_000_000).changes.items:
        yield (
            change.mentee.name,
            CHANGES[change.kind][1],
            change.before.name if change.before else None,
            change.after.name if change.after else None,
            None if change.score_before is None else round(change.score_before, 6),
            None if change.score_after is None else round(change.score_after, 6),
        )


def _others(run: RunView) -> Sequence[RunView]:
    """Return the runs that a run can be compared with, the newest first."""
    if run.state != RunState.DONE:
        raise NotFound(gettext("Run %(number)s has no pairs to compare. Go to the list of runs.", number=run.number))
    runs = list_runs(reading(), run.cycle_id)
    return [one for one in runs if one.state == RunState.DONE and one.id != run.id and alike(one, run)]


def _listing(others: Sequence[RunView]) -> Listing:
    return this_listing(
        sorts=set(ChangeSort),
        default_sort=ChangeSort.LOSS,
        kind=set(ChangeKind),
        than={str(one.id) for one in others},
    )


def _base(run: RunView, others: Sequence[RunView], listing: Listing) -> RunView | None:
    """Return the run to compare with: the one named, else the likeliest, else whichever there is."""
    if listing.than:
        return next(one for one in others if str(one.id) == listing.than)
    return earlier_of(run, others) or (others[0] if others else None)


def _came_from(run: RunView, base: RunView) -> bool:
    """Tell whether the pairs of ``base`` were together when the run started."""
    return base.id in (run.try_of, run.kept_from) and run.summary.current > 0


def _compare(run: RunView, base: RunView, listing: Listing, number: int, size: int) -> Comparison:
    return compare_runs(
        reading(),
        base.id,
        run.id,
        kind=ChangeKind(listing.kind) if listing.kind else None,
        search=listing.search,
        sort=ChangeSort(listing.sort) if listing.sort in set(ChangeSort) else ChangeSort.LOSS,
        page=number,
        size=size,
    )


def _tabs(listing: Listing, found: Comparison) -> Sequence[tuple[str, str, int | None, bool]]:
    rows = [(gettext("All"), "", found.total), *((word, str(kind), found.counts[kind]) for kind, (_, word) in _kinds())]
    return [(label, listing.url(kind=kind), number, kind == listing.kind) for label, kind, number in rows]


def _kinds() -> Sequence[tuple[ChangeKind, tuple[str, str]]]:
    return [(ChangeKind(kind), words) for kind, words in CHANGES.items()]
