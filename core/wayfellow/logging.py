"""Set up logging: key=value lines for people, JSON lines where ``WAYFELLOW_LOG=json``, on stderr."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

_SECRET = re.compile(r"passw|secret|token|authori[sz]ation|cookie|api_?key|database_url", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+(?=@)")


def configure_logging(level: str = "INFO", environ: Mapping[str, str] | None = None, *, traces: bool = True) -> None:
    """Send all logging, structlog's and the standard library's, to stderr in one form.

    ``traces`` False leaves tracebacks out of the lines for people; JSON lines always hold them.
    """
    as_json = (os.environ if environ is None else environ).get("WAYFELLOW_LOG") == "json"
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        hide_secrets,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(as_json, traces)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def hide_secrets(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace what must not be logged: values whose names tell of a secret, and names and passwords inside URLs."""
    for key, value in event.items():
        if _SECRET.search(key):
            event[key] = "(hidden)"
        elif isinstance(value, str):
            event[key] = _CREDENTIALS.sub("(hidden)", value)
    return event


def _renderers(as_json: bool, traces: bool) -> list[Any]:
    if as_json:
        return [structlog.processors.format_exc_info, hide_secrets, structlog.processors.JSONRenderer()]
    order = ["timestamp", "level", "logger", "event"]
    renderer = structlog.processors.KeyValueRenderer(key_order=order, drop_missing=True)
    return [structlog.processors.format_exc_info if traces else _without_trace, hide_secrets, renderer]


def _without_trace(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    event.pop("exc_info", None)
    return event
