"""Read what happened."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.notify.deliveries import deliveries_of
from wayfellow.notify.kinds import channels
from wayfellow.notify.service import list_notices, mark_all_read, mark_read
from wayfellow.pages import SIGNED_IN, page
from wayfellow_web.redirects import safe_target
from wayfellow_web.site import reading, writing
from wayfellow_web.words import DELIVERY_STATES

blueprint = Blueprint("notices", __name__)


@blueprint.get("/")
@page(SIGNED_IN)
def index() -> str:
    """List the person's notices, unread first."""
    tx = reading()
    notices = list_notices(tx)
    ways = deliveries_of(tx, notices.items)
    return render_template(
        "wayfellow_web/notices/index.html",
        notices=notices,
        ways=ways,
        channels=channels(tx),
        DELIVERY_STATES=DELIVERY_STATES,
    )


@blueprint.post("/<int:notice_id>/read")
@page(SIGNED_IN)
def read(notice_id: int) -> Response:
    """Mark one notice as read, and go back to where it was read."""
    with writing() as tx:
        mark_read(tx, notice_id)
    back = request.form.get("next")
    return redirect(safe_target(back) if back else url_for(".index"))


@blueprint.post("/read")
@page(SIGNED_IN)
def read_all() -> Response:
    """Mark all notices as read."""
    with writing() as tx:
        mark_all_read(tx)
    return redirect(url_for(".index"))
