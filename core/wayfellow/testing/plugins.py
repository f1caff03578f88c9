"""Make plugins out of functions, for tests."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from wayfellow import hookimpl


def make_plugin(**implementations: Any) -> ModuleType:
    """Return a plugin that implements each hook named with the function given for it.

    A function that is marked with ``hookimpl`` keeps the options of its mark. An exception stands for a function that
    raises it, any other value for one that returns it.
    """
    plugin = ModuleType("made_plugin")
    for hook, given in implementations.items():
        function = given if callable(given) else _answering(given)
        setattr(plugin, hook, function if hasattr(function, "wayfellow_impl") else hookimpl(function))
    return plugin


def _answering(answer: Any) -> Callable[[], Any]:
    def implementation() -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return implementation
