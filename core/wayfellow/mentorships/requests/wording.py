"""Judge what somebody writes when they ask: personal, long enough to answer, and not copied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from wayfellow.errors import InvalidInput, Problem
from wayfellow.people.search import fold
from wayfellow.words import gettext

MIN_LENGTH, MAX_LENGTH = 40, 2000
#: Two texts of which so much is the same are one text with a few words changed.
_ALIKE = 0.9


def clean_message(text: str, *, column: str = "message", least: int = MIN_LENGTH) -> str:
    """Return what somebody wrote as it is kept. Raises InvalidInput when it is too short or too long."""
    clean = text.replace("\r\n", "\n").strip()
    length = len(" ".join(clean.split()))
    if length < least:
        refuse(
            gettext(
                "Write a few words more: %(length)s characters are too few to answer, %(least)s at least are needed.",
                length=length,
                least=least,
            )
            if length
            else gettext("Write a few words of your own first, since nobody can answer an empty message."),
            column,
        )
    if len(clean) > MAX_LENGTH:
        refuse(
            gettext(
                "This has %(count)s characters; keep it to %(most)s.", count=f"{len(clean):,}", most=f"{MAX_LENGTH:,}"
            ),
            column,
        )
    return clean


def is_copy(text: str, others: Iterable[str], names: str = "") -> bool:
    """Tell whether a text is another with at most a few words changed; ``names`` are words that do not count."""
    ignored = set(_words(names))
    mine = [word for word in _words(text) if word not in ignored]
    return any(_alike(mine, [word for word in _words(other) if word not in ignored]) for other in others if other)


def refuse(sentence: str, column: str = "message") -> None:
    """Raise InvalidInput that says why a message is not sent."""
    whole = gettext("It is not sent yet. %(problem)s", problem=sentence)
    raise InvalidInput(whole, (Problem(sentence, column=column),))


def _alike(one: list[str], other: list[str]) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))
