"""Implement the hooks of the shelf."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wayfellow import hookimpl
from wayfellow.types import (
    JSON,
    Actor,
    Job,
    MatchState,
    Migrations,
    NavItem,
    Panel,
    Permission,
    ProfileField,
    Role,
    Setting,
    Slot,
)
from wayfellow_sample import __version__, shelf
from wayfellow_sample.models import Book

if TYPE_CHECKING:
    import click
    from sqlalchemy.orm import Session

__all__ = ["__version__"]


@hookimpl
def register_settings() -> list[Setting]:
    return [Setting("shelf_name", "Name of the shelf", "Our shelf"), Setting("books_per_person", "Books per person", 3)]


@hookimpl
def register_models() -> list[type[Book]]:
    return [Book]


@hookimpl
def register_migrations() -> Migrations:
    return Migrations(Path(__file__).parent / "migrations")


@hookimpl
def register_profile_fields() -> list[ProfileField]:
    return [ProfileField("sample_favourite_book", "Favourite book", help="One you would give away.")]


@hookimpl
def register_permissions() -> list[Permission]:
    return [Permission("sample.read", "see the shelf", frozenset({Role.MENTOR, Role.MENTEE, Role.COORDINATOR}))]


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("sample.count", shelf.count_books, "Count the books", every=timedelta(days=1))]


@hookimpl
def register_blueprints() -> list[Any]:
    from wayfellow_sample.views import make_blueprint

    return [make_blueprint()]


@hookimpl
def register_commands() -> list[click.Command]:
    from wayfellow_sample.commands import books

    return [books]


@hookimpl
def list_nav_items(user: Actor) -> list[NavItem]:
    return [NavItem("sample.index", "Shelf", order=70, permission="sample.read")]


@hookimpl
def list_panels(slot: Slot, subject_id: int, session: Session) -> Iterable[Panel]:
    if slot is Slot.PERSON_SIDE:
        yield Panel("Books", "sample/_books.html", {"books": shelf.list_books(session, subject_id)})


@hookimpl
def collect_person_data(person_id: int, session: Session) -> dict[str, JSON] | None:
    titles = [book.title for book in shelf.list_books(session, person_id)]
    return {"books": titles} if titles else None


@hookimpl
def erase_person_data(person_id: int, session: Session) -> int:
    return shelf.remove_books(session, person_id)


@hookimpl
def on_profile_saved(person_id: int, changed: frozenset[str], session: Session) -> None:
    """Put a favourite book on the shelf as soon as somebody names one."""
    if "sample_favourite_book" in changed:
        shelf.add_favourite(session, person_id)


@hookimpl
def on_match_changed(match_id: int, after: MatchState, session: Session) -> None:
    """Put a book for the pair on the shelf when both agreed."""
    if after is MatchState.ACTIVE:
        session.add(Book(title=f"A notebook for pair {match_id}"))
