import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from wayfellow.tabular.problems import Problems
from wayfellow.tabular.tables import read_table
from wayfellow.tabular.writing import FORMATS, write_csv, write_xlsx

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", '=HYPERLINK("http://example.org","x")']
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


def read_back(content: bytes) -> list[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(content)
        problems = Problems("table")
        rows = [row.cells for row in read_table(path).rows(problems)]
        problems.raise_if_any()
        return rows


@settings(deadline=None)
@given(st.lists(st.tuples(st.just("x"), TEXT, TEXT), max_size=5))
def test_any_text_survives_csv(rows) -> None:
    assert read_back(b"".join(write_csv(("key", "one", "two"), rows))) == rows


# XLSX is XML: it holds no control characters, and openpyxl reads _x000D_ and the like as escapes.
XLSX_TEXT = TEXT.filter(lambda text: "_x" not in text and all(c >= " " and c not in "\x7f￾￿" for c in text))


@settings(deadline=None)
@given(st.lists(st.tuples(st.just("x"), XLSX_TEXT, XLSX_TEXT), max_size=5))
def test_any_text_survives_xlsx(rows) -> None:
    assert read_back(b"".join(write_xlsx(("key", "one", "two"), rows))) == rows


@pytest.mark.parametrize("text", DANGEROUS)
def test_cells_that_could_run_are_neutralised(text, tmp_path) -> None:
    content = b"".join(write_csv(("a",), [(text,)])).decode("utf-8-sig")
    assert content.split("\r\n", 1)[1].lstrip('"').startswith("'")
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"".join(write_xlsx(("=head",), [(text,)])))
    sheet = load_workbook(path).active
    assert {sheet["A1"].data_type, sheet["A2"].data_type} == {"s"}


def test_numbers_stay_numbers_and_nothing_stays_nothing(tmp_path) -> None:
    rows = [(-3, 2.5, None, True)]
    assert b"".join(write_csv("abcd", rows)).decode("utf-8-sig") == "a,b,c,d\r\n-3,2.5,,True\r\n"
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"".join(write_xlsx("abcd", rows)))
    assert [cell.value for cell in load_workbook(path).active[2]] == [-3, 2.5, None, "True"]


def test_long_lists_come_in_chunks() -> None:
    rows = (("x" * 1000,) for _ in range(1000))
    chunks = list(write_csv(("a",), rows))
    assert len(chunks) > 10
    assert max(map(len, chunks)) < 100_000


def test_both_formats_are_offered() -> None:
    assert [form.suffix for form in FORMATS] == ["csv", "xlsx"]
