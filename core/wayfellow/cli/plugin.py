"""Offer ``wayfellow plugin``: see which plugins there are and how they are, switch them on and off."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from difflib import get_close_matches

import click

from wayfellow.cli.shell import Shell, pass_shell
from wayfellow.config_file import write_disabled
from wayfellow.errors import NotFound
from wayfellow.host import PluginHost, PluginInfo
from wayfellow.host.discovery import find_candidates


@click.group()
def plugin() -> None:
    """See, switch on and switch off plugins."""


@plugin.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@pass_shell
def list_plugins(shell: Shell, as_json: bool) -> None:
    """List installed plugins in the order in which they are called."""
    plugins = PluginHost.load(replace(shell.config, strict=False)).plugins
    if as_json:
        click.echo(json.dumps([asdict(info) for info in plugins], indent=2))
    elif not plugins:
        click.echo("No plugin is installed. The next step: pip install one, such as wayfellow-plugin-timezones.")
    else:
        click.echo("\n".join(_lines(plugins)))


@plugin.command()
@click.argument("name")
@pass_shell
def enable(shell: Shell, name: str) -> None:
    """Switch a plugin on in the configuration file."""
    disabled = shell.config.disabled_plugins
    if name not in disabled:
        _require_installed(name)
        click.echo(f"The plugin {name!r} is on already.")
        return
    path = write_disabled(shell.config, disabled - {name})
    click.echo(f"The plugin {name!r} is on from the next start ({path}). If it has tables, run: wayfellow upgrade")


@plugin.command()
@click.argument("name")
@pass_shell
def disable(shell: Shell, name: str) -> None:
    """Switch a plugin off in the configuration file; its tables stay."""
    _require_installed(name)
    if name in shell.config.disabled_plugins:
        click.echo(f"The plugin {name!r} is off already.")
        return
    path = write_disabled(shell.config, shell.config.disabled_plugins | {name})
    click.echo(f"The plugin {name!r} is off from the next start ({path}). Its tables stay as they are.")


def _require_installed(name: str) -> None:
    names = sorted({candidate.name for candidate in find_candidates()})
    if name not in names:
        close = get_close_matches(name, names, n=1)
        way_out = f"Did you mean {close[0]!r}?" if close else f"Installed are: {', '.join(names) or 'none'}."
        raise NotFound(f"No plugin {name!r} is installed. {way_out}")


def _lines(plugins: tuple[PluginInfo, ...]) -> list[str]:
    rows = [("NAME", "VERSION", "FROM", "HEALTH", "HOOKS")]
    rows += [(p.name, p.version or "-", p.origin or "-", str(p.health), ", ".join(p.hooks) or "-") for p in plugins]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    ]
    for position, info in reversed(list(enumerate(plugins, start=1))):
        if info.error:
            lines.insert(position + 1, f"  {info.error}")
    return lines
