"""Answer browsers with waitress, and do jobs in a thread beside it."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

import waitress

from wayfellow.errors import WayfellowError
from wayfellow.migrations.owners import find_owners
from wayfellow.migrations.runner import look
from wayfellow.tabular.limits import UPLOAD
from wayfellow.worker import make_worker

if TYPE_CHECKING:
    from flask import Flask

    from wayfellow.deployment import Deployment

LOCAL = ("127.0.0.1", "localhost", "::1")


def require_current_schema(deployment: Deployment) -> None:
    """Raise WayfellowError unless the database is as this version needs it."""
    standings = look(deployment.engine, find_owners(deployment.host.migrations))
    if broken := next((standing.error for standing in standings if standing.error), None):
        raise WayfellowError(broken)
    if any(standing.is_due for standing in standings):
        raise WayfellowError("The database is not up to date with this version. Stop here and run wayfellow upgrade.")


def open_server(app: Flask, host: str, port: int, *, or_any: bool = False) -> Any:
    """Listen on a port and return waitress' server; ``or_any`` takes a free port when that one is taken.

    Raises WayfellowError when it can't listen there.
    """
    options = {"threads": 8, "connection_limit": 1000, "channel_timeout": 20, "ident": None}
    try:
        return waitress.create_server(
            app, host=host, port=port, max_request_body_size=UPLOAD.bytes + (2 << 20), **options
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE and or_any:
            return open_server(app, host, 0)
        raise WayfellowError(
            f"Wayfellow can't listen on {host}, port {port}: {error.strerror}. Choose another with --host and --port."
        ) from error


def run_server(deployment: Deployment, server: Any) -> None:
    """Serve and work until someone stops the program."""
    worker = make_worker(deployment)
    worker.start()
    try:
        server.run()
    finally:
        worker.stop()
        server.close()
