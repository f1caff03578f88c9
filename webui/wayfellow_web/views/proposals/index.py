"""List all proposals of the cycle, wherever they come from; the address keeps search, filters, order and page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flask import Response, render_template

from wayfellow.mentorships.staff.deciding import Decision
from wayfellow.mentorships.staff.listing import ListedProposal, count_tabs, export_proposals, list_proposals
from wayfellow.pages import page
from wayfellow.words import Wordlist, later
from wayfellow_web.handing_over import hand_over
from wayfellow_web.programme import this_cycle, this_programme
from wayfellow_web.site import reading, writing
from wayfellow_web.views.proposals.base import blueprint, read_listing, wanted_of
from wayfellow_web.words import ORIGINS, PAIR_STATES

SIZE = 50
HEADINGS = ("mentee", "mentor", "state", "origin", "asked", "mentee_said", "mentor_said", "answer_until", "changed")
#: The tabs of the list, and what coordinators can do with what stands there.
TAB_WORDS: Mapping[str, str] = Wordlist(
    {
        "": later("All"),
        "waiting": later("Waiting"),
        "to-approve": later("To approve"),
        "accepted": later("Both said yes"),
        "expired": later("Ran out"),
        "ended": later("Ended otherwise"),
    }
)
ACTS = {
    "waiting": ((Decision.WITHDRAW, later("Take back")),),
    "to-approve": ((Decision.APPROVE, later("Approve")), (Decision.TURN_DOWN, later("Turn down"))),
}


@blueprint.get("/")
@page("matching.read")
def index() -> str:
    """Show one page of the list."""
    listing, cycle = read_listing(), this_cycle()
    tx, wanted = reading(), wanted_of(listing)
    return render_template(
        "wayfellow_web/proposals/index.html",
        listing=listing,
        proposals=list_proposals(tx, cycle.id, wanted, page=listing.page, size=SIZE),
        counts=count_tabs(tx, cycle.id, wanted),
        tabs=TAB_WORDS,
        acts=ACTS.get(listing.tab, ()) if tx.may("matching.publish", this_programme().id) else (),
        ORIGINS=ORIGINS,
        PAIR_STATES=PAIR_STATES,
    )


@blueprint.get("/export.<suffix>")
@page("people.export", fresh=True)
def export(suffix: str) -> Response:
    """Hand over the list as the address narrows it; that is recorded too."""
    with writing() as tx:
        found = export_proposals(tx, this_cycle().id, wanted_of(read_listing()))
    return hand_over(f"{this_programme().slug}-proposals", suffix, HEADINGS, _rows(found))


def _rows(found: Sequence[ListedProposal]) -> Iterator[tuple[object, ...]]:
    answers = {None: "", True: "yes", False: "no"}
    for one in found:
        said = (answers[one.said.get(person.id)] for person in (one.mentee, one.mentor))
        until = one.answer_until.isoformat() if one.answer_until else ""
        names = one.mentee.name, one.mentor.name
        yield *names, one.state.value, one.origin.value, one.asks.value, *said, until, one.changed_at.isoformat()
