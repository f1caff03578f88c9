"""Offer ``wayfellow sample books``."""

from __future__ import annotations

import click

from wayfellow.cli.shell import Shell, pass_shell
from wayfellow.types import SYSTEM
from wayfellow_sample.shelf import list_books


@click.command()
@pass_shell
def books(shell: Shell) -> None:
    """Print the books on the shelf."""
    settings = shell.deployment.host.settings("sample")
    with shell.deployment.reading(SYSTEM) as tx:
        titles = [book.title for book in list_books(tx.session)]
    click.echo(f"{settings['shelf_name']}: {', '.join(titles) or 'empty'}")
