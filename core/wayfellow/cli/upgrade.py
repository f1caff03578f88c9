"""Upgrade the database from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wayfellow.cli.shell import Shell, pass_shell

if TYPE_CHECKING:
    from wayfellow.deployment import Deployment

#: What ``upgrade --check`` exits with when there is something to upgrade.
DUE = 3


@click.command()
@click.option("--check", is_flag=True, help=f"Change nothing; exit with {DUE} when there is something to upgrade.")
@click.option("--no-backup", is_flag=True, help="Do not copy an embedded database first.")
@pass_shell
def upgrade(shell: Shell, check: bool, no_backup: bool) -> None:
    """Bring the database up to this version, after a backup.

    Core comes first, then the web, then each plugin on its own: one that fails is named and leaves no trace, the others
    are upgraded all the same, and the exit code is 1.
    """
    from wayfellow.migrations import runner

    deployment = shell.deployment
    _name_unloaded(deployment)
    if check:
        raise SystemExit(_check(deployment))
    if not runner.upgrade(deployment, say=click.echo, backup=not no_backup):
        raise SystemExit(1)


def _check(deployment: Deployment) -> int:
    from wayfellow.migrations.owners import find_owners
    from wayfellow.migrations.runner import look

    standings = look(deployment.engine, find_owners(deployment.host.migrations))
    for standing in standings:
        click.echo(str(standing))
    if any(standing.error for standing in standings):
        return 1
    return DUE if any(standing.is_due for standing in standings) else 0


def _name_unloaded(deployment: Deployment) -> None:
    for plugin in deployment.host.plugins:
        if plugin.error and not plugin.is_loaded:
            click.echo(f"Plugin {plugin.name}: not loaded, its tables are left alone. {plugin.error}")
