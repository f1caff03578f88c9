"""Offer ``wayfellow demo``."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--var", "folder", default=Path("var"), show_default=True, type=FOLDER, help="Where its data is kept.")
@click.option("--data", type=FOLDER, help="The folder with mentors.csv and mentees.csv. [default: examples/demo]")
@click.option("--no-serve", is_flag=True, help="Stop after the summary.")
@click.option("--reset", is_flag=True, help="Start over.")
@click.option("--port", default=8080, show_default=True, help="The port to listen on; a free one if that is taken.")
def demo(folder: Path, data: Path | None, no_serve: bool, reset: bool, port: int) -> None:
    """Set up the demo programme and show it on this machine."""
    from wayfellow.config import default_config
    from wayfellow.deployment import open_deployment
    from wayfellow_web.demo import find_data, links, make_demo, prepare_folder, summary
    from wayfellow_web.serving import open_server, run_server

    config = default_config(folder)
    made = prepare_folder(config, reset=reset)
    deployment = open_deployment(config)
    if made is None:
        made = make_demo(deployment, data or find_data(), lambda line: click.echo(f"{line} …"))
    for line in summary(deployment, made):
        click.echo(line)
    if no_serve:
        return
    from wayfellow_web import create_app

    server, port = open_server(create_app(deployment=deployment), "127.0.0.1", port, or_any=True)
    url = f"http://127.0.0.1:{port}"
    click.echo(f"\nCareer Bridges is open on {url}. Sign in once with one of these links, each in a window of its own:")
    for line in links(deployment, made, url):
        click.echo(f"  {line}")
    click.echo("Stop it with Ctrl+C.")
    run_server(deployment, server)
