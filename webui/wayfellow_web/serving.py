"""Answer browsers with waitress, and do jobs in a thread beside it."""

from __future__ import annotations

import errno
import os
import socket
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


def open_server(app: Flask, host: str, port: int, *, or_any: bool = False) -> tuple[Any, int]:
    """Listen on a port and return waitress' server and the port; ``or_any`` takes a free one when it is taken.

    Raises WayfellowError when it can't listen there.
    """
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and or_any:
            return open_server(app, host, 0)
        raise WayfellowError(
            f"Wayfellow can't listen on {host}, port {port}: {os.strerror(error.errno or 0)}. "
            "Choose another with --host and --port."
        ) from error
    options = {"threads": 8, "connection_limit": 1000, "channel_timeout": 20, "ident": None}
    server = waitress.create_server(app, sockets=[listening], max_request_body_size=UPLOAD.bytes + (2 << 20), **options)
    return server, int(listening.getsockname()[1])


def run_server(deployment: Deployment, server: Any) -> None:
    """Serve and work until someone stops the program."""
    worker = make_worker(deployment)
    worker.start()
    try:
        server.run()
    finally:
        worker.stop()
        server.close()
