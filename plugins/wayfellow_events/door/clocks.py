"""Say when a scan was, as far as the device can be believed."""

from __future__ import annotations

from datetime import datetime

from wayfellow_events.door.models import Device


def believed(device: Device, scanned_at: datetime | None, sent_at: datetime | None, now: datetime) -> datetime:
    """Return the moment of a scan: by the server's clock, not before the device enrolled, and never in the future.

    ``sent_at`` is what the device's clock showed as it sent the scan, so a clock that is a day off does no harm.
    """
    if scanned_at is None:
        return now
    moment = scanned_at if sent_at is None else now - (sent_at - scanned_at)
    return min(max(moment, device.enrolled_at or now), now)
