"""What a plugin registers is checked; what breaks a rule unloads that plugin alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wayfellow.config import Config
from wayfellow.db import Base
from wayfellow.host import Health, PluginHost
from wayfellow.testing.plugins import make_plugin
from wayfellow.types import (
    Channel,
    CriterionKind,
    Format,
    GoalKind,
    Job,
    Kpi,
    KpiValue,
    MessageKind,
    Migrations,
    Permission,
    ProfileField,
    Setting,
)

GOOD = make_plugin(register_permissions=[Permission("good.read", "read")])

Load = Callable[..., PluginHost]


def table(name: str) -> type[Base]:
    return type("Table", (), {"__tablename__": name})  # what a model's name is checked by


REGISTERING = [
    "register_hookspecs",
    "register_settings",
    "register_models",
    "register_migrations",
    "register_profile_fields",
    "register_goal_kinds",
    "register_criteria",
    "register_permissions",
    "register_jobs",
    "register_channels",
    "register_message_kinds",
    "register_formats",
    "register_kpis",
    "register_demo_parts",
]


@pytest.mark.parametrize("error", [RuntimeError("no luck"), SystemExit("no luck")], ids=repr)
@pytest.mark.parametrize("hook", REGISTERING)
def test_a_plugin_that_fails_to_register_is_unloaded_alone(hook: str, error: BaseException, load: Load) -> None:
    hooks = {"register_permissions": lambda: [Permission("bad.read", "read")], hook: error}
    host = load(bad=make_plugin(**hooks), good=GOOD)
    assert host.plugin("bad").health is Health.UNLOADED
    assert host.plugin("bad").error.endswith("no luck")
    assert list(host.permissions) == ["good.read"]


def anything(*args: Any) -> Any:
    return None


def no_kpi(session: Any, programme_id: int) -> KpiValue:
    return KpiValue(None, 0)


@pytest.mark.parametrize(
    ("hook", "answer", "reason"),
    [
        ("register_models", [table("people")], "its table 'people' must have a name that starts with 'bad_'"),
        ("register_models", [table("bad_"), table("bad_")], "it brings the table 'bad_', which exists already"),
        ("register_permissions", [Permission("good.read", "x")], "must have a name that starts with 'bad.'"),
        ("register_jobs", [Job("count", anything)], "its job 'count' must have a name that starts with 'bad.'"),
        ("register_kpis", [Kpi("kpi", "x", "x", no_kpi)], "its key figure 'kpi' must have a name"),
        ("register_profile_fields", [ProfileField("taken", "x")], "the profile field 'taken', which exists already"),
        ("register_profile_fields", [ProfileField("expertise", "x")], "profile field 'expertise', which exists"),
        ("register_profile_fields", [ProfileField("email", "x")], "the profile field 'email', which exists already"),
        ("register_goal_kinds", [GoalKind("taken", "x")], "it brings the goal kind 'taken', which exists already"),
        ("register_criteria", [CriterionKind("taken", "x", anything, anything)], "the kind of criteria 'taken', which"),
        ("register_channels", [Channel("taken", "x", anything)], "the channel 'taken', which exists already"),
        ("register_channels", [Channel("email", "x", anything)], "the channel 'email', which exists already"),
        ("register_message_kinds", [MessageKind("due", "x")], "message kind 'due' must have a name that starts with"),
        ("register_formats", [Format("taken", "x", anything)], "the format 'taken', which exists already"),
        ("register_formats", [Format("csv", "text/csv", anything)], "the format 'csv', which exists already"),
        ("register_settings", [Setting("a", "x", 1), Setting("a", "x", 2)], "the setting 'a', which exists already"),
        ("register_settings", ["a"], "returned str instead of Setting"),
        ("register_jobs", 7, "TypeError"),
        ("register_migrations", "folder", "register_migrations must name a folder that exists, not 'folder'"),
        ("register_migrations", Migrations(Path("/no/such/folder")), "must name a folder that exists"),
    ],
)
def test_what_a_plugin_registers_is_checked(hook: str, answer: Any, reason: str, load: Load) -> None:
    earlier = make_plugin(
        register_profile_fields=lambda: [ProfileField("taken", "Taken")],
        register_goal_kinds=lambda: [GoalKind("taken", "Taken")],
        register_criteria=lambda: [CriterionKind("taken", "Taken", anything, anything)],
        register_channels=lambda: [Channel("taken", "Taken", anything)],
        register_formats=lambda: [Format("taken", "text/plain", anything)],
    )
    host = load(a_first=earlier, bad=make_plugin(**{hook: lambda: answer}))
    assert reason in host.plugin("bad").error
    assert host.plugin("bad").health is Health.UNLOADED
    assert host.plugin("a_first").health is Health.OK


class Printed:
    """Stand in for a blueprint where only its name counts."""

    def __init__(self, name: str) -> None:
        self.name = name


def test_blueprints_and_commands_are_asked_for_when_needed(calm: Config, load: Load) -> None:
    host = load(
        calm,
        one=make_plugin(register_blueprints=lambda: [Printed("one"), Printed("one_more")]),
        two=make_plugin(register_blueprints=lambda: [Printed("elsewhere")], register_goal_kinds=lambda: []),
        three=make_plugin(register_commands=SystemExit(2)),
    )
    assert [(plugin, blueprint.name) for plugin, blueprint in host.blueprints()] == [
        ("one", "one"),
        ("one", "one_more"),
    ]
    assert host.plugin("two").error == "its blueprint 'elsewhere' must be named 'two' or start with 'two_'"
    assert host.plugin("three").health is Health.OK
    assert host.commands("one") == []
    assert host.plugin("three").health is Health.OK
    assert host.commands("three") == []
    assert host.plugin("three").health is Health.UNLOADED
