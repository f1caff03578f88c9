"""Judge when a cycle takes applications, in the programme's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from wayfellow.programmes.models import Cycle, CycleState, Programme
from wayfellow.types import Role


class Window(StrEnum):
    """Say how the registration of a cycle stands."""

    BEFORE = "before"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Registration:
    """Be a cycle's registration at a moment; ``roles`` are those that may be applied for, none unless it is open."""

    window: Window
    opens_on: date | None
    closes_on: date | None
    roles: tuple[Role, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether somebody can apply now."""
        return bool(self.roles)


def local_day(programme: Programme, moment: datetime) -> date:
    """Return the day that it is in the programme at a moment."""
    return moment.astimezone(ZoneInfo(programme.timezone)).date()


def registration_of(programme: Programme, cycle: Cycle, moment: datetime) -> Registration:
    """Return how a cycle's registration stands: both of its days count in, and a day that is not set bounds nothing."""
    window = _window(cycle, local_day(programme, moment))
    roles = [Role(role) for role in sorted(cycle.open_to)] if window is Window.OPEN else []
    return Registration(window, cycle.registration_opens_on, cycle.registration_closes_on, tuple(roles))


def _window(cycle: Cycle, today: date) -> Window:
    if cycle.state not in (CycleState.DRAFT, CycleState.OPEN):
        return Window.OVER
    if cycle.registration_closes_on and today > cycle.registration_closes_on:
        return Window.OVER
    if cycle.state == CycleState.DRAFT or (cycle.registration_opens_on and today < cycle.registration_opens_on):
        return Window.BEFORE
    return Window.OPEN
