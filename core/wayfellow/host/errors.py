"""Hold the errors that plugins cause."""

from __future__ import annotations

from typing import Any

from wayfellow.errors import WayfellowError


class PluginRefused(WayfellowError):
    """Say why a plugin can't be loaded."""


class PluginFailed(WayfellowError):
    """Say which plugin failed where nothing may go on without its answer."""

    status = 500

    def __init__(self, plugin: str, doing: str, error: BaseException) -> None:
        super().__init__(
            f"The plugin {plugin!r} failed while it was asked {doing} ({describe(error)}), so nothing was changed. "
            f"Report it to the plugin's authors, or switch it off with: wayfellow plugin disable {plugin}"
        )
        self.plugin = plugin

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes as the sentence, since the error behind it may not."""
        return _told, (self.plugin, str(self))


def _told(plugin: str, sentence: str) -> PluginFailed:
    failed = PluginFailed.__new__(PluginFailed, sentence)
    failed.plugin = plugin
    return failed


class BadAnswer(Exception):
    """Say in what way a plugin's answer breaks the contract of its hook."""


def describe(error: BaseException) -> str:
    """Return an error as one line: its own sentence where it was written for people, else with its type."""
    text = " ".join(str(error).split())
    if isinstance(error, WayfellowError | BadAnswer):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
