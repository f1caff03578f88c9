from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from wayfellow.db import open_engine
from wayfellow.deployment import Deployment
from wayfellow.errors import WayfellowError
from wayfellow.people.models import Person
from wayfellow.types import SYSTEM


def person(moment: datetime) -> Person:
    return Person(reference="p-1", name="Zoë", email=None, created_at=moment, updated_at=moment)


def test_a_failed_transaction_leaves_nothing(deployment: Deployment) -> None:
    with pytest.raises(RuntimeError), deployment.transaction(SYSTEM) as tx:
        tx.session.add(person(tx.now()))
        tx.session.flush()
        raise RuntimeError
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(Person)).all() == []


def test_times_come_back_aware_and_in_utc(deployment: Deployment) -> None:
    moment = datetime(2026, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with deployment.transaction(SYSTEM) as tx:
        tx.session.add(person(moment))
    with deployment.reading(SYSTEM) as tx:
        stored = tx.session.scalars(select(Person)).one().created_at
    assert stored == moment
    assert stored.tzinfo is UTC


def test_naive_times_are_refused(deployment: Deployment) -> None:
    with pytest.raises(Exception, match="has no time zone"), deployment.transaction(SYSTEM) as tx:
        tx.session.add(person(datetime(2026, 3, 1)))


@pytest.mark.parametrize("url", ["mysql://root@host/x", "nonsense"])
def test_other_databases_get_a_sentence(url: str) -> None:
    with pytest.raises(WayfellowError, match=r"SQLite|sqlite"):
        open_engine(url)
