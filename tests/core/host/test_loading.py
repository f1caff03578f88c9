"""Each plugin stands or falls alone, and says why."""

import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wayfellow import hookimpl
from wayfellow.config import Config
from wayfellow.host import Health, PluginHost, PluginInfo, PluginRefused
from wayfellow.host.discovery import RESERVED
from wayfellow.migrations import tables
from wayfellow.testing.plugins import make_plugin
from wayfellow.types import (
    GoalKind,
    Permission,
)

GOOD = make_plugin(register_permissions=[Permission("good.read", "read")])

Load = Callable[..., PluginHost]


def write_distribution(folder: Path, name: str, entry_points: dict[str, str], version: str = "1.5") -> None:
    """Install a distribution by hand: its metadata is all that finding plugins reads."""
    metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = [f"{key} = {value}" for key, value in entry_points.items()]
    (metadata / "entry_points.txt").write_text("\n".join(["[wayfellow.plugins]", *lines]))


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Give a function that installs a plugin from its source."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "modules", sys.modules.copy())

    def install(name: str, source: str, distribution: str = "") -> None:
        module = f"installed_{name}_{len(list(folder.iterdir()))}"
        (folder / f"{module}.py").write_text(source)
        write_distribution(folder, distribution or f"wayfellow-{name}", {name: module})

    return install


def test_installed_plugins_are_found_with_their_version_and_origin(installed: Any, calm: Config) -> None:
    installed("zoo", "from wayfellow import hookimpl\n@hookimpl\ndef list_nav_items(user): return []\n")
    found = PluginHost.load(calm).plugin("zoo")
    assert found == PluginInfo("zoo", "1.5", "wayfellow-zoo", ("list_nav_items",), Health.OK, "")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError: No module named 'no_such_module_anywhere'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def broken(:", "SyntaxError"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_unloaded_alone(
    source: str, reason: str, installed: Any, caplog: pytest.LogCaptureFixture, calm: Config
) -> None:
    installed("broken", source)
    installed("fine", "")
    host = PluginHost.load(calm)
    assert host.plugin("broken").health is Health.UNLOADED
    assert reason in host.plugin("broken").error
    assert host.plugin("fine").health is Health.OK
    [record] = [record for record in caplog.records if record.__dict__.get("plugin") == "broken"]
    assert reason in record.__dict__["reason"]
    assert record.levelno == logging.ERROR


def test_the_keyboard_interrupts_loading(load: Load) -> None:
    with pytest.raises(KeyboardInterrupt):
        load(impatient=make_plugin(register_settings=KeyboardInterrupt()))


def test_two_distributions_with_one_name_leave_the_first(installed: Any, calm: Config) -> None:
    installed("twin", "", "b-twin")
    installed("twin", "", "a-twin")
    twins = [plugin for plugin in PluginHost.load(calm).plugins if plugin.name == "twin"]
    assert [(twin.origin, twin.health) for twin in twins] == [("a-twin", Health.OK), ("b-twin", Health.UNLOADED)]
    assert twins[1].error == "a-twin brings a plugin of that name already: uninstall one of them"


def wrapped(problem: Any) -> Any:
    return (yield)


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        (make_plugin(on_goal_svaed=None), "there is no hook 'on_goal_svaed': did you mean 'on_goal_saved'?"),
        (make_plugin(zzz=None), "there is no hook 'zzz': needs a newer wayfellow than"),
        (make_plugin(score_matches=lambda problem, foo: None), "it asks score_matches for 'foo'"),
        (make_plugin(score_matches=hookimpl(wrapper=True)(wrapped)), "it wraps score_matches, which only"),
        (make_plugin(register_hookspecs=lambda people: []), "it asks register_hookspecs for 'people'"),
    ],
)
def test_a_plugin_that_breaks_the_contract_is_refused(plugin: object, reason: str, load: Load) -> None:
    host = load(bad=plugin, good=GOOD)
    assert reason in host.plugin("bad").error
    assert [item.name for item in host.plugins if item.is_loaded] == ["good"]


def test_an_argument_from_the_future_names_the_version_at_hand(load: Load) -> None:
    host = load(bad=make_plugin(score_matches=lambda problem, foo: None))
    assert host.plugin("bad").error.startswith("needs a newer wayfellow than 0.1.0: it asks score_matches for 'foo'")


@pytest.mark.parametrize("name", ["Upper", "1st", "with-dash", "with space", "x" * 32, "core", "match"])
def test_names_that_cannot_name_tables_and_commands_are_refused(name: str, load: Load) -> None:
    host = load(**{name: make_plugin()})
    assert host.plugin(name).health is Health.UNLOADED
    assert "name" in host.plugin(name).error


def test_no_plugin_can_take_a_name_that_core_tables_begin_with() -> None:
    core = [m.class_ for m in tables.Base.registry.mappers if m.class_.__module__.startswith("wayfellow.")]
    words = [model.__tablename__.split("_") for model in core]
    assert {"_".join(parts[:end]) for parts in words for end in range(1, len(parts))} <= RESERVED


def test_a_strict_host_raises_instead(calm: Config, load: Load) -> None:
    strict = replace(calm, strict=True)
    with pytest.raises(PluginRefused, match="The plugin 'bad' can't be loaded: RuntimeError: no luck"):
        load(strict, bad=make_plugin(register_settings=RuntimeError("no luck")))
    with pytest.raises(PluginRefused, match="did you mean"):
        load(strict, bad=make_plugin(on_goal_svaed=None))


def test_disabled_plugins_are_not_even_imported(calm: Config, installed: Any, load: Load) -> None:
    installed("off", "raise RuntimeError('imported')")
    host = PluginHost.load(replace(calm, disabled_plugins=frozenset({"off"})))
    assert host.plugin("off").health is Health.DISABLED
    assert host.plugin("off").error == "switched off in the configuration"


def test_plugins_come_by_name_and_the_operator_may_move_them(calm: Config, load: Load) -> None:
    def named(plugin: str) -> ModuleType:
        return make_plugin(register_goal_kinds=lambda: [GoalKind(plugin, plugin)])

    plugins = {name: named(name) for name in ("c", "a", "b")}
    assert [kind.key for kind in load(**plugins).goal_kinds] == ["a", "b", "c"]
    moved = load(replace(calm, plugin_priority={"c": -1, "a": 5}), **plugins)
    assert [kind.key for kind in moved.goal_kinds] == ["c", "b", "a"]
    assert [plugin.name for plugin in moved.plugins] == ["c", "b", "a"]
