"""Hold the small world of the web's tests."""

from dataclasses import dataclass, field

from wayfellow.deployment import Transaction
from wayfellow.people.service import create_person
from wayfellow.programmes.members import add_member
from wayfellow.types import Role


@dataclass
class World:
    """Hold the ids of two small programmes; ``people`` maps a first name to a person's id."""

    programme_id: int = 0
    cycle_id: int = 0
    other_programme_id: int = 0
    other_cycle_id: int = 0
    people: dict[str, int] = field(default_factory=dict)

    def add(self, tx: Transaction, name: str, role: Role | None = None, cycle_id: int | None = None) -> int:
        """Add a person, and let them take part in a cycle when a role is named."""
        person = create_person(tx, None, name=f"{name} Example", email=f"{name.lower()}@example.org")
        self.people[name] = person.id
        if role is not None:
            add_member(tx, cycle_id or self.cycle_id, person.id, role, capacity=2)
        return person.id
