"""Hold one page of a longer list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Hold the rows of one page; ``number`` counts from 1, ``total`` is the length of the whole list."""

    items: Sequence[T]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def every_item(read: Callable[[int], Page[T]]) -> Iterator[T]:
    """Yield the items of all pages, which are read by their number."""
    number = pages = 1
    while number <= pages:
        found = read(number)
        pages, number = found.pages, number + 1
        yield from found.items


def in_order(columns: Mapping[str, Any], sort: str, newest: Any) -> tuple[Any, Any]:
    """Return what a query is ordered by: a named column, with ``-`` before its name from the end, then the newest."""
    column = columns[sort.removeprefix("-")]
    return column.desc() if sort.startswith("-") else column.asc(), newest.desc()
