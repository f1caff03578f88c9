"""Find commands by name without importing any: core's own, those of other packages, and those of plugins."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

import click

from wayfellow.cli.failures import report
from wayfellow.cli.shell import Shell
from wayfellow.errors import WayfellowError

#: Core's commands: where each lives, and what ``wayfellow --help`` says of it.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "doctor": ("wayfellow.cli.doctor:doctor", "Look the deployment over and name what is wrong."),
    "init": ("wayfellow.cli.init:init", "Make the configuration and the data folder of a new deployment."),
    "match": ("wayfellow.cli.match:match", "Match the people of two CSV files, without a database."),
    "match-diff": ("wayfellow.cli.match_diff:match_diff", "Say who moves from whom to whom between two matches."),
    "plugin": ("wayfellow.cli.plugin:plugin", "See, switch on and switch off plugins."),
    "test-mail": ("wayfellow.cli.test_mail:test_mail", "Send a test mail, to see whether mail is set up well."),
    "upgrade": ("wayfellow.cli.upgrade:upgrade", "Bring the database up to this version, after a backup."),
    "worker": ("wayfellow.cli.worker:worker", "Run jobs in a process of their own."),
}

#: The same for commands that come by entry point with the web, as their code may not be imported for a line of help.
HELP: Mapping[str, str] = {
    "demo": "Set up the demo programme and show it.",
    "serve": "Serve the pages in the browser.",
    "sign-in-link": "Print a link that signs someone in once.",
}


class LazyGroup(click.Group):
    """Be the ``wayfellow`` command."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands but those of plugins, which nobody knows before loading them."""
        return sorted({*super().list_commands(context), *COMMANDS, *(point.name for point in _points("wayfellow.cli"))})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import and return a command, None when there is none of that name."""
        if name in COMMANDS:
            module, _, attribute = COMMANDS[name][0].partition(":")
            command: click.Command = getattr(import_module(module), attribute)
            return command
        for point in _points("wayfellow.cli"):
            if point.name == name:
                return _load(point)
        return _plugin_group(context, name) or super().get_command(context, name)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from what is known without importing them."""
        points = {point.name: point for point in _points("wayfellow.cli")}
        rows = []
        for name in self.list_commands(context):
            text = COMMANDS[name][1] if name in COMMANDS else HELP.get(name)
            rows.append((name, text or f"From {points[name].module.partition('.')[0]}."))
        with formatter.section("Commands"):
            formatter.write_dl(rows)
        plugins = sorted(point.name for point in _points("wayfellow.plugins"))
        formatter.write_paragraph()
        formatter.write_text(f"Plugins may bring more, such as: wayfellow {plugins[0] if plugins else 'PLUGIN'} --help")

    def invoke(self, context: click.Context) -> Any:
        """Run a command; an error becomes a sentence and an exit code."""
        try:
            return super().invoke(context)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if context.params.get("debug") or getattr(error, "errno", None) == errno.EPIPE:
                raise
            raise report(error) from error


def _points(group: str) -> list[Any]:
    return list(entry_points(group=group))


def _load(point: Any) -> click.Command:
    try:
        command: click.Command = point.load()
    except Exception as error:
        raise WayfellowError(
            f"The command {point.name!r} can't be loaded from {point.value}: {type(error).__name__}: {error}. "
            "Install the package that brings it anew."
        ) from error
    return command


def _plugin_group(context: click.Context, name: str) -> click.Group | None:
    if name not in {point.name for point in _points("wayfellow.plugins")}:
        return None
    host = context.ensure_object(Shell).deployment.host
    commands = host.commands(name)
    info = host.plugin(name)
    if not info.is_loaded:
        raise WayfellowError(f"The plugin {name!r} is {info.health}: {info.error}.")
    if not commands:
        raise WayfellowError(f"The plugin {name!r} brings no commands.")
    return click.Group(name, commands, help=f"Commands of the plugin {name} {info.version}.")
