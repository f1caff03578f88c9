from dataclasses import replace

import pytest

from wayfellow.deployment import Deployment
from wayfellow.errors import NotFound
from wayfellow.notify.service import count_unread, list_notices, mark_all_read, mark_read, tell
from wayfellow.people.models import Person
from wayfellow.types import SYSTEM, Actor


@pytest.fixture
def people(deployment: Deployment) -> tuple[Actor, Actor]:
    with deployment.transaction(SYSTEM) as tx:
        rows = [Person(reference=r, name=r, created_at=tx.now(), updated_at=tx.now()) for r in ("ada", "bo")]
        tx.session.add_all(rows)
        tx.session.flush()
        return Actor(rows[0].id, "Ada"), Actor(rows[1].id, "Bo")


def tell_ada(deployment: Deployment, ada: Actor, *keys: str) -> None:
    assert ada.person_id is not None
    with deployment.transaction(SYSTEM) as tx:
        for key in keys:
            tell(tx, ada.person_id, key=key, subject=f"About {key}")


def test_telling_twice_is_telling_once(deployment: Deployment, people: tuple[Actor, Actor]) -> None:
    ada, _ = people
    tell_ada(deployment, ada, "pair:1", "pair:1")
    tell_ada(deployment, ada, "pair:1")
    with deployment.reading(ada) as tx:
        assert [notice.key for notice in list_notices(tx).items] == ["pair:1"]
        assert count_unread(tx) == 1


def test_unread_notices_come_first_then_the_newest(deployment: Deployment, people: tuple[Actor, Actor], clock) -> None:
    ada, _ = people
    for key in ("a", "b", "c"):
        tell_ada(deployment, ada, key)
        clock.move(minutes=1)
    with deployment.transaction(ada) as tx:
        newest = list_notices(tx).items[0]
        assert mark_read(tx, newest.id).read_at == clock.now
    with deployment.reading(ada) as tx:
        page = list_notices(tx, size=2)
        assert ([notice.key for notice in page.items], page.total, page.pages) == (["b", "a"], 3, 2)
        assert [notice.key for notice in list_notices(tx, page=2, size=2).items] == ["c"]
        assert [notice.key for notice in list_notices(tx, unread_only=True).items] == ["b", "a"]


def test_the_first_reading_counts(deployment: Deployment, people: tuple[Actor, Actor], clock) -> None:
    ada, _ = people
    tell_ada(deployment, ada, "a")
    first = clock.now
    for _ in range(2):
        with deployment.transaction(ada) as tx:
            notice = mark_read(tx, list_notices(tx).items[0].id)
        clock.move(hours=1)
    assert notice.read_at == first


def test_others_notices_are_out_of_reach(deployment: Deployment, people: tuple[Actor, Actor]) -> None:
    ada, bo = people
    tell_ada(deployment, ada, "a")
    with deployment.reading(ada) as tx:
        notice_id = list_notices(tx).items[0].id
    for other in (bo, replace(bo, person_id=None)):
        with deployment.transaction(other) as tx:
            assert list_notices(tx).items == []
            with pytest.raises(NotFound, match="not among yours"):
                mark_read(tx, notice_id)
            mark_all_read(tx)
    with deployment.reading(ada) as tx:
        assert count_unread(tx) == 1


def test_all_can_be_read_at_once(deployment: Deployment, people: tuple[Actor, Actor]) -> None:
    ada, _ = people
    tell_ada(deployment, ada, "a", "b")
    with deployment.transaction(ada) as tx:
        mark_all_read(tx)
        assert count_unread(tx) == 0


def test_a_long_subject_is_cut(deployment: Deployment, people: tuple[Actor, Actor]) -> None:
    ada, _ = people
    assert ada.person_id is not None
    with deployment.transaction(SYSTEM) as tx:
        tell(tx, ada.person_id, key="long", subject="ñ" * 500)
    with deployment.reading(ada) as tx:
        subject = list_notices(tx).items[0].subject
    assert subject == "ñ" * 199 + "…"
