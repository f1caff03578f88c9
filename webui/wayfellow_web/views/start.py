"""Send people to the page where they begin."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from wayfellow.pages import SIGNED_IN, page
from wayfellow_web.nav import is_staff
from wayfellow_web.programme import my_programmes
from wayfellow_web.site import actor

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
@page(SIGNED_IN)
def start() -> Response:
    """Go on to a programme's overview, or to a participant's home."""
    if not is_staff(actor()):
        return redirect(url_for("home.index"))
    return redirect(url_for("overview.show" if my_programmes() else "programmes.index"))
