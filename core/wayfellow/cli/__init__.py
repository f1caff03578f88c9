"""Offer Wayfellow on the command line; a command's code is imported only when it is called."""

from __future__ import annotations

import click

from wayfellow._version import __version__
from wayfellow.cli.lazy import LazyGroup
from wayfellow.cli.shell import Shell, config_option


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wayfellow")
@click.option("--debug", is_flag=True, help="Show tracebacks and more of the log.")
@config_option
@click.pass_context
def main(context: click.Context, debug: bool) -> None:
    """Run mentorship programmes: match people, publish pairs, meet."""
    from wayfellow.logging import configure_logging

    configure_logging("INFO" if debug else "WARNING", traces=debug)
    context.ensure_object(Shell)
