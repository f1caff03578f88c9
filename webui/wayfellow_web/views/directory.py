"""Look for somebody: the directory of mentors for mentees, of mentees for mentors; each may hide people from it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import NotFound
from wayfellow.mentorships.requests.asking import count_requests
from wayfellow.mentorships.requests.cards import Card
from wayfellow.mentorships.requests.directory import SORTS, Query, get_card, list_directory
from wayfellow.mentorships.requests.facets import facet_keys
from wayfellow.mentorships.requests.fits import Fits, FitState, read_fits, work_out_fits
from wayfellow.mentorships.requests.hiding import hide as hide_person
from wayfellow.mentorships.requests.hiding import list_hidden, show_again
from wayfellow.mentorships.requests.parts import Part, list_parts
from wayfellow.pages import page
from wayfellow.people.service import get_profile
from wayfellow.words import gettext
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.messages import flash_undo
from wayfellow_web.redirects import safe_target
from wayfellow_web.site import deployment, reading, writing
from wayfellow_web.words import FIND_SORTS, PAIR_STATES, activity_word, answer_word, standing_word

blueprint = Blueprint("directory", __name__)

#: Facets stand in the address behind this, so that no field of a profile takes the name of anything else.
_FACET = "f_"


@blueprint.get("/")
@page("proposals.ask")
def index() -> str:
    """Show one page of those whom the person may ask."""
    parts = list_parts(reading())
    if not parts:
        return render_template("wayfellow_web/directory/closed.html")
    part = this_part(parts)
    fits, listing = _fits(part), _listing(part)
    query = Query(listing.search, bool(listing.room), _chosen(listing), listing.sort)
    found = list_directory(reading(), part, fits, query, page=listing.page)
    return render_template(
        "wayfellow_web/directory/index.html",
        parts=parts,
        listing=listing,
        found=found,
        chosen=_chosen(listing),
        FACET=_FACET,
        FIND_SORTS=FIND_SORTS,
        **_shown(part, fits),
    )


@blueprint.get("/<int:person_id>")
@page("proposals.ask")
def show(person_id: int) -> str:
    """Show what one person says to the whole programme."""
    part = this_part(list_parts(reading()))
    fits = _fits(part)
    card = this_card(part, fits, person_id)
    return render_template(
        "wayfellow_web/directory/show.html",
        card=card,
        profile=get_profile(reading(), person_id),
        hidden=any(one.id == person_id for one in list_hidden(reading())),
        **_shown(part, fits),
    )


@blueprint.get("/hidden")
@page("proposals.ask")
def hidden() -> str:
    """List whom the person hid."""
    return render_template("wayfellow_web/directory/hidden.html", people=list_hidden(reading()))


@blueprint.post("/<int:person_id>/hide")
@page("proposals.ask")
def hide(person_id: int) -> Response:
    """Hide somebody; nobody is told, and it can be taken back."""
    name = get_profile(reading(), person_id).person.name
    with writing() as tx:
        hide_person(tx, person_id)
    undo = url_for(".unhide", person_id=person_id)
    sentence = gettext("%(name)s no longer stands in your directory. Nobody is told.", name=name)
    flash_undo(sentence, undo, next=url_for(".index"))
    return redirect(url_for(".index"))


@blueprint.post("/<int:person_id>/unhide")
@page("proposals.ask")
def unhide(person_id: int) -> Response:
    """Let somebody stand in the directory again."""
    with writing() as tx:
        show_again(tx, person_id)
    flash(gettext("They stand in your directory again."), "good")
    return redirect(safe_target(request.form.get("next", url_for(".hidden"))))


def this_part(parts: Sequence[Part]) -> Part:
    """Return the part that the address names, the newest when it names none. Raises NotFound."""
    named = request.values.get("part", "")
    for part in parts:
        if named in ("", str(part.membership_id)):
            return part
    raise NotFound(gettext("You can't look for anybody here at the moment. Your home page shows how you take part."))


def this_card(part: Part, fits: Fits, person_id: int) -> Card:
    """Return somebody as the directory shows them. Raises NotFound."""
    card = get_card(reading(), part, fits, person_id)
    if card is None:
        raise NotFound(gettext("This person is not in your directory. Go back to it and look for somebody else."))
    return card


def _fits(part: Part) -> Fits:
    """Return what is known of who fits, and have it worked out where nobody has asked yet."""
    fits = read_fits(reading(), part)
    if fits.state is not FitState.MISSING:
        return fits
    with writing() as tx:
        work_out_fits(tx, part)
    return Fits(FitState.WORKING, fits.found)


def _listing(part: Part) -> Listing:
    facets = dict.fromkeys(_FACET + key for key in facet_keys(reading(), part.other_role))
    return this_listing(sorts=SORTS, default_sort=SORTS[0], part=None, room={"yes"}, **facets)


def _chosen(listing: Listing) -> dict[str, str]:
    named = {name.removeprefix(_FACET): value for name, value in listing.choices.items() if name.startswith(_FACET)}
    return {key: value for key, value in named.items() if value}


def _shown(part: Part, fits: Fits) -> dict[str, object]:
    open_now, in_line = count_requests(reading(), part)
    return {
        "part": part,
        "fits": fits,
        "open_now": open_now,
        "in_line": in_line,
        "now": deployment().clock(),
        "standing_word": standing_word,
        "activity_word": activity_word,
        "answer_word": answer_word,
        "PAIR_STATES": PAIR_STATES,
    }
