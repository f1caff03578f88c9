"""Invite everybody who was never here, and see what became of it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput
from wayfellow.pages import page
from wayfellow.words import gettext
from wayfellow_web.accounts.inviting import count_waiting, invite_all, list_waiting, preview
from wayfellow_web.accounts.mailing import can_mail
from wayfellow_web.listing import this_listing
from wayfellow_web.programme import this_cycle
from wayfellow_web.site import reading, writing
from wayfellow_web.words import DELIVERY_STATES

blueprint = Blueprint("invitations", __name__)

DAYS = 7


@blueprint.get("/")
@page("accounts.invite")
def index() -> str:
    """Show whom a list would invite, what they read, and how earlier invitations went."""
    return _page()


@blueprint.post("/")
@page("accounts.invite")
def send() -> Response:
    """Invite everybody who was never invited."""
    with writing() as tx:
        invite_all(tx, this_cycle().id)
    flash(gettext("The invitations are being written. This page shows what becomes of each."), "good")
    return redirect(url_for(".index"))


@blueprint.post("/again")
@page("accounts.invite")
def remind() -> Response | tuple[str, int]:
    """Remind those who were invited some days ago."""
    typed = request.form.get("days", "").strip()
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:4]) <= 365):
        wrong = gettext("Enter a number of days from 1 to 365, such as 7.")
        return _page(typed, wrong), InvalidInput.status
    with writing() as tx:
        invite_all(tx, this_cycle().id, again_after=int(typed))
    flash(gettext("The reminders are being written. This page shows what becomes of each."), "good")
    return redirect(url_for(".index"))


def _page(days: str = str(DAYS), wrong: str = "") -> str:
    tx, cycle, listing = reading(), this_cycle(), this_listing()
    people = list_waiting(tx, cycle.id, page=listing.page)
    return render_template(
        "wayfellow_web/invitations/index.html",
        counts=count_waiting(tx, cycle.id),
        people=people,
        listing=listing,
        letter=preview(tx, people.items[0].name if people.items else "Renske Amadi"),
        can_mail=can_mail(tx),
        days=days,
        wrong=wrong,
        DELIVERY_STATES=DELIVERY_STATES,
    )
