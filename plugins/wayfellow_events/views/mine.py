"""Show people their tickets, large enough for the door, and let them take, leave and give back places."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput
from wayfellow.pages import SIGNED_IN, page
from wayfellow.words import gettext
from wayfellow_events.registration.answering import accept_offer, cancel, get_own
from wayfellow_events.registration.answers import answers_of
from wayfellow_events.registration.listing import Own, get_own_view, list_own
from wayfellow_events.registration.models import RegistrationState as State
from wayfellow_events.registration.others import transfer
from wayfellow_events.registration.registering import register
from wayfellow_events.registration.states import ACTIVE
from wayfellow_events.tickets.issuing import code_of, replace_code
from wayfellow_events.tickets.models import TicketState
from wayfellow_events.tickets.pictures import svg_of
from wayfellow_events.views.frame import Answer, Rule, render, site, wrong_with


@page(SIGNED_IN)
def tickets() -> str:
    """List a person's registrations, the next event first."""
    tx = site().reading()
    return render("tickets.html", mine=list_own(tx), now=tx.now(), ACTIVE=ACTIVE)


@page(SIGNED_IN)
def ticket(registration_id: int) -> str:
    """Show one ticket, or where its registration stands."""
    return _ticket(registration_id)


@page(SIGNED_IN)
def accept(registration_id: int) -> Response:
    """Take the place that was kept."""
    with site().writing() as tx:
        accept_offer(tx, *get_own(tx, registration_id))
    flash(gettext("You are in. The ticket is also on its way to your mail."), "good")
    return redirect(url_for("events.ticket", registration_id=registration_id))


@page(SIGNED_IN)
def give_back(registration_id: int) -> Response:
    """Give a registration up; it can be asked for again."""
    with site().writing() as tx:
        registration, event = get_own(tx, registration_id)
        cancel(tx, registration, event)
    sentence = gettext("You are not registered for %(title)s any more.", title=event.title)
    site().offer_undo(sentence, url_for("events.come_again", registration_id=registration_id))
    return redirect(url_for("events.tickets"))


@page(SIGNED_IN)
def come_again(registration_id: int) -> Response:
    """Register again after giving up; somebody else may have the place by now."""
    with site().writing() as tx:
        registration, event = get_own(tx, registration_id)
        said = answers_of(tx, [registration_id])[registration_id]
        answers = {f"question-{number}": text for number, text in said.items()}
        again = register(tx, event.id, registration.type_id, answers, badge_name=registration.badge_name)
    placed = again.state == State.CONFIRMED
    flash(gettext("You have your place again.") if placed else gettext("You are registered again, and wait."), "good")
    return redirect(url_for("events.ticket", registration_id=registration_id))


@page(SIGNED_IN)
def new_code(registration_id: int) -> Response:
    """Give a ticket a new code; the old one opens nothing any more."""
    with site().writing() as tx:
        own = get_own_view(tx, registration_id)
        if own.ticket is None:
            raise Conflict(gettext("You have no ticket for this event yet, so there is no code to replace."))
        replace_code(tx, own.ticket.id)
    flash(gettext("Your ticket has a new code. The old one does not open the door any more."), "good")
    return redirect(url_for("events.ticket", registration_id=registration_id))


@page(SIGNED_IN)
def pass_on(registration_id: int) -> Answer:
    """Give the place to somebody else."""
    form = request.form
    try:
        with site().writing() as tx:
            transfer(tx, registration_id, form.get("name", ""), form.get("email", ""))
    except (Conflict, InvalidInput) as error:
        wrong = wrong_with(error) if isinstance(error, InvalidInput) else {"": str(error)}
        return _ticket(registration_id, form, wrong), error.status
    flash(gettext("Your place is theirs now, and they get a ticket of their own by mail."), "good")
    return redirect(url_for("events.ticket", registration_id=registration_id))


def picture_of(tx: Transaction, own: Own) -> Markup | None:
    """Return the QR picture of a ticket that opens the door, else None."""
    if own.ticket is None or own.ticket.state != TicketState.VALID:
        return None
    code = code_of(tx, own.ticket)
    # The picture is made of numbers and our own class names; nothing in it comes from anybody.
    return Markup(svg_of(code)) if code else None  # noqa: S704


def _ticket(registration_id: int, typed: Mapping[str, str] = {}, wrong: Mapping[str, str] = {}) -> str:
    tx = site().reading()
    own = get_own_view(tx, registration_id)
    over = own.event.ends_at <= tx.now()
    return render("ticket.html", own=own, code=picture_of(tx, own), over=over, typed=typed, wrong=wrong)


RULES: tuple[Rule, ...] = (
    ("GET", "/tickets/", "tickets", tickets),
    ("GET", "/tickets/<int:registration_id>", "ticket", ticket),
    ("POST", "/tickets/<int:registration_id>/accept", "accept", accept),
    ("POST", "/tickets/<int:registration_id>/give-back", "give_back", give_back),
    ("POST", "/tickets/<int:registration_id>/again", "come_again", come_again),
    ("POST", "/tickets/<int:registration_id>/code", "new_code", new_code),
    ("POST", "/tickets/<int:registration_id>/transfer", "pass_on", pass_on),
)
