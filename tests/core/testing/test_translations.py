"""What is wrong with a package's translations is found, and mended as far as a program can."""

from __future__ import annotations

from pathlib import Path

import pytest

from wayfellow.testing.translations import find_problems, main, renew
from wayfellow.words import FILE


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "code.py").write_text(
        'gettext("Hello %(name)s", name=name)\nlater("Shelf")\npgettext("verb", "Shelf")\n'
    )
    (tmp_path / "page.html").write_text(
        "{% trans %}\n  A <b>long</b>\n  line{% endtrans %}{{ _('Book') }}\n"
        '{{ ngettext("%(num)s book", "%(num)s books", n) }}\n'
    )
    file = tmp_path / "translations" / "ar" / FILE
    file.parent.mkdir(parents=True)
    file.touch()
    return tmp_path


def translated(package: Path) -> Path:
    """Translate everything as it should be."""
    assert main(["update", str(package)]) == 0
    file = package / "translations" / "ar" / FILE
    text = file.read_text("utf-8")
    for source, target in (
        ("Hello %(name)s", "مرحبًا %(name)s"),
        ("Book", "كتاب"),
        ("A <b>long</b> line", "سطر <b>طويل</b>"),
    ):
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"')
    text = text.replace('msgid "Shelf"\nmsgstr ""', 'msgid "Shelf"\nmsgstr "رف"')
    for number in range(6):
        text = text.replace(f'msgstr[{number}] ""', f'msgstr[{number}] "{"كتابان" if number == 2 else "%(num)s كتب"}"')
    file.write_text(text, "utf-8")
    return file


def test_a_whole_translation_has_no_problems(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translated(package)
    assert find_problems(package, "ar") == []
    assert main(["check", str(package)]) == 0
    assert capsys.readouterr().out == ""


def test_what_is_written_names_no_day_and_no_line_and_stays(package: Path) -> None:
    file = translated(package)
    before = file.read_text("utf-8")
    assert "Date" not in before
    assert "nplurals=6" in before
    assert "#: code.py\n" in before
    assert renew(package, "ar") == before


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"كتاب"', '""', "“Book” is not translated."),
        ("مرحبًا %(name)s", "مرحبًا", "“Hello %(name)s” has other placeholders"),
        ("مرحبًا %(name)s", "مرحبًا %(who)s", "“Hello %(name)s” has other placeholders"),
        ("سطر <b>طويل</b>", "سطر طويل", "“A <b>long</b> line” has other tags"),
        ('msgstr[5] "%(num)s كتب"', 'msgstr[5] "كتب"', "“%(num)s book” has other placeholders"),
        ('msgstr[0] "%(num)s كتب"', 'msgstr[0] ""', "“%(num)s book” is not translated."),
        ('msgid "Book"', '#, fuzzy\nmsgid "Book"', "“Book” is marked fuzzy."),
    ],
)
def test_each_fault_is_named(package: Path, old: str, new: str, problem: str) -> None:
    file = translated(package)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    assert any(problem in found for found in find_problems(package, "ar"))


def test_a_text_that_changed_is_named_until_the_file_is_written_anew(package: Path) -> None:
    translated(package)
    (package / "more.py").write_text('gettext("Another")\n')
    assert "./dev words" in find_problems(package, "ar")[0]
    assert main(["update", str(package)]) == 0
    assert [problem.rpartition(": ")[2] for problem in find_problems(package, "ar")] == ["“Another” is not translated."]


def test_a_text_inside_an_f_string_is_named(package: Path) -> None:
    translated(package)
    (package / "more.py").write_text("x = f\"<b>{gettext('Hidden')}</b>\"\n")
    assert any("more.py:1: a text inside an f-string is not found" in found for found in find_problems(package, "ar"))


def test_it_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "update FOLDER" in capsys.readouterr().err
