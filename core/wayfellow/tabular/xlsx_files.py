"""Read XLSX files: the first sheet, streamed, with bounded sizes."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

from wayfellow.errors import InvalidInput
from wayfellow.tabular.limits import Limits
from wayfellow.words import gettext, later, said


def check(source: Path, name: str, limits: Limits) -> None:
    """Raise InvalidInput unless the file is an XLSX workbook whose parts, unpacked, stay within the limits.

    The sizes are those that the archive declares; unpacking stops there, so an archive that lies gains nothing.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InvalidInput(
            gettext(
                "%(name)s is damaged: it starts like an XLSX file but can't be unpacked. %(way_out)s",
                name=name,
                way_out=said(_AGAIN),
            )
        ) from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise InvalidInput(
            gettext("%(name)s is a ZIP file, but no XLSX workbook. Use a CSV file in UTF-8 or an XLSX file.", name=name)
        )
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked:
        raise InvalidInput(
            gettext(
                "%(name)s unpacks to %(unpacked)s bytes; the most that is read is %(most)s. Save the"
                " sheet as CSV UTF-8, or split it into several files.",
                name=name,
                unpacked=f"{unpacked:,}",
                most=f"{limits.unpacked:,}",
            )
        )


_AGAIN = later("Open it in a spreadsheet program and save it again.")


def rows(source: Path, name: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Stream (row number, cells) of the first sheet, the header first; blank rows before it are passed over.

    Numbers like 3.0 read as ``3``, dates as ``2026-11-23``, formulas as the value that was saved with them.
    Raises InvalidInput when the workbook is damaged or too long.
    """
    with source.open("rb") as file:
        book = _open(file, name)
        if not book.worksheets:
            raise InvalidInput(
                gettext("%(name)s has no sheet. Put the people into the workbook's first sheet.", name=name)
            )
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a sheet says of its own size may be wrong
        yield from _read(sheet, name, limits)
        book.close()


def _open(file: BinaryIO, name: str) -> Any:
    from openpyxl import load_workbook  # costs 0.1 s, which only those who read XLSX should pay

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which play no part here
            return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets many kinds through
        raise InvalidInput(
            gettext("%(name)s is damaged: its workbook can't be read. %(way_out)s", name=name, way_out=said(_AGAIN))
        ) from error


def _read(sheet: Any, name: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    source, started, number = sheet.iter_rows(values_only=True), False, 0
    while True:
        number += 1
        try:
            values = next(source, None)
        except Exception as error:  # as above
            raise InvalidInput(
                gettext(
                    "%(name)s is damaged: its first sheet breaks off at row %(number)s. %(way_out)s",
                    name=name,
                    number=number,
                    way_out=said(_AGAIN),
                )
            ) from error
        if values is None:
            return
        cells = [as_text(value) for value in values]
        started = started or any(cell.strip() for cell in cells)
        if started and number > limits.rows + 1 and any(cells):
            raise InvalidInput(
                gettext(
                    "%(name)s goes on after %(rows)s rows. Split it into several files.",
                    name=name,
                    rows=f"{limits.rows:,}",
                )
            )
        if started:
            yield number, cells


def as_text(value: object) -> str:
    """Return a cell's value as people wrote it: no ``.0`` on whole numbers, ISO dates, nothing for empty cells."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
