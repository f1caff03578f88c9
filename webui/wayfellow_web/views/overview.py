"""Show a coordinator how a programme is going, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, url_for

from wayfellow.matching.runs import list_runs
from wayfellow.matching.views import RunView
from wayfellow.mentorships.counts import count_proposals
from wayfellow.pages import page
from wayfellow.programmes.members import MemberCounts, count_members
from wayfellow.types import MatchState, Role
from wayfellow.words import gettext, ngettext
from wayfellow_web.first_steps import first_steps
from wayfellow_web.programme import this_cycle, this_programme
from wayfellow_web.site import actor, deployment, reading

blueprint = Blueprint("overview", __name__)


@dataclass(frozen=True, slots=True)
class Step:
    """Be one step on a programme's way; ``ahead`` says that it is the next, ``url`` leads to where it is done."""

    title: str
    ahead: str
    note: str
    done: bool
    url: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold what the overview is made of."""

    mentors: int
    mentees: int
    places: int
    waiting: int
    runs: int
    drafted: int
    open: int
    agreed: int
    latest: RunView | None

    @property
    def published(self) -> bool:
        """Tell whether any pair was proposed to its people."""
        return self.open + self.agreed > 0


@blueprint.get("/")
@page("programme.read")
def show() -> str:
    """Show figures of the current cycle and what comes next."""
    tx, cycle = reading(), this_cycle()
    runs = list_runs(tx, cycle.id)
    standing = _standing(
        count_members(tx, cycle.id),
        next((run for run in runs if not run.is_try), None),
        len(runs),
        count_proposals(tx, cycle.id),
    )
    steps = _steps(standing)
    return render_template(
        "wayfellow_web/overview/show.html",
        greeting=_greeting(),
        standing=standing,
        steps=steps,
        first_steps=first_steps(tx),
        here=next((number for number, step in enumerate(steps) if not step.done), len(steps)),
    )


def _standing(
    members: MemberCounts, latest: RunView | None, runs: int, proposals: Mapping[MatchState, int]
) -> Standing:
    applied = sum(count for (_, state), count in members.by_state.items() if state == "applied")
    drafted = proposals.get(MatchState.DRAFTED, 0) if latest and latest.published_at is None else 0
    return Standing(
        mentors=members.of(Role.MENTOR),
        mentees=members.of(Role.MENTEE),
        places=members.places,
        waiting=applied,
        runs=runs,
        drafted=drafted,
        open=proposals.get(MatchState.PROPOSED, 0),
        agreed=proposals.get(MatchState.ACCEPTED, 0),
        latest=latest,
    )


def _steps(standing: Standing) -> list[Step]:
    """Return the way from an empty programme to pairs that agreed."""
    imports, matching = url_for("imports.index"), url_for("matching.index")
    return [
        Step(
            gettext("Bring in mentors"),
            gettext("Next: bring in mentors."),
            _so_far(standing.mentors),
            standing.mentors > 0,
            imports,
            gettext("Import mentors"),
        ),
        Step(
            gettext("Bring in mentees"),
            gettext("Next: bring in mentees."),
            _so_far(standing.mentees),
            standing.mentees > 0,
            imports,
            gettext("Import mentees"),
        ),
        Step(
            gettext("Find the best pairs"),
            gettext("Next: find the best pairs."),
            gettext("Each pair comes with its reasons, and you decide.")
            if standing.places >= standing.mentees
            else gettext("There are fewer places than mentees. Each pair comes with its reasons, and you decide."),
            bool(standing.latest and standing.latest.state == "done"),
            matching,
            gettext("Go to matching"),
        ),
        Step(
            gettext("Review and publish"),
            gettext("Next: review and publish."),
            ngettext("%(num)s pair to review", "%(num)s pairs to review", standing.drafted)
            if standing.drafted
            else gettext("Lock, exclude or replace pairs first."),
            standing.published,
            matching,
            gettext("Review the pairs"),
        ),
        Step(
            gettext("Both say yes"),
            gettext("Next: both say yes."),
            ngettext(
                "%(num)s pair agreed, %(open)s still think about it",
                "%(num)s pairs agreed, %(open)s still think about it",
                standing.agreed,
                open=f"{standing.open:,}",
            ),
            standing.agreed > 0 and standing.open == 0,
            matching,
            gettext("See the proposals"),
        ),
    ]


def _so_far(count: int) -> str:
    return ngettext("%(num)s so far", "%(num)s so far", count)


def _greeting() -> str:
    hour = deployment().clock().astimezone(ZoneInfo(this_programme().timezone)).hour
    name = actor().name.split()[0]
    if 4 <= hour < 12:
        return gettext("Good morning, %(name)s", name=name)
    if 12 <= hour < 18:
        return gettext("Good afternoon, %(name)s", name=name)
    return gettext("Good evening, %(name)s", name=name)
