import inspect

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from wayfellow.deployment import Deployment
from wayfellow.people.models import Person
from wayfellow.privacy import audit
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM, Actor


def test_an_act_is_recorded_with_who_and_when(deployment: Deployment, clock) -> None:
    with deployment.transaction(SYSTEM) as tx:
        person = Person(reference="ada", name="Ada", created_at=tx.now(), updated_at=tx.now())
        tx.session.add(person)
    with deployment.transaction(Actor(person.id, "Ada")) as tx:
        audit.record(tx, "proposal.accepted", "proposal", 12, reason="time", pairs=[1, 2])
    with deployment.reading(SYSTEM) as tx:
        entry = tx.session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.action, entry.at) == (person.id, "proposal.accepted", clock.now)
    assert (entry.subject_kind, entry.subject_id, entry.programme_id) == ("proposal", 12, None)
    assert entry.details == {"reason": "time", "pairs": [1, 2]}


def test_there_is_only_a_way_to_add() -> None:
    own = (value for value in vars(audit).values() if inspect.isfunction(value) and value.__module__ == audit.__name__)
    assert [one.__name__ for one in own if not one.__name__.startswith("_")] == ["record", "record_all"]


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET action = 'nothing'", "DELETE FROM audit_entry"])
def test_the_database_refuses_changes_and_removals(deployment: Deployment, act: str) -> None:
    with deployment.transaction(SYSTEM) as tx:
        audit.record(tx, "proposal.accepted", "proposal", 12)
    with pytest.raises(DBAPIError, match="append-only"), deployment.transaction(SYSTEM) as tx:
        tx.session.execute(text(act))
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(AuditEntry)).one().action == "proposal.accepted"


def test_an_entry_outlives_its_actor(deployment: Deployment) -> None:
    with deployment.transaction(SYSTEM) as tx:
        person = Person(reference="ada", name="Ada", created_at=tx.now(), updated_at=tx.now())
        tx.session.add(person)
    with deployment.transaction(Actor(person.id, "Ada")) as tx:
        audit.record(tx, "proposal.accepted", "proposal", 12)
    with deployment.transaction(SYSTEM) as tx:
        tx.session.delete(tx.session.get_one(Person, person.id))
    with deployment.reading(SYSTEM) as tx:
        entry = tx.session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.subject_id) == (None, 12)
