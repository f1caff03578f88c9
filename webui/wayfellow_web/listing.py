"""Read the state of a list from its address, and give the addresses that change one thing of it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

SEARCH_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """Hold what the address says of a list: search, filters, order, page. An unknown filter counts as none."""

    search: str
    choices: dict[str, str]
    sort: str
    page: int

    def __getattr__(self, name: str) -> str:
        """Return the value of a filter, "" when the address does not name one."""
        try:
            return self.choices[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def is_narrowed(self) -> bool:
        """Tell whether a search or a filter hides part of the list."""
        return bool(self.search or any(self.choices.values()))

    def url(self, endpoint: str = "", **changes: str | int) -> str:
        """Return the address of the list with some things changed; it starts on page 1 again unless told."""
        state: dict[str, str | int] = {"q": self.search, **self.choices, "sort": self.sort, **changes}
        given: dict[str, Any] = {name: value for name, value in state.items() if value not in ("", None)}
        if given.get("page") == 1:
            del given["page"]
        return url_for(endpoint or request.endpoint or "", **(request.view_args or {}), **given)

    def page_url(self, number: int) -> str:
        """Return the address of another page of the list."""
        return self.url(page=number)

    def sort_url(self, column: str) -> str:
        """Return the address of the list sorted by a column; the column it is sorted by already turns round."""
        return self.url(sort=f"-{column}" if self.sort == column else column)

    def direction(self, column: str) -> str:
        """Return how the list is sorted by a column, in the words of aria-sort."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort, "none")


def this_listing(*, sorts: Container[str] = (), default_sort: str = "", **filters: Container[str] | None) -> Listing:
    """Read the list's state from the request.

    ``filters`` maps each filter's name to the values that it knows, None where it takes any text.
    """
    asked = request.args
    given = {name: asked.get(name, "")[:SEARCH_LENGTH] for name in filters}
    choices = {name: text if (known := filters[name]) is None or text in known else "" for name, text in given.items()}
    sort = asked.get("sort", "")
    number = asked.get("page", "1")
    return Listing(
        search=asked.get("q", "").strip()[:SEARCH_LENGTH],
        choices=choices,
        sort=sort if sort.removeprefix("-") in sorts else default_sort,
        page=max(1, min(int(number), 1_000_000)) if number.isascii() and number.isdigit() else 1,
    )
