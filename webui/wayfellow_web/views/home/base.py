"""Hold what all pages of a participant's home share."""

from __future__ import annotations

from flask import Blueprint

from wayfellow.errors import NotAllowed
from wayfellow_web.site import actor

blueprint = Blueprint("home", __name__)


def my_id() -> int:
    """Return the id of the person who asks. Raises NotAllowed for callers that are no person."""
    person_id = actor().person_id
    if person_id is None:
        raise NotAllowed("Only a person has a home page. Sign in first.")
    return person_id
