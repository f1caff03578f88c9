"""Offer ``wayfellow serve``."""

from __future__ import annotations

import click

from wayfellow.cli.shell import Shell, pass_shell


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8080, show_default=True, help="The port to listen on.")
@pass_shell
def serve(shell: Shell, host: str, port: int) -> None:
    """Serve the pages in the browser, and do jobs beside it."""
    from wayfellow.types import SYSTEM
    from wayfellow_web import create_app
    from wayfellow_web.accounts.first_run import is_set_up, setup_token
    from wayfellow_web.serving import LOCAL, open_server, require_current_schema, run_server

    deployment = shell.deployment
    require_current_schema(deployment)
    server, port = open_server(create_app(deployment=deployment), host, port)
    click.echo(f"Wayfellow answers on {deployment.config.base_url or f'http://{host}:{port}'}. Stop it with Ctrl+C.")
    if host not in LOCAL and deployment.config.base_url is None:
        click.echo("It answers for localhost only: set base_url in the configuration to the address that people use.")
    with deployment.reading(SYSTEM) as tx:
        if not is_set_up(tx.session):
            base = (deployment.config.base_url or f"http://{host}:{port}").rstrip("/")
            click.echo(f"Nobody runs this installation yet. Set it up: {base}/set-up/{setup_token(deployment.config)}")
    run_server(deployment, server)
