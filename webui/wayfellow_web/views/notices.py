"""Read what happened."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.notify.service import list_notices, mark_all_read, mark_read
from wayfellow.pages import SIGNED_IN, page
from wayfellow_web.redirects import safe_target
from wayfellow_web.site import reading, writing

blueprint = Blueprint("notices", __name__)


@blueprint.get("/")
@page(SIGNED_IN)
def index() -> str:
    """List the person's notices, unread first."""
    return render_template("wayfellow_web/notices/index.html", notices=list_notices(reading()))


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
