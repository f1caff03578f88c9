"""Write the changes of a batch of rows with bulk statements, a dozen per batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, update

from wayfellow.db import Base
from wayfellow.deployment import Transaction
from wayfellow.goals.models import Goal, GoalState
from wayfellow.importing.changes import Change
from wayfellow.people.models import FieldValue, Person, PersonSkill, SkillStance
from wayfellow.people.records import skill_ids, skill_key
from wayfellow.people.search import fold, search_text
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.types import Role

_STANCES = (("skills", SkillStance.OFFERS), ("skills_to_learn", SkillStance.WANTS))


class Writer:
    """Write changes of people of one role into one cycle."""

    def __init__(self, tx: Transaction, cycle_id: int, role: str, field_ids: Mapping[str, int]) -> None:
        self.tx, self.cycle_id, self.role, self.field_ids = tx, cycle_id, role, field_ids
        self.session, self.now = tx.session, tx.now()

    def write(self, changes: Sequence[Change]) -> None:
        """Write what is new or different; unchanged rows cost nothing."""
        todo = [change for change in changes if change.kind != "unchanged"]
        if not todo:
            return
        ids = self._people(todo)
        self._answers(todo, ids)
        self._skills(todo, ids)
        goals = self._goals(todo, ids)
        self._memberships(todo, ids)
        self._tell(todo, ids, goals)

    def _people(self, changes: Sequence[Change]) -> list[int]:
        """Insert and update the people; return the id of each change's person."""
        new = [self._person(change) | {"created_at": self.now} for change in changes if change.existing is None]
        made: dict[str, int] = {}
        if new:
            made = dict(self.session.execute(insert(Person).returning(Person.reference, Person.id), new).all())
        touched = {"reference", "name", "email", "timezone", "job_title"}
        old = [c for c in changes if c.existing is not None and c.changed & touched]
        self._update(Person, [self._person(c) | {"id": c.existing.id} for c in old if c.existing])
        return [c.existing.id if c.existing else made[c.row.key] for c in changes]

    def _person(self, change: Change) -> dict[str, Any]:
        row, old = change.row, change.existing
        reference = row.reference or (old.reference if old else row.key)
        name = row.name or (old.name if old else row.key)
        email = row.email or (old.email if old else None)
        title_id = self.field_ids.get("job_title", 0)
        title = row.values.get("job_title") or (old.values.get(title_id, "") if old else "")
        return {
            "reference": reference,
            "name": name,
            "email": email,
            "timezone": row.timezone or (old.timezone if old else "UTC"),
            "search": search_text(name, email, reference, title),
            "sort_name": fold(name)[:320],
            "updated_at": self.now,
        }

    def _answers(self, changes: Sequence[Change], ids: Sequence[int]) -> None:
        new, old = [], []
        for change, person_id in zip(changes, ids, strict=True):
            before = change.existing.values if change.existing else {}
            for key, value in change.row.values.items():
                answer = {"person_id": person_id, "field_id": self.field_ids[key], "value": value}
                if answer["field_id"] not in before:
                    new.append(answer)
                elif before[self.field_ids[key]] != value:
                    old.append(answer)
        self._insert(FieldValue, new)
        self._update(FieldValue, old)

    def _skills(self, changes: Sequence[Change], ids: Sequence[int]) -> None:
        rows: list[tuple[int, SkillStance, tuple[str, ...]]] = []
        for change, person_id in zip(changes, ids, strict=True):
            said = {"skills": change.row.offers, "skills_to_learn": change.row.wants}
            rows += [
                (person_id, stance, said[key])
                for key, stance in _STANCES
                if said[key] and (change.existing is None or key in change.changed)
            ]
        known = skill_ids(self.session, (label for _, _, labels in rows for label in labels))
        for stance in SkillStance:
            people = [person_id for person_id, of, _ in rows if of is stance]
            if people:
                self.session.execute(
                    delete(PersonSkill).where(PersonSkill.person_id.in_(people), PersonSkill.stance == stance)
                )
        self._insert(
            PersonSkill,
            [
                {"person_id": person_id, "skill_id": skill, "stance": stance.value, "position": position}
                for person_id, stance, labels in rows
                for position, skill in enumerate(dict.fromkeys(known[skill_key(label)] for label in labels))
            ],
        )

    def _goals(self, changes: Sequence[Change], ids: Sequence[int]) -> list[int]:
        """Add goals that are new, delete those of earlier imports that the file has no more; return the new ids."""
        new: list[dict[str, Any]] = []
        gone: list[int] = []
        for change, person_id in zip(changes, ids, strict=True):
            before = change.existing.goals if change.existing else set()
            new += [
                {"person_id": person_id, "text": text, "position": position}
                for position, text in enumerate(change.row.goals)
                if text not in before
            ]
            if change.existing and change.row.goals:
                left = change.existing.replaceable.keys() - set(change.row.goals)
                gone += [change.existing.replaceable[text] for text in left]
        if gone:
            self.session.execute(delete(Goal).where(Goal.id.in_(gone)))
        times = {"created_at": self.now, "updated_at": self.now, "origin": "import", "state": GoalState.OPEN.value}
        rows = [goal | times for goal in new]
        return list(self.session.scalars(insert(Goal).returning(Goal.id), rows)) if rows else []

    def _memberships(self, changes: Sequence[Change], ids: Sequence[int]) -> None:
        new, old = [], []
        for change, person_id in zip(changes, ids, strict=True):
            capacity = change.row.capacity if self.role == Role.MENTOR else None
            known = change.existing.membership if change.existing else None
            if known is None:
                new.append(self._member(person_id, 1 if capacity is None else capacity))
            elif capacity not in (None, known[1]):
                old.append({"id": known[0], "capacity": capacity})
        self._insert(Membership, new)
        self._update(Membership, old)

    def _member(self, person_id: int, capacity: int) -> dict[str, Any]:
        return {
            "cycle_id": self.cycle_id,
            "person_id": person_id,
            "role": self.role,
            "state": MembershipState.APPROVED.value,
            "capacity": capacity,
            "created_at": self.now,
        }

    def _tell(self, changes: Sequence[Change], ids: Sequence[int], goals: Iterable[int]) -> None:
        saved = [
            (person_id, change.changed or frozenset({"name", *change.row.texts()}))
            for change, person_id in zip(changes, ids, strict=True)
        ]
        made = list(goals)

        def fact(host: Any) -> None:
            for person_id, changed in saved:
                host.on_profile_saved(person_id=person_id, changed=changed)
            for goal_id in made:
                host.on_goal_saved(goal_id=goal_id, created=True)

        self.tx.tell(fact)

    def _insert(self, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self.session.execute(insert(model), rows)

    def _update(self, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self.session.execute(update(model), rows)
