"""Give these tests a programme in which people ask one another."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from wayfellow.mentorships.models import Proposal, TieKind
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.requests.asking import ask
from wayfellow.mentorships.views import DeclineReason
from wayfellow.notify.models import Notice
from wayfellow.people.models import Person
from wayfellow.programmes.models import Membership
from wayfellow.programmes.rules import save_rules
from wayfellow.types import SYSTEM, Actor

MESSAGE = "I run our demand model alone since summer, and would like to learn how you brought other teams along."


@dataclass
class Asking:
    """Ask and answer in a world by the ids of people, each act in a transaction of its own."""

    world: object

    def rules(self, **chosen) -> None:
        with self.world.deployment.transaction(SYSTEM) as tx:
            save_rules(tx, self.world.programme_id, chosen)

    def actor(self, person_id: int) -> Actor:
        return self.world.actor(person_id, self.member(person_id).role)

    def member(self, person_id: int) -> Membership:
        with self.world.deployment.reading(SYSTEM) as tx:
            return tx.session.scalars(select(Membership).where(Membership.person_id == person_id)).one()

    def ask(self, asker: int, other: int, message: str = MESSAGE, **options) -> int:
        with self.world.deployment.transaction(self.actor(asker)) as tx:
            return ask(tx, self.member(asker).id, other, message, **options).id

    def talk(self, asker: int, other: int, message: str = MESSAGE) -> int:
        return self.ask(asker, other, message, kind=TieKind.CONVERSATION)

    def do(self, person_id: int, act, *args, **options):
        with self.world.deployment.transaction(self.actor(person_id)) as tx:
            return act(tx, *args, **options)

    def read(self, person_id: int, act, *args, **options):
        with self.world.deployment.reading(self.actor(person_id)) as tx:
            return act(tx, *args, **options)

    def say(self, person_id: int, request_id: int, agrees: bool) -> None:
        self.do(person_id, answer_proposal, request_id, agrees, None if agrees else DeclineReason.NO_TIME)

    def states(self) -> dict[tuple[str, str], str]:
        """Return the state of each proposal by the names of its mentee and its mentor."""
        with self.world.deployment.reading(SYSTEM) as tx:
            names = dict(tx.session.execute(select(Person.id, Person.name)).all())
            rows = tx.session.scalars(select(Proposal).order_by(Proposal.id))
            return {(names[row.mentee_id], names[row.mentor_id]): row.state for row in rows}

    def one(self, request_id: int) -> Proposal:
        with self.world.deployment.reading(SYSTEM) as tx:
            return tx.session.get_one(Proposal, request_id)

    def subjects(self, person_id: int) -> list[str]:
        with self.world.deployment.reading(SYSTEM) as tx:
            return list(tx.session.scalars(select(Notice.subject).where(Notice.person_id == person_id)))


@pytest.fixture
def asking(world) -> Asking:
    """Give the programme of ``world``, which allows requests, offers and conversations."""
    asking = Asking(world)
    asking.rules(mentees_ask=True, mentors_offer=True, conversations=True, open_requests=2, choices=2, answer_days=10)
    return asking
