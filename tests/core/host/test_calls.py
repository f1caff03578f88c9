"""Every hook is called through the host, and a method takes what its hook takes."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from sqlalchemy.orm import Session

from wayfellow import hookspecs
from wayfellow.config import Config
from wayfellow.host import Health, PluginHost
from wayfellow.testing.plugins import make_plugin
from wayfellow.testing.problems import match_problem
from wayfellow.types import (
    SYSTEM,
    MatchState,
    Slot,
)

Load = Callable[..., PluginHost]

PROBLEM = match_problem(3, 2)
NOTHING = csr_array((3, 2), dtype=np.float32)
HALF = np.full((3, 2), 0.5, dtype=np.float32)
IDS = np.array([1, 2, 3], dtype=np.int64)


HALF = np.full((3, 2), 0.5, dtype=np.float32)

#: How each hook that is no register_* is called through the host.
CALLS: dict[str, dict[str, Any]] = {
    "score_matches": {"problem": PROBLEM},
    "forbid_matches": {"problem": PROBLEM},
    "explain_forbidden": {"problem": PROBLEM, "pairs": np.zeros((0, 2), np.int64)},
    "assign_matches": {"problem": PROBLEM, "scores": NOTHING, "forbidden": NOTHING.astype(bool)},
    "explain_matches": {"problem": PROBLEM, "pairs": np.zeros((0, 2), np.int64)},
    "filter_visible": {"user": SYSTEM, "permission": "people.read", "ids": IDS, "session": None},
    "list_nav_items": {"user": SYSTEM},
    "list_panels": {"user": SYSTEM, "slot": Slot.HOME_MAIN, "subject_id": 1, "session": None},
    "collect_person_data": {"person_id": 1, "session": None},
    "erase_person_data": {"person_id": 1, "session": None},
    "on_profile_saved": {"person_id": 1, "changed": frozenset({"expertise"})},
    "on_goal_saved": {"goal_id": 1, "created": True},
    "on_matches_proposed": {"run_id": 1, "match_ids": IDS},
    "on_match_changed": {"match_id": 1, "before": None, "after": MatchState.PROPOSED, "actor_id": None},
    "on_meeting_held": {"meeting_id": 1},
}

#: Where the host keeps or gives what each register_* brought.
REGISTERED: dict[str, Callable[[PluginHost], Any]] = {
    "register_hookspecs": lambda host: host.plugins,
    "register_settings": lambda host: host.settings("only"),
    "register_models": lambda host: host.models,
    "register_migrations": lambda host: host.migrations,
    "register_profile_fields": lambda host: host.profile_fields,
    "register_goal_kinds": lambda host: host.goal_kinds,
    "register_criteria": lambda host: host.criterion_kinds,
    "register_permissions": lambda host: host.permissions,
    "register_blueprints": lambda host: host.blueprints(),
    "register_commands": lambda host: host.commands("only"),
    "register_jobs": lambda host: host.jobs,
    "register_channels": lambda host: host.channels,
    "register_message_kinds": lambda host: host.message_kinds,
    "register_formats": lambda host: host.formats,
    "register_kpis": lambda host: host.kpis,
    "register_demo_parts": lambda host: host.demo_parts,
}

SPECS = [name for name, function in vars(hookspecs).items() if hasattr(function, "wayfellow_spec")]


def recording(hook: str, calls: list[dict[str, Any]]) -> Callable[..., Any]:
    """Return an implementation with exactly the hook's arguments, which notes what it was given."""
    names = list(inspect.signature(getattr(hookspecs, hook)).parameters)
    namespace: dict[str, Any] = {"calls": calls}
    answer = [] if hook.startswith("register_") and hook != "register_migrations" else None
    exec(f"def {hook}({', '.join(names)}): calls.append(dict(locals())); return {answer}", namespace)  # noqa: S102
    function: Callable[..., Any] = namespace[hook]
    return function


@pytest.mark.parametrize("hook", SPECS)
def test_every_hook_is_called_with_all_its_arguments(hook: str, load: Load, session: Session) -> None:
    calls: list[dict[str, Any]] = []
    host = load(only=make_plugin(**{hook: recording(hook, calls)}))
    if hook in REGISTERED:
        REGISTERED[hook](host)
        given: dict[str, Any] = {"host": host}
    else:
        given = {key: session if key == "session" else value for key, value in CALLS[hook].items()}
        getattr(host, hook)(**given)
    [called] = calls
    assert host.plugin("only").health is Health.OK
    assert called == {name: given.get(name, session) for name in inspect.signature(getattr(hookspecs, hook)).parameters}


@pytest.mark.parametrize("hook", SPECS)
def test_a_method_takes_what_its_hook_takes(hook: str) -> None:
    spec = inspect.signature(getattr(hookspecs, hook)).parameters
    if hook.startswith("register_"):
        assert hook in REGISTERED
        return
    method = inspect.signature(getattr(PluginHost, hook)).parameters
    wanted = {name: parameter.annotation for name, parameter in spec.items()}
    if hook.startswith("on_"):
        del wanted["session"]  # the host supplies it
    assert {name: parameter.annotation for name, parameter in list(method.items())[1:]} == wanted
    assert list(method)[1:] == [name for name in spec if name in wanted]


@pytest.mark.parametrize("hook", CALLS)
def test_a_strict_host_raises_what_plugins_raise(hook: str, calm: Config, load: Load, session: Session) -> None:
    host = load(replace(calm, strict=True), bad=make_plugin(**{hook: RuntimeError("no luck")}))
    with pytest.raises(RuntimeError, match="no luck"):
        given = {key: session if key == "session" else value for key, value in CALLS[hook].items()}
        if "problem" in given:
            given["problem"] = match_problem(3, 2)
        getattr(host, hook)(**given)


@pytest.mark.parametrize("hook", CALLS)
def test_without_plugins_every_hook_has_an_answer(hook: str, load: Load, session: Session) -> None:
    given = {key: session if key == "session" else value for key, value in CALLS[hook].items()}
    answer = getattr(load(), hook)(**given)
    assert answer is None or not isinstance(answer, list) or answer == []


def test_one_fault_is_written_to_the_log_with_its_plugin_and_hook(caplog: pytest.LogCaptureFixture, load: Load) -> None:
    load(bad=make_plugin(list_nav_items=RuntimeError("no luck"))).list_nav_items(SYSTEM)
    [record] = caplog.records
    found = {key: record.__dict__[key] for key in ("plugin", "hook", "reason")}
    assert found == {"plugin": "bad", "hook": "list_nav_items", "reason": "RuntimeError: no luck"}
