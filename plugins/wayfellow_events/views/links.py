"""Let people without an account manage their registration with the link in their mail.

Opening the link changes nothing, since mail programs open links by themselves; the buttons on its page do. What is done
there is done as the person whom the link was sent to, for this registration alone.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, url_for

from wayfellow.deployment import Transaction
from wayfellow.pages import PUBLIC, page
from wayfellow.types import Actor
from wayfellow.words import gettext
from wayfellow_events.events.models import Event
from wayfellow_events.registration.answering import accept_offer, cancel, find_by_link, get_own
from wayfellow_events.registration.guests import confirm_guest
from wayfellow_events.registration.listing import get_own_view
from wayfellow_events.registration.models import Registration
from wayfellow_events.views.frame import Rule, render, site
from wayfellow_events.views.mine import picture_of

Act = Callable[[Transaction, Registration, Event], None]


@page(PUBLIC)
def link(link: str) -> Response:
    """Show where the registration stands, with its ticket."""
    holder, registration_id = _holder(link)
    with site().deployment.reading(holder) as tx:
        own = get_own_view(tx, registration_id)
        shown = render("link.html", own=own, code=picture_of(tx, own), link=link, over=own.event.ends_at <= tx.now())
    return _private(make_response(shown))


@page(PUBLIC)
def link_confirm(link: str) -> Response:
    """Confirm a guest's registration."""
    return _do(link, confirm_guest, gettext("Thank you, you are registered."))


@page(PUBLIC)
def link_accept(link: str) -> Response:
    """Take the place that was kept."""
    return _do(link, accept_offer, gettext("You are in. The ticket is also on its way to your mail."))


@page(PUBLIC)
def link_cancel(link: str) -> Response:
    """Give the registration up."""
    return _do(link, cancel, gettext("You are not registered any more. Thank you for saying so."))


def _do(link: str, act: Act, said: str) -> Response:
    holder, registration_id = _holder(link)
    with site().deployment.transaction(holder) as tx:
        act(tx, *get_own(tx, registration_id))
    flash(said, "good")
    return _private(make_response(redirect(url_for("events.link", link=link))))


def _holder(link: str) -> tuple[Actor, int]:
    registration, _ = find_by_link(site().reading(), link)
    return Actor(person_id=registration.person_id), registration.id


def _private(answer: Response) -> Response:
    """Keep the address of the page, which is a secret itself, from the pages that it leads to."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


RULES: tuple[Rule, ...] = (
    ("GET", "/r/<link>", "link", link),
    ("POST", "/r/<link>/confirm", "link_confirm", link_confirm),
    ("POST", "/r/<link>/accept", "link_accept", link_accept),
    ("POST", "/r/<link>/cancel", "link_cancel", link_cancel),
)
