"""Let settings count that another process saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, request

from wayfellow.settings.service import refresh
from wayfellow_web.site import deployment

#: How long a change that was made elsewhere may go unnoticed here.
EVERY = timedelta(seconds=30)
#: What must answer whatever the database says.
_ALONE = {"static", "health.check"}


@dataclass(slots=True)
class _Looked:
    at: datetime | None = None


def configure_refreshing(app: Flask) -> None:
    """Look before a request whether settings were changed, unless that was done just now."""
    looked = _Looked()

    def look() -> None:
        now = deployment().clock()
        if request.endpoint in _ALONE or (looked.at is not None and now - looked.at < EVERY):
            return
        refresh(deployment())
        looked.at = now

    app.before_request(look)
