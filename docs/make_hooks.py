"""Write docs/developers/hooks.md and the snapshot of the hooks from their specifications.

``--check`` writes nothing and exits with 1 when one of the two is out of date.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from wayfellow import hookspecs
from wayfellow.host.catalogue import LABELS, HookDescription, describe_hooks

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "developers" / "hooks.md"
SNAPSHOT = ROOT / "tests" / "core" / "hookspecs.json"

INTRODUCTION = """\
# Hooks

<!-- Written by docs/make_hooks.py from core/wayfellow/hookspecs.py: change that file, then run the script. -->

A plugin is a module (or an object) that implements some of these hooks and is named by an entry point of the group
`wayfellow.plugins`. An implementation is a function with the hook's name, marked with `wayfellow.hookimpl`. It takes
those of the hook's arguments that it needs, by name.

## The rules

**The first word is the contract.** `register_*` is asked once at start-up and returns an iterable. A verb computes now
and returns a value, or `None` for "no opinion". `on_*` tells a fact after commit and returns nothing.

**Order.** Plugins are called by name. An operator may put some first or last: `priority = {timezones = -10}` below
`[plugins]` in `wayfellow.toml`; the others have 0. `hookimpl(tryfirst=True)` and `trylast=True` move an implementation
before or after all others.

**One plugin's fault stays its own.** A plugin that can't be imported, whose `register_*` raises, or that breaks a rule
is unloaded alone; `wayfellow plugin list` says why. What happens when a verb or a fact raises stands below each hook.
An answer of the wrong shape or type counts as raised. `strict = true` below `[wayfellow]` raises everything
instead: use it in tests.

**Names.** Tables start with the plugin's name and an underscore. Permissions, jobs and key figures start with the name
and a dot. Blueprints are named as the plugin, and templates lie in a folder of the plugin's name.

**Refused at start-up.** A hook that does not exist (unless marked `hookimpl(optionalhook=True)`, as is right for hooks
of other plugins), an argument that the hook does not have, and wrappers, except around `assign_matches`.

**What may change.** Hooks gain arguments without harm to plugins that don't ask for them. A plugin that asks for an
argument which the installed Wayfellow lacks is refused with a sentence that says so. Hooks never change their meaning:
a changed meaning gets a new name.
"""

SECTIONS = (
    ("register_", "Asked once at start-up"),
    ("", "Verbs: compute now"),
    ("on_", "Facts, told after commit"),
)


def page(hooks: list[HookDescription]) -> str:
    """Return the reference page."""
    parts = [INTRODUCTION]
    for prefix, title in SECTIONS:
        parts.append(f"\n## {title}\n")
        parts += [section(hook) for hook in hooks if kind(hook.name) == prefix]
    return "".join(parts)


def kind(name: str) -> str:
    """Return the prefix that says which kind of hook this is, "" for verbs."""
    return next((prefix for prefix, _ in SECTIONS if prefix and name.startswith(prefix)), "")


def section(hook: HookDescription) -> str:
    """Return one hook's part of the page."""
    lines = [f"- **{label}:** {code(hook.labelled[label])}" for label in LABELS]
    head = f"\n### {hook.name}\n\n```python\n{hook.signature}\n```\n\n{code(hook.summary)}\n\n"
    return head + "\n".join(lines) + "\n"


def code(text: str) -> str:
    """Return reStructuredText's literals as Markdown's."""
    return text.replace("``", "`")


def main() -> int:
    """Write or check both files."""
    hooks = describe_hooks(hookspecs)
    wanted = {
        PAGE: page(hooks),
        SNAPSHOT: json.dumps([hook.contract() for hook in hooks], indent=2) + "\n",
    }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        if "--check" in sys.argv:
            print(f"{path.relative_to(ROOT)} is out of date. Run: python docs/make_hooks.py")
        else:
            path.write_text(wanted[path], encoding="utf-8")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
