"""Let numbers in addresses be no larger than the ids of rows, so that a longer one is a page that does not exist."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """Be what ``<int:name>`` takes: databases raise where a number is larger than they can keep."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        options.setdefault("max", LARGEST_ID)
        super().__init__(url_map, *args, **options)


def configure_addresses(app: Flask) -> None:
    """Bound the numbers in the addresses of all pages, plugins' included."""
    app.url_map.converters["int"] = RowId
