"""Keep the words of letters: each has words of its own until an administrator writes others, and goes back to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import NamedTuple

from sqlalchemy import func, select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, Problem
from wayfellow.notify.models import MessageText
from wayfellow.notify.service import SUBJECT_LENGTH
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.words import Wordlist, gettext, later, said

BODY_LENGTH = 20_000
_PARTS: Mapping[str, str] = Wordlist({"subject": later("The subject"), "body": later("The body")})
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


class Words(NamedTuple):
    """Hold what a letter says, with placeholders such as ``{name}``."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class LetterForm:
    """Describe a letter whose words can be changed.

    ``placeholders`` maps each name that may stand in braces to what it stands for; ``sample`` to what a preview shows.
    """

    key: str
    label: str
    words: Words
    placeholders: Mapping[str, str] = field(default_factory=dict)
    sample: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """Be one version of a letter's words; ``is_default`` where somebody went back to the words that come along."""

    number: int
    author: str
    at: datetime
    is_default: bool


def fill(words: Words, values: Mapping[str, str]) -> Words:
    """Put values into the places of placeholders; what is not one stays as it is.

    The words that come along are said in the language that is spoken, those of administrators as they wrote them.
    """

    def put(match: re.Match[str]) -> str:
        return values.get(match.group(1), match.group(0))

    body = re.sub(r"\n{3,}", "\n\n", _PLACEHOLDER.sub(put, said(words.body))).strip()
    subject = " ".join(_PLACEHOLDER.sub(put, said(words.subject)).split())
    return Words(subject if len(subject) <= SUBJECT_LENGTH else f"{subject[: SUBJECT_LENGTH - 1]}…", body)


def changed_words(tx: Transaction, keys: Iterable[str]) -> dict[str, Words]:
    """Return the words of those letters that were changed, by key; one statement."""
    newest = select(MessageText.letter, func.max(MessageText.version).label("version")).group_by(MessageText.letter)
    last = newest.where(MessageText.letter.in_(sorted(set(keys)))).subquery()
    query = select(MessageText).join(
        last, (last.c.letter == MessageText.letter) & (last.c.version == MessageText.version)
    )
    return {row.letter: Words(row.subject, row.body) for row in tx.session.scalars(query) if row.body}


def list_versions(tx: Transaction, form: LetterForm) -> list[Version]:
    """Return the versions of a letter's words, the newest first. Raises NotAllowed."""
    tx.require("messages.edit")
    query = select(MessageText, Person.name).outerjoin(Person, Person.id == MessageText.created_by)
    rows = tx.session.execute(query.where(MessageText.letter == form.key).order_by(MessageText.version.desc()))
    return [Version(row.version, name or gettext("Somebody"), row.created_at, not row.body) for row, name in rows]


def check_words(form: LetterForm, words: Words) -> Words:
    """Return words as they are kept. Raises InvalidInput with a sentence for each fault."""
    clean = Words(" ".join(words.subject.split()), words.body.replace("\r\n", "\n").strip())
    problems = []
    for name, text, longest in (("subject", clean.subject, SUBJECT_LENGTH), ("body", clean.body, BODY_LENGTH)):
        if not text:
            why = gettext("%(part)s says nothing. Write something, or go back to the default.", part=_PARTS[name])
            problems.append(Problem(why, column=name))
        elif len(text) > longest:
            why = gettext(
                "%(part)s has more than %(most)s characters. Shorten it.", part=_PARTS[name], most=f"{longest:,}"
            )
            problems.append(Problem(why, column=name))
        else:
            problems += [Problem(why, column=name) for why in _unknown(form, text)]
    if problems:
        raise InvalidInput(gettext("The words are not saved yet."), tuple(problems))
    return clean


def save_words(tx: Transaction, form: LetterForm, words: Words, *, seen: int) -> None:
    """Keep new words for a letter; ``seen`` is the number of the version they were made from, 0 for none.

    Raises InvalidInput, NotAllowed, and Conflict when somebody else saved in the meantime.
    """
    _add(tx, form, check_words(form, words), seen)


def reset_words(tx: Transaction, form: LetterForm, *, seen: int) -> None:
    """Go back to the words that come along. Raises NotAllowed, Conflict."""
    _add(tx, form, Words("", ""), seen)


def _add(tx: Transaction, form: LetterForm, words: Words, seen: int) -> None:
    tx.require("messages.edit")
    last = tx.session.scalar(select(func.max(MessageText.version)).where(MessageText.letter == form.key)) or 0
    if last != seen:
        raise Conflict(
            gettext("Somebody else changed these words in the meantime. Open the page again and look at theirs.")
        )
    row = MessageText(letter=form.key, version=last + 1, created_by=tx.actor.person_id, created_at=tx.now())
    row.subject, row.body = words
    tx.session.add(row)
    tx.session.flush()
    action = "message_text.changed" if words.body else "message_text.reset"
    record(tx, action, "message_text", row.id, letter=form.key, version=row.version)


def _unknown(form: LetterForm, text: str) -> list[str]:
    found = []
    for name in dict.fromkeys(_PLACEHOLDER.findall(text)):
        if name not in form.placeholders:
            close = get_close_matches(name, form.placeholders, n=1)
            known = ", ".join(f"{{{known}}}" for known in form.placeholders)
            if close:
                why = gettext(
                    "%(place)s does not stand for anything in this letter. Did you mean %(close)s?",
                    place=f"{{{name}}}",
                    close=f"{{{close[0]}}}",
                )
            else:
                why = gettext(
                    "%(place)s does not stand for anything in this letter. These can stand here: %(known)s.",
                    place=f"{{{name}}}",
                    known=known,
                )
            found.append(why)
    return found
