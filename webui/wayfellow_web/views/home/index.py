"""Show what waits for an answer, then the pairs one is in, then the goals."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template

from wayfellow.goals.service import list_goals
from wayfellow.mentorships.chats import list_my_chats
from wayfellow.mentorships.home import list_my_mentorships, list_my_proposals
from wayfellow.mentorships.introductions import introduce
from wayfellow.mentorships.models import TieKind
from wayfellow.mentorships.parts import list_my_parts
from wayfellow.mentorships.requests.mine import RequestView, list_my_requests
from wayfellow.mentorships.requests.parts import list_parts as list_finding
from wayfellow.mentorships.views import ProposalView
from wayfellow.notify.service import list_notices
from wayfellow.pages import SIGNED_IN, page
from wayfellow.types import MatchState
from wayfellow_web.highlight import Highlighter
from wayfellow_web.site import my_id, reading
from wayfellow_web.views.home.base import blueprint
from wayfellow_web.words import CHAT_RATINGS, GOAL_STATES, MENTORS_CHAT_RATINGS, MENTORSHIP_STATES, PAIR_STATES

#: How many unread notices stand here; the others are on their own page.
NOTICES = 4
#: What stands on top: it waits for an answer, or for a coordinator's.
WAITING = (MatchState.PROPOSED, MatchState.AWAITING_ADMIN)
#: How many proposals and requests that came to nothing are shown.
ENDED = 5


@blueprint.get("/")
@page(SIGNED_IN)
def index() -> str:
    """Show the person's own side of everything."""
    tx = reading()
    proposals, ships, requests = list_my_proposals(tx), list_my_mentorships(tx), list_my_requests(tx)
    asked = [one for one in requests if one.is_live and not one.may_answer]
    line = [one.id for one in asked if one.state is MatchState.QUEUED]
    waiting = [one for one in proposals if one.state in WAITING]
    return render_template(
        "wayfellow_web/home/index.html",
        waiting=waiting,
        introductions=introduce(tx, waiting),
        highlights={one.id: Highlighter(one.terms) for one in waiting},
        incoming=[one for one in requests if one.may_answer],
        asked=asked,
        first_in_line=line[0] if line else None,
        finding=list_finding(tx),
        ended=_ended(proposals, requests),
        mentorships=[one for one in ships if one.kind is not TieKind.CONVERSATION],
        conversations=[one for one in ships if one.kind is TieKind.CONVERSATION and one.state is MatchState.ACTIVE],
        chats=list_my_chats(tx),
        CHAT_RATINGS=CHAT_RATINGS,
        MENTORS_CHAT_RATINGS=MENTORS_CHAT_RATINGS,
        parts=list_my_parts(tx),
        goals=list_goals(tx, my_id()),
        notices=list_notices(tx, unread_only=True, size=NOTICES).items,
        GOAL_STATES=GOAL_STATES,
        MENTORSHIP_STATES=MENTORSHIP_STATES,
        PAIR_STATES=PAIR_STATES,
    )


def _ended(proposals: Iterable[ProposalView], requests: Iterable[RequestView]) -> list[ProposalView | RequestView]:
    """Return the last few that came to nothing, the newest first."""
    over: list[ProposalView | RequestView] = [
        one for one in proposals if one.state not in (*WAITING, MatchState.ACCEPTED)
    ]
    over += [one for one in requests if not one.is_live]
    return sorted(over, key=lambda one: one.changed_at, reverse=True)[:ENDED]
