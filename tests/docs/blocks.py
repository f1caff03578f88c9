"""Read the blocks of code out of the documentation's pages, with the mark that says what a test does with them.

The mark is an HTML comment on the line above the block, which no reader sees::

    <!-- file: mentors.csv -->          the block is written into the page's folder under this name
    <!-- run -->                        its lines that start with "$ " are run there; what they print is compared
    <!-- run, exit 2 -->                the same for a command that refuses
    <!-- shows: result/matches.csv -->  the block is what such a file holds
    <!-- not run: it serves for ever --> says why not
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
#: Languages whose blocks are examples that could be wrong, so that each needs a mark.
MARKED = frozenset({"console", "json", "python", "toml"})
#: Pages whose blocks a program writes and checks.
GENERATED = frozenset({"developers/hooks.md"})

_FENCE = re.compile(r"^(```+|:::+)\{?([\w-]*)\}?.*$")
_MARK = re.compile(r"^<!-- (file|shows|not run|run)(?:: (.+?))?(?:, exit (\d+))? -->$")


@dataclass(frozen=True, slots=True)
class Block:
    """Be a block of code: where it stands, its language, its mark, and the mark's argument."""

    page: str
    line: int
    language: str
    text: str
    mark: str = ""
    argument: str = ""
    exit_code: int = 0


def pages() -> list[str]:
    """Return the names of all pages, relative to the documentation's folder."""
    return sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md") if "_build" not in page.parts)


def read(page: str) -> str:
    """Return a page's text."""
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page in order, without directives such as toctree."""
    lines = read(page).splitlines()
    number = 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        if fence is None:
            number += 1
            continue
        end = next(i for i in range(number + 1, len(lines)) if lines[i] == fence[1])
        if "{" not in lines[number]:
            mark = _MARK.match(lines[number - 1]) if number else None
            what, argument, code = mark.groups() if mark else ("", "", None)
            text = "\n".join(lines[number + 1 : end]) + "\n"
            yield Block(page, number + 1, fence[2], text, what, argument or "", int(code or 0))
        number = end + 1


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its head, backticks taken off."""
    lines = read(page).splitlines()
    start = next(i for i, line in enumerate(lines) if line.lstrip("#").strip() == heading and line.startswith("#"))
    first = next(i for i in range(start, len(lines)) if lines[i].startswith("|"))
    found = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def code_in(text: str) -> set[str]:
    """Return everything that stands in backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))
