"""Read and write the shelf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import CursorResult, delete, func, select

from wayfellow_sample.models import Book

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wayfellow.jobs.context import JobContext
    from wayfellow.types import JSON


def list_books(session: Session, person_id: int | None = None) -> Sequence[Book]:
    """Return the first hundred books by title: everyone's, or one person's."""
    query = select(Book).order_by(Book.title, Book.id).limit(100)
    return session.scalars(query if person_id is None else query.where(Book.person_id == person_id)).all()


def add_favourite(session: Session, person_id: int) -> None:
    """Note that a person named a favourite book."""
    session.add(Book(title="A favourite book", person_id=person_id))


def remove_books(session: Session, person_id: int) -> int:
    """Remove a person's books and return how many there were."""
    result = session.execute(delete(Book).where(Book.person_id == person_id))
    return cast("CursorResult[Any]", result).rowcount


def count_books(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Count the books as a job."""
    with context.finish(result := {}) as tx:
        result["books"] = tx.session.scalar(select(func.count()).select_from(Book))
    return None
