"""Keep a package's translations in step with its texts: ``python -m wayfellow.testing.translations update FOLDER``.

Reads every text that code marks with ``gettext``, ``ngettext``, ``pgettext`` or ``later`` and templates with ``_`` or
``{% trans %}``, and writes ``translations/<language>/LC_MESSAGES/messages.po`` in the package's folder anew for each
language that is there. What is written depends on the texts alone: no dates, no line numbers.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

from wayfellow.words import FILE

KEYWORDS: dict[str, Any] = {**DEFAULT_KEYWORDS, "later": None}
#: As templates are read when they are shown.
JINJA = {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".txt": "jinja2.ext:babel_extract"}

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
_TAG = re.compile(r"</?\w+")
_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def languages_of(package: Path) -> list[str]:
    """Return the languages into which a package is translated."""
    return sorted(file.parents[1].name for file in (package / "translations").glob(f"*/{FILE}"))


def renew(package: Path, language: str) -> str:
    """Return the file of a language as it should be now: every text of the package, with what is translated."""
    old, new = read(package, language), Catalog(locale=language)
    for file, text, context in _texts(package):
        known = old.get(text if isinstance(text, str) else text[0], context)
        same = known is not None and known.pluralizable == isinstance(text, tuple)
        new.add(text, known.string if known and same else None, [(file, 0)], context=context)
        if known and same and known.fuzzy:
            new.get(text, context).flags.add("fuzzy")  # type: ignore[union-attr]
    written = io.BytesIO()
    write_po(written, new, width=100, omit_header=True, include_lineno=False)
    header = _HEADER.format(language=language, plurals=new.plural_forms)
    return header + written.getvalue().decode()


def find_problems(package: Path, language: str) -> list[str]:
    """Return what is wrong with the file of a language, a sentence each; none when it can be released."""
    file = package / "translations" / language / FILE
    problems = [f"{file}: {problem}" for message in read(package, language) for problem in _faults(message)]
    problems += list(_hidden(package))
    if file.read_text("utf-8") != renew(package, language):
        problems.insert(0, f"{file}: the texts have changed since it was written. Write it anew: ./dev words")
    return problems


def read(package: Path, language: str) -> Catalog:
    """Return what is translated into a language. Raises babel's PoFileError for a file that is none."""
    with (package / "translations" / language / FILE).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _texts(package: Path) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Give each text with the file that it stands in and what tells it apart from the same text elsewhere."""
    for path in sorted(package.rglob("*")):
        if path.suffix in METHODS and path.is_file():
            with path.open("rb") as file:
                for _, text, _, context in extract(METHODS[path.suffix], file, KEYWORDS, options=JINJA):
                    yield path.relative_to(package).as_posix(), text, context


def _hidden(package: Path) -> Iterator[str]:
    """Name the texts that are marked where they can't be found: inside an f-string."""
    for path in sorted(package.rglob("*.py")):
        strings = (node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.JoinedStr))
        calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
        for line in sorted({call.lineno for call in calls if getattr(call.func, "id", "") in KEYWORDS}):
            yield f"{path}:{line}: a text inside an f-string is not found. Put it into a name of its own."


def _faults(message: Message) -> Iterator[str]:
    if not message.id:
        return
    texts, forms = _all(message.id), _all(message.string)
    said = f"“{texts[0][:60]}”"
    if message.fuzzy:
        yield f"{said} is marked fuzzy. Read it again, and take the mark away."
    if not all(forms):
        yield f"{said} is not translated."
        return
    for pattern, what in ((_PLACEHOLDER, "placeholders"), (_TAG, "tags")):
        wanted = sorted(pattern.findall(texts[-1]))
        if sorted(pattern.findall(forms[-1])) != wanted:
            yield f"{said} has other {what} than its translation “{forms[-1][:60]}”."
        for form in forms[:-1]:  # one and two can be said without their number
            if not set(pattern.findall(form)) <= set(wanted):
                yield f"{said} has other {what} than its translation “{form[:60]}”."


def _all(text: object) -> list[str]:
    """Return a text, or the forms of one that depends on a number."""
    return [str(form or "") for form in (text if isinstance(text, (tuple, list)) else (text,))]


def main(arguments: Sequence[str]) -> int:
    """Update or check packages' translations; return the exit code."""
    if len(arguments) < 2 or arguments[0] not in ("update", "check"):
        print("Say what to do and with which packages: update FOLDER ... or check FOLDER ...", file=sys.stderr)
        return 2
    problems: list[str] = []
    for package in map(Path, arguments[1:]):
        for language in languages_of(package):
            if arguments[0] == "update":
                (package / "translations" / language / FILE).write_text(renew(package, language), "utf-8")
            else:
                problems += find_problems(package, language)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
