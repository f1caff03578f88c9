"""Strangers who asked to join and never came are forgotten; nobody else is."""

from mail_sink import Sink, work_off
from sqlalchemy import delete, func, select
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.people.models import Person
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.members import add_member
from wayfellow.types import SYSTEM, Role
from wayfellow_web.accounts.mailing import ask_to_join
from wayfellow_web.accounts.models import Newcomer
from wayfellow_web.accounts.service import account_of


def find(house: Deployment, name: str) -> int | None:
    with house.reading(SYSTEM) as tx:
        return tx.session.scalar(select(Person.id).where(Person.name == name))


def test_who_never_opened_the_link_is_forgotten_after_two_weeks(
    house: Deployment, world: World, sink: Sink, clock
) -> None:
    with house.transaction(SYSTEM) as tx:
        for name in ("Never", "Came", "Added"):
            ask_to_join(tx, f"{name.lower()}@example.org", name)
        ask_to_join(tx, "mia@example.org", "Somebody who says to be Mia")
        known = tx.session.scalar(select(func.count()).select_from(Person)) or 0
    work_off(house)
    came, added = find(house, "Came"), find(house, "Added")
    assert came is not None
    assert added is not None
    with house.transaction(SYSTEM) as tx:
        account_of(tx, came)
        add_member(tx, world.cycle_id, added, Role.MENTEE)
    clock.move(days=13, hours=23)
    work_off(house)
    assert find(house, "Never") is not None
    clock.move(days=1, hours=1)
    work_off(house)
    assert find(house, "Never") is None
    assert (find(house, "Came"), find(house, "Added")) == (came, added)
    with house.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Newcomer)) == 0
        actions = select(func.count()).where(AuditEntry.action == "person.never_came")
        assert tx.session.scalar(actions) == 1
        assert (tx.session.scalar(select(func.count()).select_from(Person)) or 0) >= known + 2


def test_who_is_gone_already_is_no_matter(house: Deployment, sink: Sink, clock) -> None:
    with house.transaction(SYSTEM) as tx:
        ask_to_join(tx, "never@example.org", "Never")
    work_off(house)
    with house.transaction(SYSTEM) as tx:
        tx.session.execute(delete(Person).where(Person.name == "Never"))
    clock.move(days=15)
    work_off(house)
    assert find(house, "Never") is None
