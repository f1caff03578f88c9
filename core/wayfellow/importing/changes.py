"""Say what each row of a file would change: who it means, and what is different."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wayfellow.importing.known import Existing, Known, look_up
from wayfellow.people.models import SkillStance
from wayfellow.people.records import chunks, skill_key
from wayfellow.tabular.people import PersonRow
from wayfellow.tabular.problems import Problems
from wayfellow.words import gettext

#: How many rows are looked up and written at a time.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Change:
    """Be what one row does: ``existing`` is None for a new person, ``changed`` names what is different now."""

    row: PersonRow
    existing: Existing | None
    changed: frozenset[str]

    @property
    def kind(self) -> str:
        """Return ``new``, ``changed`` or ``unchanged``."""
        if self.existing is None:
            return "new"
        return "changed" if self.changed else "unchanged"


class Changes:
    """Find out the changes of one file's rows for the people of a cycle, batch by batch.

    ``field_ids`` holds the ids of profile fields by key; one that is missing has no answers yet.
    """

    def __init__(
        self, session: Session, cycle_id: int, role: str, field_ids: Mapping[str, int], problems: Problems
    ) -> None:
        self.session, self.cycle_id, self.role, self.field_ids = session, cycle_id, role, field_ids
        self.problems = problems
        self._claimed: dict[str | int, int] = {}

    def batches(self, rows: Iterator[PersonRow]) -> Iterator[list[Change]]:
        """Yield the changes of at most 500 rows at a time; rows that mean nobody clearly are noted as problems."""
        for batch in chunks(rows, BATCH):
            known = look_up(self.session, batch, self.cycle_id, self.role)
            yield [change for row in batch if (change := self._change(row, known)) is not None]

    def _change(self, row: PersonRow, known: Known) -> Change | None:
        before = self.problems.total
        existing = self._whom(row, known)
        if self.problems.total != before or self._is_claimed(row, existing):
            return None
        return Change(row, existing, self._different(row, existing) if existing else frozenset())

    def _whom(self, row: PersonRow, known: Known) -> Existing | None:
        by_email = known.by_email.get(row.email) if row.email else None
        if row.reference is None:
            return by_email or known.by_reference.get(row.key)
        by_reference = known.by_reference.get(row.reference)
        if by_email is None or by_email is by_reference:
            return by_reference
        if by_reference is None and by_email.reference == by_email.email:
            return by_email  # was known by the address alone, and gets the organisation's id now
        self.problems.add(
            gettext(
                "The address belongs to “%(reference)s” already, not to “%(other)s”. Correct the "
                "address or the person_id.",
                reference=by_email.reference,
                other=row.reference,
            ),
            row.number,
            "email",
            row.email,
        )
        return None

    def _is_claimed(self, row: PersonRow, existing: Existing | None) -> bool:
        first = self._claimed.setdefault(existing.id if existing else row.key, row.number)
        if first == row.number:
            return False
        self.problems.add(
            gettext(
                "The row means the same person as row %(first)s. Each person has one row: delete one of them.",
                first=first,
            ),
            row.number,
            value=row.key,
        )
        return True

    def _different(self, row: PersonRow, existing: Existing) -> frozenset[str]:
        said = {"reference": row.reference, "name": row.name, "email": row.email, "timezone": row.timezone}
        changed = {key for key, value in said.items() if value is not None and value != getattr(existing, key)}
        changed |= {
            key for key, value in row.values.items() if existing.values.get(self.field_ids.get(key, 0)) != value
        }
        for key, stance, labels in _stances(row):
            if labels and existing.skills[stance] != [skill_key(label) for label in labels]:
                changed.add(key)
        if row.goals and (set(row.goals) - existing.goals or existing.replaceable.keys() - set(row.goals)):
            changed.add("goals")
        if existing.membership is None or row.capacity not in (None, existing.membership[1]):
            changed.add("capacity" if existing.membership else self.role)
        return frozenset(changed)


def _stances(row: PersonRow) -> Sequence[tuple[str, SkillStance, tuple[str, ...]]]:
    return (("skills", SkillStance.OFFERS, row.offers), ("skills_to_learn", SkillStance.WANTS, row.wants))
