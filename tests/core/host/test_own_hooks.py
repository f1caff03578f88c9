"""Plugins may own hooks, which other plugins implement without importing them."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from wayfellow import hookimpl, hookspec
from wayfellow.host import Health, PluginHost
from wayfellow.testing.plugins import make_plugin

Load = Callable[..., PluginHost]


def owning(*specs: Callable[..., Any]) -> ModuleType:
    """Return a plugin that declares hooks of its own."""
    module = ModuleType("own_hooks")
    for spec in specs:
        setattr(module, spec.__name__, spec)
    return make_plugin(register_hookspecs=[module])


@hookspec
def on_book_lent(session: Session, book_id: int, late: bool) -> None: ...


@hookspec
def suggest_book(person_id: int) -> str | None: ...


def optional(function: Callable[..., Any]) -> Callable[..., Any]:
    return hookimpl(optionalhook=True)(function)


def test_a_plugin_hears_the_facts_of_one_that_comes_after_it(load: Load) -> None:
    heard: list[Any] = []

    def hear(session: Session, book_id: int, late: bool) -> None:
        heard.append((session.scalar(text("SELECT 1")), book_id, late))

    host = load(a_listener=make_plugin(on_book_lent=optional(hear)), library=owning(on_book_lent))
    host.tell(on_book_lent, 7, late=True)
    assert heard == [(1, 7, True)]


def test_the_listener_works_without_the_owner(load: Load) -> None:
    host = load(a_listener=make_plugin(on_book_lent=optional(lambda book_id: None)))
    assert host.plugin("a_listener").health is Health.OK
    with pytest.raises(LookupError, match="No loaded plugin declares the hook 'on_book_lent'"):
        host.tell(on_book_lent, 7, late=True)


def test_a_listener_that_is_not_optional_needs_the_owner(load: Load) -> None:
    listener = make_plugin(on_book_lent=lambda book_id: None)
    assert load(a_listener=listener, library=owning(on_book_lent)).plugin("a_listener").health is Health.OK
    alone = load(a_listener=listener).plugin("a_listener")
    assert "or a plugin that declares it; mark it with hookimpl(optionalhook=True)" in alone.error


def test_an_optional_listener_is_still_held_to_the_arguments(load: Load) -> None:
    host = load(a_listener=make_plugin(on_book_lent=optional(lambda isbn: None)), library=owning(on_book_lent))
    assert "it asks on_book_lent for 'isbn', and here that hook gives session, book_id, late" in (
        host.plugin("a_listener").error
    )


def test_one_listener_that_fails_leaves_the_others(load: Load) -> None:
    heard: list[int] = []
    host = load(
        a=make_plugin(on_book_lent=RuntimeError("no luck")),
        b=make_plugin(on_book_lent=lambda book_id: heard.append(book_id)),
        library=owning(on_book_lent),
    )
    host.tell(on_book_lent, 7, late=False)
    assert heard == [7]
    assert host.plugin("a").health is Health.FAILING


def test_verbs_of_plugins_are_asked_of_all_and_failures_left_out(load: Load) -> None:
    host = load(
        a=make_plugin(suggest_book=RuntimeError("no luck")),
        b=make_plugin(suggest_book=None),
        c=make_plugin(suggest_book=lambda person_id: f"Book {person_id}"),
        library=owning(suggest_book),
    )
    assert host.ask(suggest_book, 3) == [("c", "Book 3")]


def test_a_call_with_wrong_arguments_is_a_fault_of_the_caller(load: Load) -> None:
    host = load(library=owning(on_book_lent, suggest_book))
    with pytest.raises(TypeError):
        host.tell(on_book_lent, 7)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        host.ask(suggest_book, isbn=7)  # type: ignore[call-arg]


@hookspec
def on_goal_saved(session: Any) -> None: ...


@hookspec(firstresult=True)
def choose_book(shelf: int) -> None: ...


@hookspec(historic=True)
def on_started(session: Any) -> None: ...


@hookspec
def on_book_found(book_id: int, session: Any) -> None: ...


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        (owning(on_goal_saved), "it declares the hook 'on_goal_saved', which exists already"),
        (owning(choose_book), "as firstresult or historic, which only core may"),
        (owning(on_started), "as firstresult or historic, which only core may"),
        (owning(on_book_found), "it declares the fact 'on_book_found', whose first argument must be 'session'"),
        (owning(), "did not find any 'wayfellow' hooks"),
    ],
)
def test_hooks_that_a_plugin_may_not_own(plugin: object, reason: str, load: Load) -> None:
    host = load(bad=plugin, good=make_plugin())
    assert reason in host.plugin("bad").error
    assert host.plugin("good").health is Health.OK


def test_two_plugins_cannot_own_one_hook(load: Load) -> None:
    host = load(a=owning(suggest_book), b=owning(suggest_book))
    assert host.plugin("a").health is Health.OK
    assert host.plugin("b").error == "it declares the hook 'suggest_book', which exists already"
