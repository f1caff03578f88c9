"""Run matches and review what they propose; each module holds the pages of one step."""

from __future__ import annotations

from wayfellow_web.views.matching import (
    acts,
    asking,
    board,
    bulk,
    choosing,
    comparing,
    criteria,
    export,
    leftovers,
    pair,
    publishing,
    running,
)
from wayfellow_web.views.matching.base import blueprint

__all__ = [
    "acts",
    "asking",
    "blueprint",
    "board",
    "bulk",
    "choosing",
    "comparing",
    "criteria",
    "export",
    "leftovers",
    "pair",
    "publishing",
    "running",
]
