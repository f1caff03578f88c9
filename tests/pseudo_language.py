"""Speak a language that puts every message between brackets, and find what stands outside them."""

from __future__ import annotations

from collections.abc import Collection
from html.parser import HTMLParser

from babel.support import NullTranslations

from wayfellow.words import Catalogues, Voice

ATTRIBUTES = ("aria-label", "placeholder", "title", "alt")
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect"}
#: Elements whose text is nobody's sentence: codes, addresses, what people wrote. So is what is set in ``mono``.
SILENT = {"code", "style", "script", "datalist"}


class Brackets(NullTranslations):
    """Translate each message into itself, between brackets; patterns of days stay, since they are no text."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, count: int) -> str:
        return f"⟦{one if count == 1 else many}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return message if context == "pattern" else f"⟦{message}⟧"

    ugettext, ungettext, upgettext = gettext, ngettext, pgettext


class Bracketed(Catalogues):
    """Give brackets for every language."""

    def voice(self, language: str | None) -> Voice:
        return Voice("en", Brackets())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.depth, self.silent, self.found = 0, 0, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        quiet = tag in SILENT or "mono" in (given.get("class") or "") or given.get("name") == "language"
        if tag not in VOID and (self.silent or quiet):
            self.silent += 1
        for name in ATTRIBUTES:
            text = given.get(name) or ""
            if text and not (text.startswith("⟦") and text.endswith("⟧")):
                self.found.append(text)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= bool(self.silent and tag not in VOID)

    def handle_data(self, data: str) -> None:
        outside = ""
        for letter in data:
            self.depth += {"⟦": 1, "⟧": -1}.get(letter, 0)
            outside += letter if not self.depth and letter != "⟧" else " " if letter == "⟦" else ""
        if not self.silent and any(map(str.isalpha, outside)):
            self.found.append(" ".join(outside.split()))


def find_unsaid(html: str, names: Collection[str]) -> list[str]:
    """Return the texts of a page that are not between brackets, apart from names of people and things."""
    reader = _Reader()
    reader.feed(html)
    left = []
    for text in reader.found:
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, "")
        if any(map(str.isalpha, text)):
            left.append(text.strip())
    return left
