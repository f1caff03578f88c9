"""Show what waits for an answer, then the pairs one is in, then the goals."""

from __future__ import annotations

from flask import render_template

from wayfellow.goals.service import list_goals
from wayfellow.mentorships.chats import list_my_chats
from wayfellow.mentorships.home import list_my_mentorships, list_my_proposals
from wayfellow.mentorships.introductions import introduce
from wayfellow.mentorships.parts import list_my_parts
from wayfellow.notify.service import list_notices
from wayfellow.pages import SIGNED_IN, page
from wayfellow.types import MatchState
from wayfellow_web.highlight import Highlighter
from wayfellow_web.site import my_id, reading
from wayfellow_web.views.home.base import blueprint
from wayfellow_web.words import CHAT_RATINGS, GOAL_STATES, MENTORS_CHAT_RATINGS, MENTORSHIP_STATES, PAIR_STATES

#: How many unread notices stand here; the others are on their own page.
NOTICES = 4


@blueprint.get("/")
@page(SIGNED_IN)
def index() -> str:
    """Show the person's own side of everything."""
    tx = reading()
    proposals = list_my_proposals(tx)
    waiting = [one for one in proposals if one.state is MatchState.PROPOSED]
    return render_template(
        "wayfellow_web/home/index.html",
        waiting=waiting,
        introductions=introduce(tx, waiting),
        highlights={one.id: Highlighter(one.terms) for one in waiting},
        ended=[one for one in proposals if one.state not in (MatchState.PROPOSED, MatchState.ACCEPTED)][:5],
        mentorships=list_my_mentorships(tx),
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
