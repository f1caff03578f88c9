"""Check a plugin's hook implementations against the specifications before anything is registered."""

from __future__ import annotations

from difflib import get_close_matches
from inspect import signature
from typing import Any, cast

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


def check_specs(manager: pluggy.PluginManager, module: object, specs: dict[str, tuple[str, ...]]) -> None:
    """Refuse a plugin's own hooks that exist already, or that the host could not call as it promises.

    Facts (``on_*``) take ``session`` first, which the host supplies. Raises PluginRefused.
    """
    for name in dir(module):
        options = manager.parse_hookspec_opts(cast("Any", module), name)
        if options is None:
            continue
        if name in specs:
            raise PluginRefused(f"it declares the hook {name!r}, which exists already")
        if options["firstresult"] or options["historic"]:
            raise PluginRefused(f"it declares the hook {name!r} as firstresult or historic, which only core may")
        if name.startswith("on_") and [*signature(getattr(module, name)).parameters][:1] != ["session"]:
            raise PluginRefused(f"it declares the fact {name!r}, whose first argument must be 'session'")


def _unknown_hook(name: str, specs: dict[str, tuple[str, ...]]) -> str:
    close = get_close_matches(name, specs, n=1)
    if close:
        return f"there is no hook {name!r}: did you mean {close[0]!r}?"
    return (
        f"there is no hook {name!r}: needs a newer wayfellow than {__version__}, or a plugin that declares it; "
        "mark it with hookimpl(optionalhook=True) if it may be missing"
    )
