"""Say in confidence that something is not right; read and settle what was said, for those whose duty it is."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.concerns.listing import ConcernView, export_concerns, get_concern, list_concerns
from wayfellow.concerns.models import ConcernState
from wayfellow.concerns.service import count_open, raise_concern, reopen, settle
from wayfellow.errors import InvalidInput, NotFound
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.blocking import find_other
from wayfellow.pages import SIGNED_IN, page
from wayfellow.words import gettext
from wayfellow_web.handing_over import hand_over
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.messages import flash_undo
from wayfellow_web.programme import my_programmes, this_programme
from wayfellow_web.site import reading, writing
from wayfellow_web.words import CONCERN_STATES

raising = Blueprint("concern", __name__)
blueprint = Blueprint("concerns", __name__)

SIZE = 50
SORTS = ("raised", "by", "about")
HEADINGS = ("raised", "by", "about", "state", "text", "outcome", "settled", "settled_by")


@raising.get("/")
@page(SIGNED_IN)
def new() -> str:
    """Show the form, about somebody if the address names them."""
    return _form()


@raising.post("/")
@page(SIGNED_IN)
def send() -> Response | tuple[str, int]:
    """Keep what was said, and tell those whose duty it is that there is something to read."""
    about, typed = _about(), request.form.get("programme_id", "")
    here = next((one for one in my_programmes() if str(one.id) == typed), None)
    if here is None:
        return _form({"programme_id": gettext("Choose the programme that it is about.")}), 422
    try:
        with writing() as tx:
            raise_concern(tx, here.id, request.form.get("text", ""), about.id if about else None)
    except InvalidInput as error:
        return _form({problem.column or "": problem.message for problem in error.problems}), error.status
    flash(gettext("Thank you for saying so. Those whose duty it is read it and come back to you."), "good")
    return redirect(url_for("start.start"))


@blueprint.get("/")
@page("concerns.read")
def index() -> str:
    """List the concerns of a programme."""
    listing, here = _listing(), this_programme().id
    state = ConcernState(listing.state) if listing.state else None
    return render_template(
        "wayfellow_web/concerns/index.html",
        listing=listing,
        concerns=list_concerns(
            reading(), here, search=listing.search, state=state, sort=listing.sort, page=listing.page, size=SIZE
        ),
        waiting=count_open(reading(), here),
        CONCERN_STATES=CONCERN_STATES,
    )


@blueprint.get("/export.<suffix>")
@page("concerns.read", fresh=True)
def export(suffix: str) -> Response:
    """Hand over the list as the address narrows it; that is recorded too."""
    listing = _listing()
    state = ConcernState(listing.state) if listing.state else None
    with writing() as tx:
        found = export_concerns(tx, this_programme().id, listing.search, state)
    return hand_over(f"{this_programme().slug}-concerns", suffix, HEADINGS, _rows(found))


@blueprint.get("/<int:concern_id>")
@page("concerns.read")
def show(concern_id: int) -> str:
    """Show one concern."""
    return _one(concern_id)


@blueprint.post("/<int:concern_id>/settle")
@page("concerns.read")
def settle_it(concern_id: int) -> Response | tuple[str, int]:
    """Say what came of it; it can be opened again."""
    _find(concern_id)
    try:
        with writing() as tx:
            settle(tx, concern_id, request.form.get("outcome", ""))
    except InvalidInput as error:
        return _one(concern_id, str(error)), error.status
    flash_undo(gettext("The concern is settled."), url_for(".open_again", concern_id=concern_id))
    return redirect(url_for(".index"))


@blueprint.post("/<int:concern_id>/reopen")
@page("concerns.read")
def open_again(concern_id: int) -> Response:
    """Open a settled concern again."""
    _find(concern_id)
    with writing() as tx:
        reopen(tx, concern_id)
    flash(gettext("The concern is open again."), "good")
    return redirect(url_for(".show", concern_id=concern_id))


def _form(wrong: dict[str, str] | None = None) -> str:
    return render_template(
        "wayfellow_web/concerns/new.html", about=_about(), mine=my_programmes(), typed=request.form, wrong=wrong or {}
    )


def _about() -> PersonRef | None:
    """Return whom it is about, if the address or the form names somebody whom the person knows."""
    typed = request.values.get("about", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 12):
        return None
    try:
        return find_other(reading(), int(typed))[0]
    except NotFound:
        return None


def _one(concern_id: int, wrong: str = "") -> str:
    concern = _find(concern_id)
    typed = request.form.get("outcome", concern.outcome)
    return render_template(
        "wayfellow_web/concerns/show.html", concern=concern, typed=typed, wrong=wrong, CONCERN_STATES=CONCERN_STATES
    )


def _find(concern_id: int) -> ConcernView:
    found = get_concern(reading(), this_programme().id, concern_id)
    if found is None:
        raise NotFound(gettext("There is no such concern in this programme. Go back to the list."))
    return found


def _listing() -> Listing:
    return this_listing(sorts=SORTS, default_sort="-raised", state=set(ConcernState))


def _rows(found: list[ConcernView]) -> Iterator[tuple[object, ...]]:
    for one in found:
        settled = one.settled_at.isoformat() if one.settled_at else ""
        who = one.created_at.isoformat(), one.raised_by, one.about, one.state.value
        yield *who, one.text, one.outcome, settled, one.settled_by
