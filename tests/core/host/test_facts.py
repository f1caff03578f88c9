"""Plugins hear facts after commit, each in a transaction of its own."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text

from wayfellow.config import Config
from wayfellow.deployment import Deployment
from wayfellow.host import Health, PluginHost
from wayfellow.people.models import Person
from wayfellow.testing.plugins import make_plugin
from wayfellow.testing.problems import match_problem
from wayfellow.types import SYSTEM

Load = Callable[..., PluginHost]
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def add(session: Any, name: str) -> None:
    session.add(Person(reference=name, name=name, created_at=NEW_YEAR, updated_at=NEW_YEAR))


def adds(name: str, then: Callable[[Any], None] = lambda session: None) -> object:
    """Return a plugin that writes a person, and then does something else."""

    def on_goal_saved(session: Any) -> None:
        add(session, name)
        session.flush()
        then(session)

    return make_plugin(on_goal_saved=on_goal_saved)


def stop(session: Any) -> None:
    raise SystemExit(1)


def stumble(session: Any) -> None:
    raise RuntimeError("no luck")


def ask_nonsense(session: Any) -> None:
    session.execute(text("SELECT * FROM no_such_table"))


def fail_at_commit(session: Any) -> None:
    add(session, "twice")
    add(session, "twice")


def people(deployment: Deployment) -> list[str]:
    with deployment.reading(SYSTEM) as tx:
        return sorted(tx.session.scalars(select(Person.name)))


def test_each_plugin_hears_a_fact_in_a_transaction_of_its_own(deployment: Deployment, load_with_database: Load) -> None:
    host = load_with_database(
        a=adds("a", stumble), b=adds("b"), c=adds("c", stop), d=adds("d", ask_nonsense), e=adds("e", fail_at_commit)
    )
    host.on_goal_saved(1, True)
    assert people(deployment) == ["b"]
    assert {plugin.name for plugin in host.plugins if plugin.health is Health.FAILING} == {"a", "c", "d", "e"}


def test_facts_are_told_after_the_commit_and_not_after_a_rollback(
    deployment: Deployment, load_with_database: Load
) -> None:
    deployment.host = load_with_database(echo=adds("echo"))
    with pytest.raises(RuntimeError), deployment.transaction(SYSTEM) as tx:
        tx.tell(lambda host: host.on_goal_saved(1, True))
        raise RuntimeError
    assert people(deployment) == []
    with deployment.transaction(SYSTEM) as tx:
        add(tx.session, "first")
        tx.tell(lambda host: host.on_goal_saved(1, True))
    assert people(deployment) == ["echo", "first"]


def test_who_asks_for_no_session_opens_no_transaction(calm: Config) -> None:
    heard: list[int] = []
    quick = make_plugin(on_goal_saved=lambda goal_id: heard.append(goal_id))
    PluginHost.load(calm, plugins=[("quick", quick)]).on_goal_saved(7, False)
    assert heard == [7]


def test_a_host_without_a_database_says_so(calm: Config) -> None:
    host = PluginHost.load(calm, plugins=[("a", adds("a"))])
    host.on_goal_saved(1, True)
    assert "this host was loaded without a database" in host.plugin("a").error


def test_the_keyboard_interrupts_any_call(load: Load) -> None:
    host = load(a=make_plugin(on_goal_saved=KeyboardInterrupt(), score_matches=KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        host.on_goal_saved(1, True)
    with pytest.raises(KeyboardInterrupt):
        host.score_matches(match_problem(1, 1))
