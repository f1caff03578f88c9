"""Cut text of any language into words."""

import html
import re
import unicodedata
from collections.abc import Iterator

LONGEST_WORD = 64
"""Characters kept of one word: what is longer is data rather than language."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # kana, Han
)
# Marks that complete a letter count as parts of words, which \w denies: Latin, Hebrew, Arabic, the scripts of India.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]*>")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+[+#]*")
_WORD = re.compile(rf"[{_UNSPACED}]+|(?:(?![{_UNSPACED}_])[\w{_MARKS}])+[+#]*")
_DOT_NET = re.compile(r"(?<![\w.])(\.net)\b", re.IGNORECASE)
_RUN = re.compile(rf"[{_UNSPACED}]{{2,}}")


def words(text: str) -> list[str]:
    """Return the words of a text, in order, as they were written.

    Markup is dropped and entities are read. A sign that names a language stays (C++, C#, .NET). A script without spaces
    gives each two neighbouring characters as a word, the usual substitute for a dictionary (Nie, Gao, Zhang & Zhou
    2000, "On the use of words and n-grams for Chinese information retrieval").
    """
    plain = _plain(text)
    if ".n" not in plain and ".N" not in plain:
        return _cut(plain)
    parts = _DOT_NET.split(plain)
    return [word for position, part in enumerate(parts) for word in ([part] if position % 2 else _cut(part))]


def _cut(plain: str) -> list[str]:
    if plain.isascii():
        found = _ASCII_WORD.findall(plain)
    else:
        found = [word for run in _WORD.findall(unicodedata.normalize("NFKC", plain)) for word in _spaced(run)]
    return [word[:LONGEST_WORD] for word in found]


def _plain(text: str) -> str:
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return text


def _spaced(run: str) -> Iterator[str]:
    if _RUN.fullmatch(run):
        return (run[i : i + 2] for i in range(len(run) - 1))
    return iter((run,))
