"""Write the letters that bring people in; the link is added as they are sent, and is kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wayfellow.deployment import Transaction
from wayfellow.notify.texts import LetterForm, Words, changed_words, fill
from wayfellow.words import later

_PLACES = {"name": later("who gets the letter"), "organisation": later("the name of your organisation")}
_SAMPLE = {"name": "Renske Amadi", "organisation": "Harbour Group"}

SIGN_IN = LetterForm(
    "sign-in",
    later("A link to sign in"),
    Words(
        later("Your link to {organisation}"),
        later(
            "Dear {name},\n\nhere is the link to sign in that was asked for with your address. "
            "If that was not you, do nothing: without the link nobody gets in."
        ),
    ),
    _PLACES,
    _SAMPLE,
)
INVITATION = LetterForm(
    "invitation",
    later("An invitation"),
    Words(
        later("Come in: mentoring at {organisation}"),
        later(
            "Dear {name},\n\nyou take part in mentoring at {organisation}. Come in to see what is known of you, "
            "say what you aim at, and answer proposals. You need no password."
        ),
    ),
    _PLACES,
    _SAMPLE,
)

#: The letters of this room whose words an administrator may change, by key.
FORMS: Mapping[str, LetterForm] = MappingProxyType({form.key: form for form in (SIGN_IN, INVITATION)})


def words_of(tx: Transaction, form: LetterForm) -> Words:
    """Return the words of a letter: the organisation's own where there are any."""
    return changed_words(tx, [form.key]).get(form.key, form.words)


def write_in(tx: Transaction, words: Words, name: str) -> Words:
    """Return what a letter of some words says to someone."""
    return fill(words, {"name": name, "organisation": tx.config.organisation})


def write_letter(tx: Transaction, form: LetterForm, name: str) -> Words:
    """Return what a letter says to someone."""
    return write_in(tx, words_of(tx, form), name)
