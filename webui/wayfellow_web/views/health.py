"""Say whether the deployment is at work, for machines that watch it."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from wayfellow.pages import PUBLIC, page
from wayfellow_web.site import reading

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@page(PUBLIC)
def check() -> tuple[dict[str, str], int]:
    """Return 200 when the database answers, else 503; no detail goes to strangers."""
    try:
        reading().session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return {"status": "the database does not answer"}, 503
    return {"status": "ok"}, 200
