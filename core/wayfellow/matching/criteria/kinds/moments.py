"""Read people's clocks at the moment of a run."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from wayfellow.types import MatchProblem, Pool

FIELD = "timezone"


def moment(problem: MatchProblem) -> datetime:
    """Return the moment at which clocks are compared; without one, noon UTC on the first day of 2026."""
    settings: Any = problem.settings.get("criteria", {})
    return datetime.fromisoformat(settings["at"]) if settings.get("at") else datetime(2026, 1, 1, 12, tzinfo=UTC)


def offset(pool: Pool, row: int, at: datetime) -> float | None:
    """Return how many hours a person's clock is ahead of UTC, None when their zone is not known."""
    return _offset(pool.fields[FIELD][row], at) if FIELD in pool.fields else None


@cache
def _offset(zone: str, at: datetime) -> float | None:
    try:
        ahead = ZoneInfo(zone).utcoffset(at.astimezone(ZoneInfo(zone)))
    except (KeyError, OSError, ValueError):  # no such zone, or "" and what is no name at all
        return None
    return None if ahead is None else ahead.total_seconds() / 3600
