"""The catalogue of hooks is a contract: each change shows in a snapshot and in the reference."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from wayfellow import hookspecs
from wayfellow.host.catalogue import LABELS, HookDescription, describe_hooks

ROOT = Path(__file__).parent.parent.parent
HOOKS = describe_hooks(hookspecs)


def test_hooks_are_as_in_the_snapshot() -> None:
    """If this fails on purpose, run ``python docs/make_hooks.py`` and tell of the change in the changelog."""
    snapshot = json.loads((ROOT / "tests" / "core" / "hookspecs.json").read_text("utf-8"))
    assert [hook.contract() for hook in HOOKS] == snapshot


def test_the_reference_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "docs/make_hooks.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_each_docstring_says_when_what_and_what_if(hook: HookDescription) -> None:
    assert hook.summary.endswith(".")
    assert list(hook.labelled) == list(LABELS)
    assert all(hook.labelled.values())


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_each_name_keeps_the_grammar(hook: HookDescription) -> None:
    first = hook.name.split("_")[0]
    assert first in {"register", "on", "score", "forbid", "assign", "explain", "filter", "list", "collect", "erase"}
    assert hook.firstresult == (hook.name == "assign_matches")
    if first == "on":
        assert hook.returns == "None"
        assert list(hook.arguments)[-1] == "session"
