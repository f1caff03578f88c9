import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from wayfellow.errors import InvalidInput
from wayfellow.tabular.limits import Limits
from wayfellow.tabular.problems import Problems
from wayfellow.tabular.tables import Table, read_table


def cells(table: Table) -> list[tuple[str, ...]]:
    problems = Problems(table.name)
    rows = [row.cells for row in table.rows(problems)]
    problems.raise_if_any()
    return rows


def faults(table: Table) -> list[str]:
    problems = Problems(table.name)
    list(table.rows(problems))
    return [str(problem) for problem in problems.items]


def xlsx(path: Path, *rows: tuple) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_is_read_whatever_its_dialect(write, bom, delimiter, end) -> None:
    lines = [f"id{delimiter}name", f'1{delimiter}"Zoë, ""the; 1st\t""\nÅberg"', "", f"2{delimiter}李"]
    table = read_table(write(bom + end.join(lines).encode()))
    assert table.columns == ("id", "name")
    assert cells(table) == [("1", 'Zoë, "the; 1st\t"\nÅberg'), ("2", "李")]


def test_rows_keep_the_number_they_have_in_a_spreadsheet(write) -> None:
    table = read_table(write('\nid,goals\n1,"a\nb"\n\n2,c\n'))
    assert [row.number for row in table.rows(Problems("people.csv"))] == [3, 5]


def test_rows_can_be_read_again(write) -> None:
    table = read_table(write("id\n1\n"))
    assert cells(table) == cells(table) == [("1",)]


def test_a_header_alone_is_a_table_of_nobody(write) -> None:
    assert cells(read_table(write("id,name\n"))) == []


def test_short_rows_are_filled_up_and_empty_extra_cells_are_passed_over(write) -> None:
    assert cells(read_table(write("id,name,\n1\n2,Bo,,,\n"))) == [("1", ""), ("2", "Bo")]


def test_a_row_with_more_cells_than_the_header_is_named(write) -> None:
    assert faults(read_table(write("id,name\n1,Li, Wei\n"))) == [
        "row 2: The row has 3 cells, but the header has 2. "
        "Put quotes around text that holds the delimiter, or give the extra column a heading."
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "people.csv is empty. Put column headings in its first row"),
        (b"\xef\xbb\xbf \r\n \n", "people.csv is empty."),
        (b"id,name\n1,Zo\xeb\n", "byte 0xEB at line 2 is no part of it. In the .* “CSV UTF-8”"),
        (b"id\n1\n2\xe2\x82", "byte 0xE2 at line 3 starts a character that is cut off"),
        ("id,name\n1,Ana".encode("utf-16"), "people.csv is in UTF-16, not in UTF-8 .byte 0xFF at line 1"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "people.csv is a binary file, not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel's old format. Open it and save it as XLSX"),
        (b"ana@example.org,Ana\nbo@example.org,Bo\n", "people.csv has no header"),
        (b"17,Ana\n18,Bo\n", "people.csv has no header"),
        (b",,\n1,Ana,\n", "people.csv has no header"),
        (b"id,,name\n1,2,Ana\n", "row 1: Column 2 has no heading"),
        (b"id,name,ID\n", "row 1, column ID: The column “ID” stands there twice, as column 1 and as column 3"),
        (b'"id,name\n1,Ana\n', "The quotes are wrong from line 1 on"),
        (b"PK\x03\x04nonsense", "people.csv is damaged"),
    ],
)
def test_what_is_no_table_gets_a_sentence(write, content, sentence) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        cells(read_table(write(content)))


def test_an_encoding_fault_beyond_the_first_block_is_placed(write) -> None:
    content = b"id,name\n" + b"1,Ana\n" * 400_000 + b"2,\xff\n"
    with pytest.raises(InvalidInput, match="byte 0xFF at line 400002"):
        read_table(write(content))


def test_missing_files_and_folders_get_a_sentence(tmp_path) -> None:
    with pytest.raises(InvalidInput, match=r"mentors\.csv can't be found\. Check the name"):
        read_table(tmp_path / "mentors.csv")
    with pytest.raises(InvalidInput, match=r"is a folder, not a file\. Name a CSV or XLSX file inside it"):
        read_table(tmp_path)


def test_a_quote_that_never_closes_is_placed(write) -> None:
    assert "row 3: The quotes are wrong from line 3 on" in faults(read_table(write('id,name\n1,Ana\n2,"Bo\n3,Cy\n')))[0]
    assert "row 3: A cell from line 3 on" in faults(read_table(write('id,name\n1,A\n2,"' + "Bo\n" * 50_000)))[0]


def test_sizes_are_bounded(write) -> None:
    with pytest.raises(InvalidInput, match="has 9 bytes; the most that is read is 8"):
        read_table(write("id\n1\n2\n33"), limits=Limits(bytes=8))
    with pytest.raises(InvalidInput, match="has 3 columns; the most that is read is 2"):
        read_table(write("a,b,c\n"), limits=Limits(columns=2))
    assert faults(read_table(write("id\n1\n2\n3\n"), limits=Limits(rows=2))) == [
        "row 4: The file goes on after 2 rows. Split it into several files."
    ]


def test_xlsx_values_read_as_people_wrote_them(tmp_path) -> None:
    from datetime import date, datetime, time

    path = xlsx(
        tmp_path / "people.xlsx",
        ("id", "places", "since", "seen", "at", "rate", "ok", "name"),
        (7.0, 3, date(2026, 11, 23), datetime(2026, 11, 23, 9, 30), time(9, 30), 2.5, True, "Zoë"),
        (),
        (8, None, None, None, None, None, None, "'-Bo"),
    )
    assert cells(read_table(path)) == [
        ("7", "3", "2026-11-23", "2026-11-23T09:30:00", "09:30:00", "2.5", "TRUE", "Zoë"),
        ("8", "", "", "", "", "", "", "'-Bo"),
    ]


def test_xlsx_is_known_by_what_it_holds_and_faults_have_rows(tmp_path) -> None:
    path = xlsx(tmp_path / "people.csv", ("id", "name"), ("1", "Ana", "more"))
    assert faults(read_table(path))[0].startswith("row 2: The row has 3 cells, but the header has 2.")


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_other_zip_files_and_damaged_workbooks_get_a_sentence(tmp_path) -> None:
    with pytest.raises(InvalidInput, match="is a ZIP file, but no XLSX workbook"):
        read_table(zipped(tmp_path / "a.xlsx", {"a.txt": b"a"}))
    with pytest.raises(InvalidInput, match="its workbook can't be read"):
        read_table(zipped(tmp_path / "b.xlsx", {"xl/workbook.xml": b"<nonsense"}))
    with pytest.raises(InvalidInput, match="is empty"):
        read_table(xlsx(tmp_path / "c.xlsx"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path) -> None:
    path = xlsx(tmp_path / "bomb.xlsx", ("id",))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings2.xml", b"0" * 50_000_000)
    tracemalloc.start()
    with pytest.raises(InvalidInput, match=r"unpacks to 50,[0-9,]+ bytes; the most that is read is 20,000,000"):
        read_table(path, limits=Limits(unpacked=20_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_xlsx_rows_are_bounded(tmp_path) -> None:
    path = xlsx(tmp_path / "long.xlsx", ("id",), ("1",), ("2",), ("3",))
    with pytest.raises(InvalidInput, match="goes on after 2 rows"):
        cells(read_table(path, limits=Limits(rows=2)))


def test_rows_stream(write) -> None:
    path = write("id,name,goals\n" + "".join(f"{n},Person {n},{'lorem ipsum ' * 20}\n" for n in range(25_000)))
    table = read_table(path)
    tracemalloc.start()
    count = sum(1 for _ in table.rows(Problems("people.csv")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 25_000
    assert peak < 1_000_000


def test_all_faults_are_counted_and_the_first_hundred_kept(write) -> None:
    table = read_table(write("id\n" + "1,2\n" * 150))
    problems = Problems("people.csv")
    assert list(table.rows(problems)) == []
    assert (len(problems.items), problems.total) == (100, 150)
    with pytest.raises(InvalidInput, match=r"people\.csv has 150 problems; nothing was taken") as caught:
        problems.raise_if_any()
    assert caught.value.problems[99].row == 101


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_any_bytes_are_a_table_or_get_a_sentence(tmp_path, content) -> None:
    _read_or_refuse(_saved(tmp_path / "any.csv", content))


@pytest.fixture(scope="module")
def workbook(tmp_path_factory) -> bytes:
    """Give one workbook's bytes: it holds the time it was made, so that each would be another, even in length."""
    path = xlsx(tmp_path_factory.mktemp("workbook") / "people.xlsx", ("id", "name"), (1, "Ana"), (2, "Bo"))
    return path.read_bytes()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_workbook_is_a_table_or_gets_a_sentence(tmp_path, workbook, data) -> None:
    content = bytearray(workbook)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(content[: data.draw(st.integers(1, len(content)))])
    _read_or_refuse(_saved(tmp_path / "damaged.xlsx", damaged))


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("content", [b"", b"<a><b></a>", b"<worksheet/>", b"\xff"])
def test_a_workbook_with_a_wrong_part_is_a_table_or_gets_a_sentence(tmp_path, part, content) -> None:
    path = xlsx(tmp_path / "wrong.xlsx", ("id", "name"), (1, "Ana"))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    _read_or_refuse(zipped(path, parts | {part: content}))


def _saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _read_or_refuse(path: Path) -> None:
    refusal = path.name
    try:
        cells(read_table(path))
    except InvalidInput as error:
        refusal = str(error)
    assert refusal.startswith(path.name)
