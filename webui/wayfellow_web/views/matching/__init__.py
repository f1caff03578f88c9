"""Run matches and review what they propose; each module holds the pages of one step."""

from __future__ import annotations

from wayfellow_web.views.matching import (
    acts,
    asking,
    better,
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
    trying,
)
from wayfellow_web.views.matching.base import blueprint

__all__ = [
    "acts",
    "asking",
    "better",
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
    "trying",
]
