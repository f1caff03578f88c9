"""Give core's tests a programme with a cycle, its coordinator, and a short way to add people."""

from dataclasses import dataclass, field

import pytest

from wayfellow.deployment import Deployment
from wayfellow.people.fields import sync_fields
from wayfellow.people.service import create_person
from wayfellow.programmes.members import add_member
from wayfellow.programmes.roles import actor_for, grant_role
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.types import SYSTEM, Actor, Role


@dataclass
class Mentoring:
    """Be a programme "Career Bridges" with one open cycle; people are added by name."""

    deployment: Deployment
    programme_id: int = 0
    cycle_id: int = 0
    people: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)

    def person(self, name: str, role: Role | None = None, **options) -> int:
        """Add a person, as a member of the cycle when a role is given; return their id."""
        capacity = options.pop("capacity", 1)
        with self.deployment.transaction(SYSTEM) as tx:
            person = create_person(tx, None, name=name, email=f"{name}@example.org".replace(" ", "."), **options)
            if role in (Role.MENTOR, Role.MENTEE):
                self.members[name] = add_member(tx, self.cycle_id, person.id, role, capacity=capacity).id
            elif role is not None:
                grant_role(tx, person.id, role, self.programme_id)
        self.people[name] = person.id
        return person.id

    def actor(self, name: str) -> Actor:
        with self.deployment.reading(SYSTEM) as tx:
            return actor_for(tx.session, self.people[name])


@pytest.fixture
def mentoring(deployment: Deployment) -> Mentoring:
    """Give a programme with the coordinator Cora, the mentor Maja and the mentee Mio."""
    mentoring = Mentoring(deployment)
    with deployment.transaction(SYSTEM) as tx:
        sync_fields(tx)
        mentoring.programme_id = create_programme(tx, "Career Bridges", timezone="Europe/Berlin").id
        mentoring.cycle_id = create_cycle(tx, mentoring.programme_id, "Spring").id
    mentoring.person("Cora", Role.COORDINATOR)
    mentoring.person("Maja", Role.MENTOR, capacity=2)
    mentoring.person("Mio", Role.MENTEE)
    return mentoring
