"""Show coordinators which messages of their programme arrived, and send again what did not."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wayfellow.notify.deliveries import SORTS, Shown, count_deliveries, list_deliveries, send_again
from wayfellow.notify.kinds import channels
from wayfellow.notify.models import DeliveryState
from wayfellow.pages import page
from wayfellow.paging import Page, every_item
from wayfellow.words import gettext
from wayfellow_web.handing_over import hand_over
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.programme import this_programme
from wayfellow_web.site import reading, writing
from wayfellow_web.words import DELIVERY_STATES

blueprint = Blueprint("deliveries", __name__)

HEADINGS = ("name", "subject", "channel", "state", "asked_at", "state_at", "error")


@blueprint.get("/")
@page("messages.read")
def index() -> str:
    """List messages with where they are, the newest first."""
    tx, listing = reading(), _listing()
    counts = count_deliveries(tx, this_programme().id, listing.search)
    return render_template(
        "wayfellow_web/deliveries/index.html",
        deliveries=_deliveries(listing, listing.page),
        counts=counts,
        total=sum(counts.values()),
        channels=channels(tx),
        listing=listing,
        DELIVERY_STATES=DELIVERY_STATES,
    )


@blueprint.get("/export.<suffix>")
@page("messages.read", fresh=True)
def export(suffix: str) -> Response:
    """Hand over the list as the address narrows it."""
    listing = _listing()
    rows = (
        (one.name, one.subject, one.channel, one.state, one.asked_at.isoformat(), one.at.isoformat(), one.error)
        for one in every_item(lambda number: _deliveries(listing, number, size=500))
    )
    return hand_over(f"{this_programme().slug}-messages", suffix, HEADINGS, rows)


@blueprint.post("/<int:delivery_id>/again")
@page("messages.retry")
def again(delivery_id: int) -> Response:
    """Send one message again."""
    with writing() as tx:
        send_again(tx, delivery_id)
    flash(gettext("It is sent again."), "good")
    return redirect(url_for(".index"))


def _listing() -> Listing:
    return this_listing(sorts=SORTS, default_sort="-asked", state={str(state) for state in DeliveryState})


def _deliveries(listing: Listing, number: int, size: int = 50) -> Page[Shown]:
    return list_deliveries(
        reading(),
        this_programme().id,
        search=listing.search,
        state=listing.state,
        sort=listing.sort,
        page=number,
        size=size,
    )
