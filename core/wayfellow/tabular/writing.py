"""Write lists as CSV and XLSX, so that no cell can run as a formula."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from wayfellow.tabular.neutral import neutralise
from wayfellow.types import Format

_CHUNK = 1 << 16
_ROWS = 16
_IN_MEMORY = 8 << 20


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a CSV file in UTF-8 with BOM (so that Excel reads it as such), commas and CRLF.

    Numbers stay numbers; text that starts with ``=``, ``+``, ``-``, ``@``, a tab or CR gets ``'`` in front.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([neutralise(heading) for heading in header])
    rows = iter(rows)
    while some := list(islice(rows, _ROWS)):
        writer.writerows([[_csv_cell(value) for value in row] for row in some])
        if buffer.tell() >= _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _csv_cell(value: object) -> object:
    if type(value) is str:  # as nearly all are
        return neutralise(value)
    if value is None:
        return ""
    return value if _is_number(value) else neutralise(_as_text(value))


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield an XLSX file with one sheet; numbers stay numbers, everything else is stored as text.

    Control characters, which the format can't hold, become U+FFFD.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("People")
    sheet.append([_xlsx_cell(sheet, heading) for heading in header])
    for values in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in values])
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _xlsx_cell(sheet: Any, value: object) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None or _is_number(value):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("\ufffd", _as_text(value)))
    cell.data_type = "s"  # openpyxl takes text that starts with "=" for a formula
    return cell


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


#: What core itself can write; plugins add more.
FORMATS: tuple[Format, ...] = (
    Format("csv", "text/csv; charset=utf-8", write_csv),
    Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
)
