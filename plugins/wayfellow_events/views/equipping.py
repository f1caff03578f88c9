"""Let the team bring phones and tablets to the door, and send them away."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from markupsafe import Markup

from wayfellow.errors import InvalidInput
from wayfellow.pages import SIGNED_IN, page
from wayfellow.words import Wordlist, gettext, later
from wayfellow_events.door.access import get_kept
from wayfellow_events.door.devices import code_of, invite_device, list_devices, renew_link, revoke_device
from wayfellow_events.door.models import Right
from wayfellow_events.door.points import list_points
from wayfellow_events.events.access import is_host
from wayfellow_events.tickets.pictures import svg_of
from wayfellow_events.views.frame import Answer, Rule, render, site, wrong_with

RIGHTS: Mapping[str, str] = Wordlist(
    {
        Right.SEARCH: later("Find people by name, and add those without a ticket"),
        Right.OVERRIDE: later("Let people in against a verdict, with a reason"),
        Right.UNDO: later("Take scans back, also old ones and those of others"),
        Right.KIOSK: later("Stand alone: names are shortened, as everybody sees the screen"),
    }
)


@page(SIGNED_IN)
def devices(event_id: int) -> str:
    """List the devices."""
    return _page(event_id)


@page(SIGNED_IN)
def add_device(event_id: int) -> Answer:
    """Make a link for a device, and show it."""
    try:
        with site().writing() as tx:
            device = invite_device(tx, event_id, request.form, request.form.getlist("rights"))
    except InvalidInput as error:
        typed = request.form.to_dict() | {"rights": request.form.getlist("rights")}
        return _page(event_id, typed, wrong_with(error)), error.status
    return redirect(url_for("events.device", event_id=event_id, device_id=device.id))


@page(SIGNED_IN)
def device(event_id: int, device_id: int) -> str:
    """Show the link of a device as a picture to scan, until it was used."""
    tx = site().reading()
    event = get_kept(tx, event_id)
    found, code = code_of(tx, event_id, device_id)
    # The code stands behind the # so that it comes to no server's log.
    link = f"{url_for('events.scanner', _external=True)}#{code}" if code else ""
    picture = Markup(svg_of(link)) if link else None  # noqa: S704 - made by us, of an address of our own
    return render("device.html", event=event, device=found, link=link, picture=picture)


@page(SIGNED_IN)
def new_link(event_id: int, device_id: int) -> Answer:
    """Give a device that did not enrol in time a new link."""
    with site().writing() as tx:
        renew_link(tx, event_id, device_id)
    return redirect(url_for("events.device", event_id=event_id, device_id=device_id))


@page(SIGNED_IN)
def send_away(event_id: int, device_id: int) -> Answer:
    """Send a device away."""
    with site().writing() as tx:
        gone = revoke_device(tx, event_id, device_id)
    flash(
        gettext("%(name)s is sent away. What it holds is wiped as soon as it asks for anything.", name=gone.name),
        "good",
    )
    return redirect(url_for("events.devices", event_id=event_id))


def _page(event_id: int, typed: Mapping[str, object] = {}, wrong: Mapping[str, str] = {}) -> str:
    tx = site().reading()
    event = get_kept(tx, event_id)
    shown = {"listed": list_devices(tx, event.id), "placed": list_points(tx, event.id), "may_edit": is_host(tx, event)}
    return render("devices.html", event=event, now=tx.now(), typed=typed, wrong=wrong, RIGHTS=RIGHTS, **shown)


RULES: tuple[Rule, ...] = (
    ("GET", "/<int:event_id>/devices", "devices", devices),
    ("POST", "/<int:event_id>/devices", "add_device", add_device),
    ("GET", "/<int:event_id>/devices/<int:device_id>", "device", device),
    ("POST", "/<int:event_id>/devices/<int:device_id>/link", "new_link", new_link),
    ("POST", "/<int:event_id>/devices/<int:device_id>/away", "send_away", send_away),
)
