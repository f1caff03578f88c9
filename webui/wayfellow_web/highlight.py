"""Mark the words of a text that two people share; what people wrote is escaped before anything is marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

import Stemmer
from markupsafe import Markup, escape

_WORD = re.compile(r"[^\W_]+[+#]*")


class Highlighter:
    """Mark whole words whose stem is that of a word in the shared terms."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._stems = {self._stem(word) for term in terms for word in _WORD.findall(term)}

    def __call__(self, text: str) -> Markup:
        """Return a text as markup: escaped, with ``mark`` around each run of shared words."""
        found, end = Markup(), 0
        for match in self._runs(text):
            found += escape(text[end : match[0]]) + Markup("<mark>{}</mark>").format(text[match[0] : match[1]])
            end = match[1]
        return found + escape(text[end:])

    def _runs(self, text: str) -> list[tuple[int, int]]:
        """Return where shared words stand; words with only a space between them are one run."""
        runs: list[tuple[int, int]] = []
        for match in _WORD.finditer(text):
            if self._stem(match.group()) not in self._stems:
                continue
            if runs and text[runs[-1][1] : match.start()] == " ":
                runs[-1] = runs[-1][0], match.end()
            else:
                runs.append(match.span())
        return runs

    def _stem(self, word: str) -> str:
        stem: str = self._stemmer.stemWord(word.lower())
        return stem
