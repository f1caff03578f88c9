"""Show what a run proposes: the pairs to review, or, once published, how people answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from wayfellow.matching.models import RunState
from wayfellow.matching.sentences import say_moved
from wayfellow.matching.views import RunView
from wayfellow.mentorships.answers import read_answers
from wayfellow.mentorships.chat_ratings import count_ratings
from wayfellow.mentorships.leftovers import group_unmatched, load_per_mentor, score_histogram
from wayfellow.mentorships.queries import count_answers, count_drafts, list_drafts
from wayfellow.mentorships.views import DraftCounts, DraftFilter, DraftSort, PairView
from wayfellow.mentorships.whynot import list_ways
from wayfellow.pages import page
from wayfellow.paging import Page
from wayfellow.words import gettext, later
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.pair_words import pair_words
from wayfellow_web.points import Segment, why_segments
from wayfellow_web.run_words import what_was_asked
from wayfellow_web.site import reading
from wayfellow_web.views.matching.base import blueprint, this_run
from wayfellow_web.views.matching.running import show_progress
from wayfellow_web.words import DECLINE_REASONS, PAIR_STATES, aim

SIZE = 20
SORTS = (
    (DraftSort.SCORE, later("Highest score")),
    (DraftSort.SCORE_ASCENDING, later("Lowest score")),
    (DraftSort.MENTOR, later("Mentor")),
    (DraftSort.MENTEE, later("Mentee")),
)
Tab = tuple[str, str, int | None, bool]


@dataclass(frozen=True, slots=True)
class Scorer:
    """Be one scorer in the legend: its name, its weight in points, and the number of its colour."""

    name: str
    weight: int
    colour: int


@blueprint.get("/<int:run_id>/")
@page("matching.read")
def show(run_id: int) -> str:
    """Show the board of a run, or how far the run is."""
    run = this_run(run_id)
    if run.state != RunState.DONE:
        return show_progress(run)
    tx, listing = reading(), board_listing()
    counts = count_drafts(tx, run_id)
    unmatched = group_unmatched(tx, run_id)
    pairs = pairs_of(run_id, listing, listing.page, SIZE)
    return render_template(
        "wayfellow_web/matching/board.html",
        run=run,
        open=run.published_at is None,
        listing=listing,
        counts=counts,
        pairs=pairs,
        tabs=_tabs(run, listing, counts),
        sorts=SORTS,
        why={pair.proposal_id: why_segments(pair.score, pair.parts) for pair in pairs.items},
        legend=_legend([segment for pair in pairs.items[:1] for segment in why_segments(pair.score, pair.parts)]),
        unmatched=unmatched,
        ways=list_ways(tx, run_id),
        left_over_count=sum(group.count for group in unmatched),
        asked=what_was_asked(run.settings, run.summary),
        bands=score_histogram(tx, run_id),
        loads=load_per_mentor(tx, run_id),
        answers=read_answers(tx, run_id, [pair.proposal_id for pair in pairs.items]) if run.published_at else {},
        ratings=count_ratings(tx, run_id) if pair_words(run.settings).are_chats and run.published_at else None,
        DECLINE_REASONS=DECLINE_REASONS,
        PAIR_STATES=PAIR_STATES,
        aim=aim(run.settings),
        moved=say_moved(run.summary.moved, run.summary.current) if run.summary.current else "",
    )


def board_listing() -> Listing:
    """Read the board's state from the address."""
    return this_listing(sorts=("score", "mentor", "mentee"), default_sort="score", tab=set(DraftFilter))


def pairs_of(run_id: int, listing: Listing, number: int, size: int) -> Page[PairView]:
    """Return one page of a run's pairs as the board's state narrows them."""
    return list_drafts(
        reading(),
        run_id,
        filter=DraftFilter(listing.tab or DraftFilter.ALL),
        search=listing.search,
        sort=DraftSort(listing.sort) if listing.sort in set(DraftSort) else DraftSort.SCORE,
        page=number,
        size=size,
    )


def _tabs(run: RunView, listing: Listing, drafts: DraftCounts) -> Sequence[Tab]:
    """Return the tabs: what to look at before publishing, how people answered after it."""
    counted: list[tuple[str, DraftFilter, int]] = []
    if pair_words(run.settings).are_chats and run.published_at:
        return []
    if run.published_at is None:
        counted += [(gettext("Look closer"), DraftFilter.LOOK_CLOSER, drafts.look_closer)]
        counted += [(gettext("Locked"), DraftFilter.LOCKED, drafts.locked)]
    else:
        answers = count_answers(reading(), run.id)
        counted += [(gettext("Waiting"), DraftFilter.WAITING, answers.waiting)]
        counted += [
            (gettext("Agreed"), DraftFilter.ACCEPTED, answers.accepted),
            (gettext("Ended"), DraftFilter.ENDED, answers.ended),
        ]
    here = listing.tab or DraftFilter.ALL
    rows = [(gettext("All"), DraftFilter.ALL, drafts.all), *counted]
    return [
        (label, listing.url(tab="" if tab is DraftFilter.ALL else tab), number, tab == here)
        for label, tab, number in rows
    ]


def _legend(segments: Sequence[Segment]) -> Sequence[Scorer]:
    return [Scorer(segment.name, segment.most, number % 6 + 1) for number, segment in enumerate(segments)]
