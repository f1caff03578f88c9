"""Check a plugin's hook implementations against the specifications before anything is registered."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import pluggy

from wayfellow._version import __version__
from wayfellow.host.errors import PluginRefused

#: Only pluggy itself calls this hook, so only here do wrappers work.
WRAPPABLE = frozenset({"assign_matches"})


def find_implementations(manager: pluggy.PluginManager, plugin: object) -> dict[str, Any]:
    """Return the implementations of a plugin by the name of their hook."""
    found: dict[str, Any] = {}
    for attribute in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, attribute)
        if options is not None:
            implementation = pluggy.HookImpl(plugin, "", getattr(plugin, attribute), options)
            found[options.get("specname") or attribute] = implementation
    return found


def check_implementation(name: str, implementation: Any, specs: dict[str, tuple[str, ...]]) -> None:
    """Refuse a misspelt hook, an argument that the hook doesn't have, and a wrapper.

    ``specs`` holds the arguments of each declared hook. Raises PluginRefused.
    """
    if name not in specs:
        if not implementation.optionalhook:
            raise PluginRefused(_unknown_hook(name, specs))
        return
    if (implementation.wrapper or implementation.hookwrapper) and name not in WRAPPABLE:
        raise PluginRefused(f"it wraps {name}, which only assign_matches allows: implement the hook without wrapper")
    lacking = [argument for argument in implementation.argnames if argument not in specs[name]]
    if lacking:
        raise PluginRefused(
            f"needs a newer wayfellow than {__version__}: it asks {name} for {' and '.join(map(repr, lacking))}, "
            f"and here that hook gives {', '.join(specs[name]) or 'nothing'}"
        )


def _unknown_hook(name: str, specs: dict[str, tuple[str, ...]]) -> str:
    close = get_close_matches(name, specs, n=1)
    if close:
        return f"there is no hook {name!r}: did you mean {close[0]!r}?"
    return (
        f"there is no hook {name!r}: needs a newer wayfellow than {__version__}, or a plugin that declares it; "
        "mark it with hookimpl(optionalhook=True) if it may be missing"
    )
