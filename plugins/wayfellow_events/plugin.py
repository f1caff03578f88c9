"""Bring events to the host. Whatever is slow to import is imported when a hook asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from wayfellow.markers import hookimpl
from wayfellow.types import (
    JSON,
    Actor,
    DemoPart,
    Enclosure,
    Job,
    MessageKind,
    Migrations,
    NavItem,
    Panel,
    Permission,
    Role,
    Slot,
)
from wayfellow.words import later
from wayfellow_events.kinds import CHANGED, CLOCK_JOB, CONFIRM, GUEST_JOB, OFFER, REGISTRATION, REMINDER, TICKET

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wayfellow.db import Base
    from wayfellow.deployment import Transaction
    from wayfellow.jobs.context import JobContext

_HOSTS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR, Role.EVENT_HOST})
_READERS = _HOSTS | {Role.AUDITOR}

PERMISSIONS = (
    Permission("events.read", later("see the events of a programme and who is registered"), _READERS),
    Permission("events.edit", later("make and change events, and decide on registrations"), _HOSTS),
    Permission("events.export", later("export lists of events"), _HOSTS),
)


@hookimpl
def register_hookspecs() -> Iterable[ModuleType]:
    """Declare the hook that tells others who came."""
    from wayfellow_events import hookspecs

    return [hookspecs]


@hookimpl
def register_models() -> Iterable[type[Base]]:
    """Name the tables of events, registrations and tickets."""
    from wayfellow_events.tables import TABLES

    return TABLES


@hookimpl
def register_migrations() -> Migrations:
    """Point to the revisions of these tables."""
    return Migrations(Path(__file__).parent / "migrations" / "versions")


@hookimpl
def register_permissions() -> Iterable[Permission]:
    """Name what hosts may do; members need none of it, they do what an event's visibility says."""
    return PERMISSIONS


@hookimpl
def register_message_kinds() -> Iterable[MessageKind]:
    """Name the mails about events; those with a link or a ticket are written as they are handed over."""
    return (
        MessageKind(TICKET, later("A ticket"), later("You have a place at an event."), enclose_for=_enclose),
        MessageKind(
            CONFIRM, later("Confirm a registration"), later("Somebody gave your address."), enclose_for=_enclose
        ),
        MessageKind(
            OFFER, later("A place came free"), later("It is kept for you for some hours."), enclose_for=_enclose
        ),
        MessageKind(
            CHANGED, later("An event changed"), later("A new time or place, or it is called off."), enclose_for=_enclose
        ),
        MessageKind(
            REGISTRATION, later("Your registration for an event"), later("A waiting list, an answer of the hosts.")
        ),
        MessageKind(REMINDER, later("Reminders of events"), later("A day before you are expected.")),
    )


@hookimpl
def register_jobs() -> Iterable[Job]:
    """Name the work that follows a guest's form, and the regular look at offers and reminders."""
    return (
        Job(GUEST_JOB, _run_guest, label=later("Registration of a guest")),
        Job(CLOCK_JOB, _run_clock, label=later("Offers and reminders of events"), every=timedelta(minutes=5)),
    )


@hookimpl
def register_blueprints() -> Iterable[Any]:
    """Bring the pages, and the API for devices at the door."""
    from wayfellow_events.api.blueprint import make_api
    from wayfellow_events.views import make_blueprint

    return [make_blueprint(), make_api()]


@hookimpl
def register_demo_parts() -> Iterable[DemoPart]:
    """Let the demo programme have an event that people come to."""
    return (DemoPart("Planning the winter gathering", _fill_demo),)


@hookimpl
def list_nav_items(user: Actor) -> Iterable[NavItem]:
    """Lead those who run events to the programme's events, and everybody else to those that they find."""
    if any(grant.role in _READERS for grant in user.grants):
        return [NavItem("events.manage", later("Events"), 45, "events.read", "calendar")]
    return [NavItem("events.index", later("Events"), 45, None, "calendar")]


@hookimpl
def list_panels(user: Actor, slot: Slot, subject_id: int, session: Session) -> Iterable[Panel]:
    """Put what comes next on people's home pages and on a programme's overview."""
    from wayfellow_events.panels import panels

    return panels(user, slot, subject_id, session)


@hookimpl
def collect_person_data(person_id: int, session: Session) -> Mapping[str, JSON] | None:
    """Return a person's registrations, and the events that they help with."""
    from wayfellow_events.personal import collect

    return collect(person_id, session)


@hookimpl
def erase_person_data(person_id: int, session: Session) -> int:
    """Remove a person's registrations with their tickets."""
    from wayfellow_events.personal import erase

    return erase(person_id, session)


def _fill_demo(tx: Transaction, programme_id: int) -> None:
    from wayfellow_events.demo import fill

    fill(tx, programme_id)


def _enclose(tx: Transaction, key: str) -> Enclosure:
    from wayfellow_events.registration.enclosing import enclose

    return enclose(tx, key)


def _run_guest(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    from wayfellow_events.registration.guests import run_guest

    return run_guest(context, payload)


def _run_clock(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    from wayfellow_events.registration.clockwork import run_clock

    return run_clock(context, payload)
