"""Slow down a device that sends codes which nobody issued."""

from __future__ import annotations

from datetime import timedelta

from wayfellow.deployment import Transaction
from wayfellow.errors import TooMany
from wayfellow.words import gettext
from wayfellow_events.door.models import Device

#: How many unknown codes a device may send within how long. A ticket that counts is taken all the same.
MOST, WINDOW = 30, timedelta(minutes=1)


def count_unknown(tx: Transaction, device: Device) -> None:
    """Count an unknown code. Raises TooMany."""
    now = tx.now()
    if device.unknown_since is None or now - device.unknown_since >= WINDOW:
        device.unknown_since, device.unknown_count = now, 0
    if device.unknown_count >= MOST:
        raise TooMany(
            gettext("This device sent many codes that nobody issued. Wait a minute, then scan tickets of this event.")
        )
    device.unknown_count += 1
