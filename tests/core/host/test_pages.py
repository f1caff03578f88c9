"""Plugins hide people, bring entries and panels, and answer for a person's data."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from wayfellow.config import Config
from wayfellow.deployment import Deployment
from wayfellow.host import Health, PlacedPanel, PluginFailed, PluginHost
from wayfellow.people.models import Person
from wayfellow.testing.plugins import make_plugin
from wayfellow.types import (
    ANONYMOUS,
    SYSTEM,
    Actor,
    NavItem,
    Panel,
    Permission,
    Role,
    RoleGrant,
    Slot,
)

Load = Callable[..., PluginHost]

IDS = np.array([1, 2, 3], dtype=np.int64)


@pytest.mark.parametrize("answer", [None, np.ones(2, bool), np.ones(3, np.int64), "yes"], ids=repr)
def test_everything_is_hidden_when_a_plugin_cannot_say(answer: Any, load: Load, session: Session) -> None:
    implementation = RuntimeError("no luck") if answer is None else answer
    host = load(hides=make_plugin(filter_visible=implementation))
    assert not host.filter_visible(SYSTEM, "people.read", IDS, session).any()


def test_any_plugin_may_hide_and_none_may_show_again(calm: Config, load: Load, session: Session) -> None:
    host = load(
        calm,
        a=make_plugin(filter_visible=lambda ids: ids != 2),
        b=make_plugin(filter_visible=lambda ids: ids != 3),
        c=make_plugin(filter_visible=None),
    )
    assert host.filter_visible(SYSTEM, "people.read", IDS, session).tolist() == [True, False, False]
    assert load().filter_visible(SYSTEM, "people.read", IDS, session).all()


@pytest.mark.parametrize(("hook", "doing"), [("collect_person_data", "keeps about"), ("erase_person_data", "to erase")])
@pytest.mark.parametrize(
    "answer",
    [RuntimeError("no luck"), SystemExit("no luck"), object()],
    ids=["an error", "an exit", "no answer at all"],
)
def test_requests_about_a_person_fail_and_name_the_plugin(
    hook: str, doing: str, answer: Any, load: Load, session: Session
) -> None:
    host = load(diary=make_plugin(**{hook: answer}))
    with pytest.raises(PluginFailed, match=f"'diary' failed.*{doing}"):
        getattr(host, hook)(1, session)


def test_what_json_cannot_hold_is_no_answer(load: Load, session: Session) -> None:
    host = load(diary=make_plugin(collect_person_data={"page": object()}))
    with pytest.raises(PluginFailed, match="what JSON can't hold"):
        host.collect_person_data(1, session)


def test_person_data_comes_by_plugin(load: Load, session: Session) -> None:
    diary = make_plugin(collect_person_data={"pages": 3}, erase_person_data=3)
    host = load(diary=diary, empty=make_plugin(collect_person_data=None, erase_person_data=0))
    assert host.collect_person_data(1, session) == {"diary": {"pages": 3}}
    assert host.erase_person_data(1, session) == {"diary": 3, "empty": 0}


COORDINATOR = Actor(1, "Ana", frozenset({RoleGrant(Role.COORDINATOR, 3)}))


def test_entries_are_sorted_and_only_those_that_the_user_may_open(load: Load) -> None:
    items = [
        NavItem("a.late", "Late", 200),
        NavItem("a.staff", "Staff", 10, "people.edit"),
        NavItem("a.own", "Own", 10, "a.read"),
    ]
    plugin = make_plugin(
        list_nav_items=items,
        register_permissions=lambda: [Permission("a.read", "read", frozenset({Role.MENTEE}))],
    )
    host = load(a=plugin)
    assert [item.label for item in host.list_nav_items(COORDINATOR)] == ["Staff", "Late"]
    assert [item.label for item in host.list_nav_items(SYSTEM)] == ["Own", "Staff", "Late"]
    assert [item.label for item in host.list_nav_items(ANONYMOUS)] == ["Late"]


def half_a_generator() -> Any:
    yield NavItem("a.index", "A")
    raise RuntimeError("no luck")


@pytest.mark.parametrize(
    "implementation",
    [RuntimeError("no luck"), SystemExit(0), half_a_generator, ["x"], [NavItem("b.b", "B", 1, "b.unknown")]],
)
def test_a_plugin_whose_entries_fail_has_none(implementation: Any, load: Load) -> None:
    good = make_plugin(list_nav_items=[NavItem("good.index", "Good")])
    host = load(bad=make_plugin(list_nav_items=implementation), good=good)
    assert [item.label for item in host.list_nav_items(COORDINATOR)] == ["Good"]
    assert host.plugin("bad").health is Health.FAILING


def test_a_failing_panel_leaves_a_sentence_and_the_transaction_usable(deployment: Deployment, load: Load) -> None:
    def list_panels(session: Any) -> Any:
        session.execute(text("SELECT * FROM no_such_table"))

    late, early = Panel("Late", "good/late.html", order=9), Panel("Early", "good/early.html", order=1)
    good = make_plugin(list_panels=[late, early])
    host = load(bad=make_plugin(list_panels=list_panels), good=good)
    with deployment.reading(SYSTEM) as tx:
        placed = host.list_panels(SYSTEM, Slot.HOME_MAIN, 1, tx.session)
        assert tx.session.scalars(select(Person)).all() == []
    notice = PlacedPanel("bad", None, "The plugin 'bad' could not show its part of this page.")
    assert placed == [notice, PlacedPanel("good", early), PlacedPanel("good", late)]
