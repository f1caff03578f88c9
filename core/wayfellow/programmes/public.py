"""Show strangers the programmes that they can join, and only those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.programmes.models import Cycle, Programme
from wayfellow.programmes.windows import Registration, Window, registration_of
from wayfellow.words import gettext


@dataclass(frozen=True, slots=True)
class PublicProgramme:
    """Be what everybody may read of a public programme; ``cycle`` is None when no round is open or planned."""

    id: int
    slug: str
    name: str
    description: str
    timezone: str
    cycle: Cycle | None
    registration: Registration | None

    @property
    def is_open(self) -> bool:
        """Tell whether somebody can apply now."""
        return self.registration is not None and self.registration.is_open


def list_public(tx: Transaction) -> list[PublicProgramme]:
    """Return all public programmes, those that can be joined now first, then by name; two statements."""
    programmes = tx.session.scalars(select(Programme).where(Programme.is_public)).all()
    shown = _with_cycles(tx, programmes)
    return sorted(shown, key=lambda one: (not one.is_open, one.name.casefold(), one.id))


def find_public(tx: Transaction, slug: str) -> PublicProgramme:
    """Return a public programme. Raises NotFound, with the same words for one that is not public."""
    programme = tx.session.scalar(select(Programme).where(Programme.slug == slug, Programme.is_public))
    if programme is None:
        raise NotFound(
            gettext("There is no programme here that can be joined. Check the address, or look at the list.")
        )
    return _with_cycles(tx, [programme])[0]


def _with_cycles(tx: Transaction, programmes: Sequence[Programme]) -> list[PublicProgramme]:
    ids = [programme.id for programme in programmes]
    cycles = tx.session.scalars(select(Cycle).where(Cycle.programme_id.in_(ids)).order_by(Cycle.id.desc())).all()
    return [_shown(tx, one, [cycle for cycle in cycles if cycle.programme_id == one.id]) for one in programmes]


def _shown(tx: Transaction, programme: Programme, cycles: Sequence[Cycle]) -> PublicProgramme:
    """Show the cycle that can be joined now, else the one that opens next."""
    standing = [(cycle, registration_of(programme, cycle, tx.now())) for cycle in cycles]
    now = [one for one in standing if one[1].is_open]
    later = [one for one in standing if one[1].window is Window.BEFORE]
    later.sort(key=lambda one: (one[0].registration_opens_on or date.max, one[0].id))
    cycle, registration = next(iter([*now, *later]), (None, None))
    said = (programme.id, programme.slug, programme.name, programme.description, programme.timezone)
    return PublicProgramme(*said, cycle, registration)
