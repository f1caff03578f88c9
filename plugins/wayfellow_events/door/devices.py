"""Let phones and tablets stand at the door: invite, enrol, recognise and send them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotFound, Problem
from wayfellow.privacy.audit import record
from wayfellow.tabular.values import clean_line
from wayfellow.words import gettext, later
from wayfellow_events.door.access import get_kept
from wayfellow_events.door.models import Device, Point, Right
from wayfellow_events.events.access import get_hosted, get_watched
from wayfellow_events.events.facts import Reader
from wayfellow_events.events.models import Event
from wayfellow_events.tickets.codes import derive, digest, new_secret

#: What the codes of links and the tokens of devices are derived for; see :mod:`wayfellow_events.tickets.codes`.
LINK, TOKEN = "device link", "device token"
#: How long a link to enrol works.
LINK_LIFE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Listed:
    """Be a device with the point where it stands."""

    device: Device
    point: str


def invite_device(tx: Transaction, event_id: int, form: Mapping[str, str], rights: Sequence[str]) -> Device:
    """Make a device that may enrol with a link, once, within half an hour.

    Only hosts give more than the right to scan. Raises NotFound, NotAllowed, InvalidInput with a problem per field.
    """
    wanted = [right for right in Right if right in rights or right is Right.SCAN]
    event = get_kept(tx, event_id) if wanted == [Right.SCAN] else get_hosted(tx, event_id)
    reader = Reader(form)
    name = reader.read("name", lambda text: clean_line(text, later("The name"), 80), "")
    point = reader.read("point", lambda text: _point(tx, event, text), None)
    gate = reader.read("gate", lambda text: clean_line(text, later("The gate"), 80) if text else "", "")
    if point and gate and gate not in point.gates:
        reader.problems.append(Problem(gettext("%(name)s has no gate of that name.", name=point.name), column="gate"))
    reader.refuse(gettext("The device is not saved yet. Mend what is marked."))
    if point is None:
        raise AssertionError("a point that is missing was noted above")
    device = Device(event_id=event.id, point_id=point.id, name=name, gate=gate, rights=[str(one) for one in wanted])
    _give_link(tx, device)
    tx.session.add(device)
    tx.session.flush()
    record(tx, "device.invited", "device", device.id, event.programme_id, event=event.id)
    return device


def renew_link(tx: Transaction, event_id: int, device_id: int) -> Device:
    """Give a device that has not enrolled a new link. Raises NotFound, NotAllowed, Conflict."""
    get_kept(tx, event_id)
    device = _get(tx, event_id, device_id)
    if device.enrolled_at or device.revoked_at:
        raise Conflict(gettext("This device enrolled already. Send it away, and add it anew."))
    _give_link(tx, device)
    tx.session.flush()
    return device


def code_of(tx: Transaction, event_id: int, device_id: int) -> tuple[Device, str]:
    """Return a device and the code of its link, "" once it was used. Raises NotFound, NotAllowed."""
    get_kept(tx, event_id)
    device = _get(tx, event_id, device_id)
    usable = device.enrolled_at is None and device.revoked_at is None and device.enrol_until > tx.now()
    code = derive(tx.config, LINK, device.seed) if usable else ""
    return device, code if digest(code) == device.enrol_hash else ""


def enrol(tx: Transaction, code: str, idempotency_key: str = "") -> tuple[Device, str]:
    """Take a device's code and return the device with its token; the code works once.

    Asked again with the same Idempotency-Key the answer is the same, as the first may have been lost on its way.
    Raises NotFound for a code that is wrong, late or used, in the same words.
    """
    key, now = digest(idempotency_key) if idempotency_key else "", tx.now()
    mine = Device.enrol_hash == digest(code)
    free = update(Device).where(mine, Device.enrolled_at.is_(None), Device.revoked_at.is_(None))
    free = free.where(Device.enrol_until > now).values(enrolled_at=now, last_seen=now, enrol_key=key)
    taken = tx.session.execute(free.returning(Device.id)).one_or_none()
    device = tx.session.scalar(select(Device).where(mine, Device.revoked_at.is_(None)))
    again = device is not None and key and device.enrol_key == key and device.enrol_until > now
    if device is None or (taken is None and not again):
        raise NotFound(
            gettext("This link to add a device is wrong, late or used. Ask the hosts of the event for a new one.")
        )
    if taken:
        record(tx, "device.enrolled", "device", device.id, None, event=device.event_id)
    return device, derive(tx.config, TOKEN, device.seed)


def revoke_device(tx: Transaction, event_id: int, device_id: int) -> Device:
    """Send a device away: its token counts no more, and what it holds is wiped as soon as it asks for anything.

    Raises NotFound, NotAllowed.
    """
    event = get_kept(tx, event_id)
    device = _get(tx, event_id, device_id)
    if device.revoked_at is None:
        device.revoked_at = tx.now()
        tx.session.flush()
        record(tx, "device.revoked", "device", device.id, event.programme_id, event=event.id)
    return device


def list_devices(tx: Transaction, event_id: int) -> list[Listed]:
    """Return an event's devices by name, those that were sent away last. Raises NotFound."""
    event = get_watched(tx, event_id)
    query = select(Device, Point.name).join(Point, Point.id == Device.point_id).where(Device.event_id == event.id)
    rows = tx.session.execute(query.order_by(Device.revoked_at.is_not(None), Device.name, Device.id))
    return [Listed(*row) for row in rows]


def note_seen(tx: Transaction, device_id: int, *, sent_at: datetime | None, unsent: int) -> None:
    """Note that a device asked for news, by how much its clock is behind, and how many scans it has yet to send."""
    offset = 0 if sent_at is None else round((tx.now() - sent_at).total_seconds() * 1000)
    bounded = max(-(2**31), min(offset, 2**31 - 1))
    seen = update(Device).where(Device.id == device_id)
    tx.session.execute(seen.values(last_seen=tx.now(), offset_ms=bounded, unsent=unsent))


def _give_link(tx: Transaction, device: Device) -> None:
    secret = new_secret(tx.config, LINK)
    device.seed, device.enrol_hash = secret.seed, secret.hash
    device.token_hash = digest(derive(tx.config, TOKEN, secret.seed))
    device.enrol_until = tx.now() + LINK_LIFE


def _get(tx: Transaction, event_id: int, device_id: int) -> Device:
    device = tx.session.get(Device, device_id)
    if device is None or device.event_id != event_id:
        raise NotFound(gettext("This device is not on the list any more. Reload the page."))
    return device


def _point(tx: Transaction, event: Event, text: str) -> Point:
    known = tx.session.scalar(select(Point).where(Point.event_id == event.id, Point.id == (_number(text))))
    if known is None:
        raise ValueError(gettext("Choose the check-in point where it stands."))
    return known


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
