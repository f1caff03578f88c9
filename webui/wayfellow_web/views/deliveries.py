"""Show coordinators which messages of their programme arrived, and send again what did not."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wayfellow.notify.deliveries import count_deliveries, list_deliveries, send_again
from wayfellow.notify.kinds import channels
from wayfellow.notify.models import DeliveryState
from wayfellow.pages import page
from wayfellow.words import gettext
from wayfellow_web.listing import this_listing
from wayfellow_web.programme import this_programme
from wayfellow_web.site import reading, writing
from wayfellow_web.words import DELIVERY_STATES

blueprint = Blueprint("deliveries", __name__)


@blueprint.get("/")
@page("messages.read")
def index() -> str:
    """List messages with where they are, the newest first."""
    tx, listing = reading(), this_listing(state={str(state) for state in DeliveryState})
    programme_id = this_programme().id
    found = list_deliveries(tx, programme_id, search=listing.search, state=listing.state, page=listing.page)
    counts = count_deliveries(tx, programme_id, listing.search)
    return render_template(
        "wayfellow_web/deliveries/index.html",
        deliveries=found,
        counts=counts,
        total=sum(counts.values()),
        channels=channels(tx),
        listing=listing,
        DELIVERY_STATES=DELIVERY_STATES,
    )


@blueprint.post("/<int:delivery_id>/again")
@page("messages.retry")
def again(delivery_id: int) -> Response:
    """Send one message again."""
    with writing() as tx:
        send_again(tx, delivery_id)
    flash(gettext("It is sent again."), "good")
    return redirect(url_for(".index"))
