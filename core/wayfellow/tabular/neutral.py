"""Keep spreadsheet programs from running text as a formula, and take such marks off again."""

from __future__ import annotations

import re

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n]")
#: How a text must begin to be worth a closer look; most don't, and this is asked for every cell of every list.
_SUSPECTS = frozenset("'=+-@\t\r\n")
_MARKED = re.compile(r"'+[=+\-@\t\r\n]")


def neutralise(text: str) -> str:
    """Put ``'`` before text that a spreadsheet program would run, such as ``=1+1``.

    Text that already starts with such marks gets one more, so that :func:`restore` gives back exactly what it was.
    """
    return "'" + text if text[:1] in _SUSPECTS and _DANGEROUS.match(text) else text


def restore(text: str) -> str:
    """Take the mark of :func:`neutralise` off again."""
    return text[1:] if text[:1] == "'" and _MARKED.match(text) else text
