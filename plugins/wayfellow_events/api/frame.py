"""Know the device that asks, and tell it what came of a scan."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from flask import current_app, request

from wayfellow.deployment import Deployment
from wayfellow.errors import InvalidInput
from wayfellow.pages import Site
from wayfellow.types import ANONYMOUS, JSON
from wayfellow_events.api.fields import Fields, a_key
from wayfellow_events.door.outcomes import Outcome
from wayfellow_events.door.reading import NotEnrolled, read_post
from wayfellow_events.tickets.codes import digest
from wayfellow_events.verdict.codes import Code

LONGEST_TOKEN = 100


def deployment() -> Deployment:
    """Return the deployment that is served."""
    return cast(Site, current_app.extensions["wayfellow"]).deployment


def this_token() -> str:
    """Return the digest of the token that came with the request. Raises NotEnrolled where there is none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
        raise NotEnrolled("Send the token of the device in the header Authorization: Bearer.")
    return digest(token)


def require_device() -> None:
    """Raise NotEnrolled unless the token that came with the request is one of a device."""
    token = this_token()
    with deployment().reading(ANONYMOUS) as tx:
        read_post(tx, token)


def key_of(fields: Fields) -> str:
    """Return the key of an act: from the body, or from the header Idempotency-Key; both must be the same.

    Raises InvalidInput.
    """
    header = request.headers.get("Idempotency-Key")
    if header is not None and fields.given.get("key") is None:
        fields.given = {**fields.given, "key": header}
    key = fields.read("key", a_key, "", required=True)
    if key and header is not None and header.lower() != key:
        raise InvalidInput("The header Idempotency-Key and the key of the body differ. Send one, or the same twice.")
    return key


def told(outcome: Outcome) -> dict[str, JSON]:
    """Return what came of a scan as devices are told it."""
    said, post, found = outcome.said(), outcome.post, outcome.found
    words = outcome.verdict.words
    first: JSON = None
    if outcome.verdict.code in (Code.ALREADY_IN, Code.OFFLINE_CONFLICT) and words.get("at"):
        first = {"at": words["at"], "gate": words.get("gate", ""), "by": words.get("by", "")}
    ticket: JSON = {"short": found.short, "type": found.facts.type_name} if found else None
    return {
        "key": outcome.key,
        "verdict": outcome.verdict.code.value,
        "admitted": outcome.admitted,
        "kind": outcome.kind,
        "word": said.word,
        "reason": said.staff,
        "reason_holder": said.holder,
        "holder": outcome.holder or None,
        "ticket": ticket,
        "point": {"id": post.point.id, "name": post.point.name},
        "scanned_at": iso(outcome.scanned_at),
        "first_scan": first,
        "notes": list(outcome.verdict.notes),
        "attention": outcome.verdict.attention,
        "undone": outcome.undone,
        "asks": outcome.asks,
        "counts": {"inside": outcome.inside, "arrived": outcome.arrived, "expected": post.event.taken},
    }


def iso(moment: datetime | None) -> str | None:
    """Return a moment in UTC, or None."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
