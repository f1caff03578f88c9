"""See all proposals of a cycle, propose pairs by hand, and decide on what is under way."""

from __future__ import annotations

from wayfellow_web.views.proposals import by_hand, deciding, index
from wayfellow_web.views.proposals.base import blueprint

__all__ = ["blueprint", "by_hand", "deciding", "index"]
