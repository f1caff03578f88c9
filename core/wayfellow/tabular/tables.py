"""Read a table from a CSV or XLSX file: one header, then rows, streamed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wayfellow.errors import InvalidInput
from wayfellow.tabular import csv_files, xlsx_files
from wayfellow.tabular.limits import Limits
from wayfellow.tabular.problems import Problems
from wayfellow.words import gettext

#: A row as it stands in the file, with its number: 1 is the header.
RawRows = Iterator[tuple[int, list[str]]]

_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")


@dataclass(frozen=True, slots=True)
class Row:
    """Be one row of a table; ``cells`` has one text per column, "" where the file says nothing."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Be a file with a header: ``columns`` holds the headings, :meth:`rows` streams what stands below."""

    name: str
    columns: tuple[str, ...]
    _open: Callable[[Problems], RawRows]

    def rows(self, problems: Problems) -> Iterator[Row]:
        """Stream the rows that are not blank, from the first, each time it is called.

        Shorter rows are filled up with ""; a row with more cells than the header is noted in ``problems`` and left out.
        """
        width = len(self.columns)
        raw = self._open(problems)
        next(raw, None)
        for number, cells in raw:
            if not any(cell.strip() for cell in cells):
                continue
            if any(cell.strip() for cell in cells[width:]):
                problems.add(
                    gettext(
                        "The row has %(count)s cells, but the header has %(width)s. Put quotes around text that "
                        "holds the delimiter, or give the extra column a heading.",
                        count=len(cells),
                        width=width,
                    ),
                    number,
                    value=cells[-1],
                )
                continue
            yield Row(number, tuple(cells[:width]) + ("",) * (width - len(cells)))


def read_table(source: Path, name: str | None = None, limits: Limits | None = None) -> Table:
    """Open a CSV (UTF-8, with ``,`` ``;`` or tab) or XLSX file and read its header.

    ``name`` is what people call the file. Raises InvalidInput with a sentence when it is missing, a folder, too large,
    binary, not UTF-8, empty, without a header, or has a column twice.
    """
    name, limits = name or source.name, limits or Limits()
    _check_place(source, name, limits)
    opener = _opener(source, name, limits)
    problems = Problems(name)
    raw = opener(problems)
    first = next(raw, None)
    problems.raise_if_any()
    if first is None:
        raise InvalidInput(
            gettext(
                "%(name)s is empty. Put column headings in its first row, and one person in each row below.", name=name
            )
        )
    return Table(name, _check_header(name, first[1], limits), opener)


def _check_place(source: Path, name: str, limits: Limits) -> None:
    if source.is_dir():
        raise InvalidInput(gettext("%(name)s is a folder, not a file. Name a CSV or XLSX file inside it.", name=name))
    if not source.exists():
        raise InvalidInput(gettext("%(name)s can't be found. Check the name, and the folder it is in.", name=name))
    try:
        size = source.stat().st_size
        with source.open("rb"):
            pass
    except OSError as error:
        raise InvalidInput(
            gettext("%(name)s can't be opened: %(why)s. Check who may read it.", name=name, why=error.strerror)
        ) from error
    if size > limits.bytes:
        raise InvalidInput(
            gettext(
                "%(name)s has %(size)s bytes; the most that is read is %(most)s. Split it into several files.",
                name=name,
                size=f"{size:,}",
                most=f"{limits.bytes:,}",
            )
        )


def _opener(source: Path, name: str, limits: Limits) -> Callable[[Problems], RawRows]:
    with source.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidInput(
            gettext("%(name)s is in Excel's old format. Open it and save it as XLSX or as CSV UTF-8.", name=name)
        )
    if start.startswith(b"PK\x03\x04"):
        xlsx_files.check(source, name, limits)
        return lambda problems: xlsx_files.rows(source, name, limits)
    csv_files.check(source, name)
    delimiter = csv_files.find_delimiter(source)
    return lambda problems: csv_files.rows(source, delimiter, limits, problems)


def _check_header(name: str, cells: list[str], limits: Limits) -> tuple[str, ...]:
    headings = [cell.strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    if not headings or any(_EMAIL.match(heading) or _NUMBER.match(heading) for heading in headings):
        raise InvalidInput(
            gettext(
                "%(name)s has no header: its first row holds no column headings. Put headings such as "
                "person_id, name and e-mail in the first row.",
                name=name,
            )
        )
    if len(headings) > limits.columns:
        raise InvalidInput(
            gettext(
                "%(name)s has %(count)s columns; the most that is read is %(most)s.",
                name=name,
                count=f"{len(headings):,}",
                most=f"{limits.columns:,}",
            )
        )
    problems = Problems(name)
    seen: dict[str, int] = {}
    for number, heading in enumerate(headings, 1):
        if not heading:
            problems.add(
                gettext("Column %(number)s has no heading. Give it one, or delete the column.", number=number), 1
            )
        elif (before := seen.setdefault(heading.casefold(), number)) != number:
            problems.add(
                gettext(
                    "The column “%(heading)s” stands there twice, as column %(before)s and as column "
                    "%(number)s. Delete or rename one of them.",
                    heading=heading,
                    before=before,
                    number=number,
                ),
                1,
                heading,
            )
    problems.raise_if_any()
    return tuple(headings)
