"""Be at home as a mentor or mentee: proposals to answer, mentorships, goals."""

from __future__ import annotations

from wayfellow_web.views.home import answers, chats, index
from wayfellow_web.views.home.base import blueprint

__all__ = ["answers", "blueprint", "chats", "index"]
