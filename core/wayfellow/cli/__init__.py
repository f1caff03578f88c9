"""Offer Wayfellow on the command line."""

import click

from wayfellow._version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wayfellow")
def main() -> None:
    """Run mentorship programmes: match people, publish pairs, meet."""
