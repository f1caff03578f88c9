"""Fold text so that people are found and sorted without regard to case and accents, on every database alike."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return text in small letters, without accents and double spaces: ``Zoë ÅBERG`` becomes ``zoe aberg``."""
    for _ in range(2):  # letters in compatibility forms have a case only once they are decomposed
        text = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(char for char in text if not unicodedata.combining(char)).split())


def search_text(name: str, email: str | None, reference: str, job_title: str = "") -> str:
    """Return what a search for a person looks through, one part per line."""
    return "\n".join(fold(part) for part in (name, email or "", reference, job_title))


def search_words(query: str) -> list[str]:
    """Return the words of a search, folded; each must be found."""
    return fold(query).split()
