"""Read CSV files: UTF-8 with or without BOM, with commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from wayfellow.errors import InvalidInput
from wayfellow.tabular.limits import Limits
from wayfellow.tabular.neutral import restore
from wayfellow.tabular.problems import Problems
from wayfellow.words import gettext, later, said

_DELIMITERS = ",;\t"
_CHUNK = 1 << 20
_WAY_OUT = later("In the spreadsheet program, choose “Save as” and “CSV UTF-8”, or save it as XLSX.")


def check(source: Path, name: str) -> None:
    """Raise InvalidInput unless the whole file is text in UTF-8; say which byte at which line is not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, pending = 1, b""
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if line == 1 and not pending and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise InvalidInput(
                    gettext(
                        "%(name)s is in UTF-16, not in UTF-8 (byte 0x%(byte)s at line 1). %(way_out)s",
                        name=name,
                        byte=f"{chunk[0]:02X}",
                        way_out=said(_WAY_OUT),
                    )
                )
            _check_text(name, chunk)
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                raise InvalidInput(
                    gettext(
                        "%(name)s is not in UTF-8: byte 0x%(byte)s at line %(line)s is no part of it. %(way_out)s",
                        name=name,
                        byte=f"{error.object[error.start]:02X}",
                        line=line,
                        way_out=said(_WAY_OUT),
                    )
                ) from error
            pending = decoder.getstate()[0]
            line += chunk.count(b"\n")
    if pending:
        raise InvalidInput(
            gettext(
                "%(name)s is not in UTF-8: byte 0x%(byte)s at line %(line)s starts a character that is"
                " cut off. %(way_out)s",
                name=name,
                byte=f"{pending[0]:02X}",
                line=line,
                way_out=said(_WAY_OUT),
            )
        )


def _check_text(name: str, chunk: bytes) -> None:
    if b"\0" in chunk:
        raise InvalidInput(
            gettext("%(name)s is a binary file, not a table. Use a CSV file in UTF-8 or an XLSX file.", name=name)
        )


def find_delimiter(source: Path) -> str:
    """Return the delimiter that the header uses most, outside quotes; a comma when it uses none."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        header = next((line for line in file if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def rows(source: Path, delimiter: str, limits: Limits, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Stream (row number, cells), the header first; blank lines before it are passed over.

    A quote that is never closed makes the rest unreadable: it is noted in ``problems`` and the rows end.
    """
    started, number = False, 0
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        while True:
            number += 1
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                problems.add(_explain(error, line), number)
                return
            if cells is None:
                return
            if number > limits.rows + 1:
                problems.add(
                    gettext(
                        "The file goes on after %(rows)s rows. Split it into several files.", rows=f"{limits.rows:,}"
                    ),
                    number,
                )
                return
            started = started or any(cell.strip() for cell in cells)
            if started:
                yield number, [restore(cell) for cell in cells]


def _explain(error: csv.Error, line: int) -> str:
    if "field larger" in str(error):
        return gettext(
            'A cell from line %(line)s on is longer than can be read. Look for a quote (") that is never closed.',
            line=line,
        )
    return gettext(
        'The quotes are wrong from line %(line)s on. Close every quote ("), and write a quote '
        'inside quoted text twice ("").',
        line=line,
    )
