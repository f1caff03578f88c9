"""See which plugin answers, or raises, where pluggy makes the calls and tells neither."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Witness:
    """Note the last implementation that ran in this thread, and what it raised."""

    def __init__(self) -> None:
        self._seen = threading.local()

    def watch(self, implementation: Any) -> None:
        """Have an implementation noted whenever it runs; wrappers only pass answers on and are not."""
        if not (implementation.wrapper or implementation.hookwrapper):
            implementation.function = self._watched(implementation.plugin_name, implementation.function)

    def culprit(self, error: BaseException, implementations: list[Any]) -> str:
        """Return who is to blame for an error: who raised it, else a wrapper, which has the last word, else who ran."""
        if getattr(self._seen, "raised", None) is error:
            return str(self._seen.plugin)
        wrappers = [other.plugin_name for other in implementations if other.wrapper or other.hookwrapper]
        return str(wrappers[0] if wrappers else self._seen.plugin)

    def _watched(self, plugin: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any) -> Any:
            self._seen.plugin, self._seen.raised = plugin, None
            try:
                return function(*arguments)
            except BaseException as error:
                self._seen.raised = error
                raise

        return watched
