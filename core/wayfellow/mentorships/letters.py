"""Write what people read about their proposals: kind, plain, and without scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.models import TieKind
from wayfellow.mentorships.views import Letter
from wayfellow.notify.texts import LetterForm, Words, fill
from wayfellow.wording import joined, spoken_day
from wayfellow.words import gettext, later

#: What stands for a placeholder; a sentence that depends on the language is said when the letter is written.
Value = str | Callable[[], str]


class LetterTo(NamedTuple):
    """Be a letter that is not written yet, since it is written in the reader's language."""

    to: PersonRef
    form: LetterForm
    values: Mapping[str, Value]


_PLACES = {
    "name": later("who gets the letter"),
    "other": later("the other person"),
    "other_titled": later("the other person, with their job title"),
}
_SAMPLE = {"name": "Renske Amadi", "other": "Tomasz Oduya", "other_titled": "Tomasz Oduya, Head of data"}
_MORE = {
    "fit": later("a sentence that says what both speak of, or nothing"),
    "note": later("what a coordinator who proposed it by hand wrote, or nothing"),
    "until": later("a sentence with the day until which an answer is waited for, or nothing"),
}
_MORE_SAMPLE = {
    "fit": " You two fit because you both speak of forecasting and statistics.",
    "note": "",
    "until": " We wait for your answer until Friday 4 December.",
}


def make_form(
    key: str, label: str, subject: str, body: str, extra: Mapping[str, str] = {}, sample: Mapping[str, str] = {}
) -> LetterForm:
    """Return the form of a letter to one of two people about the other; ``extra`` names more placeholders."""
    return LetterForm(key, label, Words(subject, body), {**_PLACES, **extra}, {**_SAMPLE, **sample})


_PROPOSED_MENTEE = make_form(
    "proposed.mentee",
    later("A mentor was found (to the mentee)"),
    later("We found a mentor for you: {other}"),
    later(
        "Dear {name},\n\nwe found a mentor for you: {other_titled}.{fit}\n\n{note}\n\n"
        "Say yes or no on your home page. You are a pair once both of you have said yes; only then do you see each "
        "other's contact details. A no is fine, and needs no more than a reason from a list.{until}"
    ),
    _MORE,
    _MORE_SAMPLE,
)
_PROPOSED_MENTOR = make_form(
    "proposed.mentor",
    later("A mentee was found (to the mentor)"),
    later("We found a mentee for you: {other}"),
    later(
        "Dear {name},\n\nwe found a mentee for you: {other_titled}.{fit}\n\n{note}\n\n"
        "Say yes or no on your home page. You are a pair once both of you have said yes; only then do you see each "
        "other's contact details. A no is fine, and needs no more than a reason from a list.{until}"
    ),
    _MORE,
    _MORE_SAMPLE,
)
_PROPOSED_PEER = make_form(
    "proposed.peer",
    later("A partner was found (to each peer)"),
    later("We found a partner for you: {other}"),
    later(
        "Dear {name},\n\n"
        "we found a partner for you: {other_titled}. You are peers: neither of you is the mentor.{fit}\n\n"
        "Say yes or no on your home page. You are a pair once both of you have said yes; only then do you see each "
        "other's contact details. A no is fine, and needs no more than a reason from a list.{until}"
    ),
    _MORE,
    _MORE_SAMPLE,
)
_CHAT = make_form(
    "proposed.chat",
    later("A chat before pairs are chosen (to both)"),
    later("Have a chat with {other}"),
    later(
        "Dear {name},\n\nbefore pairs are chosen, please have a chat with {other_titled}.{fit}\n\n"
        "Nothing is decided by it. You find each other's e-mail address on your home page: write to each other this "
        "week. When you have talked, say there how it was. Nobody reads what you say; it only helps to choose the "
        "pairs."
    ),
    {"fit": _MORE["fit"]},
    {"fit": _MORE_SAMPLE["fit"]},
)
_ACCEPTED = make_form(
    "accepted",
    later("Both said yes"),
    later("You and {other} are a pair"),
    later(
        "Dear {name},\n\n"
        "{other_titled} said yes, and so did you. You find each other's contact details on your home page. Write to "
        "each other this week and agree on a first meeting."
    ),
)
_DECLINED = make_form(
    "declined",
    later("The other said no"),
    later("Not this time: {other}"),
    later(
        "Dear {name},\n\n"
        "{other} can't take this on now. It says nothing about you: most people who say no are short of time. Your "
        "coordinator knows, and will look for somebody else with you."
    ),
)
_NO_PLACE_MENTEE = make_form(
    "no-place.mentee",
    later("The last place is gone (to the mentee)"),
    later("No place left: you and {other}"),
    later(
        "Dear {name},\n\n"
        "this pair can't go ahead: the last place with {other} was taken before both of you had said yes. It was "
        "nobody's fault, and your yes is not forgotten. Your coordinator knows, and will look for another way with "
        "you."
    ),
)
_NO_PLACE_MENTOR = make_form(
    "no-place.mentor",
    later("The last place is gone (to the mentor)"),
    later("No place left: you and {other}"),
    later(
        "Dear {name},\n\n"
        "this pair can't go ahead: all your places were taken before you and {other} had both said yes. It was "
        "nobody's fault, and your yes is not forgotten. Your coordinator knows, and will look for another way with "
        "you."
    ),
)
_NOT_POSSIBLE = make_form(
    "not-possible",
    later("The pair can't go ahead"),
    later("This pair can't go ahead: you and {other}"),
    later(
        "Dear {name},\n\n"
        "things have changed since we proposed you and {other} as a pair, and it can't go ahead. Your coordinator "
        "knows, and will look for another way with you."
    ),
)

_SAME_FOR_BOTH: Mapping[TieKind, LetterForm] = MappingProxyType({TieKind.PEERS: _PROPOSED_PEER, TieKind.CHAT: _CHAT})
#: Every letter whose words an administrator may change, by key.
FORMS: Mapping[str, LetterForm] = MappingProxyType(
    {
        form.key: form
        for form in (
            _PROPOSED_MENTEE,
            _PROPOSED_MENTOR,
            _PROPOSED_PEER,
            _CHAT,
            _ACCEPTED,
            _DECLINED,
            _NO_PLACE_MENTEE,
            _NO_PLACE_MENTOR,
            _NOT_POSSIBLE,
        )
    }
)


def proposed(
    to: PersonRef,
    other: PersonRef,
    terms: Sequence[str],
    until: date | None = None,
    note: str = "",
    *,
    to_mentee: bool,
    kind: TieKind = TieKind.MENTORSHIP,
) -> LetterTo:
    """Return the letter that tells someone of a proposal; peers, and both who have a chat, read the same.

    ``until`` is the last day on which to answer, ``note`` what a coordinator who proposes it by hand wrote.
    """

    def fit() -> str:
        why = gettext("You two fit because you both speak of %(terms)s.", terms=joined(terms)) if terms else ""
        return f" {why}" if why else ""

    def last() -> str:
        return " " + gettext("We wait for your answer until %(day)s.", day=spoken_day(until)) if until else ""

    form = _SAME_FOR_BOTH.get(kind, _PROPOSED_MENTEE if to_mentee else _PROPOSED_MENTOR)
    return make_letter(form, to, other, fit=fit, note=note, until=last)


def accepted(to: PersonRef, other: PersonRef) -> LetterTo:
    """Return the letter that tells someone that both said yes."""
    return make_letter(_ACCEPTED, to, other)


def declined(to: PersonRef, other: PersonRef) -> LetterTo:
    """Return the letter that tells someone, kindly and without the note, that the other side said no."""
    return make_letter(_DECLINED, to, other)


def no_place(to: PersonRef, other: PersonRef, *, to_mentee: bool) -> LetterTo:
    """Return the letter that tells one of two people that the mentor's last place has just gone."""
    return make_letter(_NO_PLACE_MENTEE if to_mentee else _NO_PLACE_MENTOR, to, other)


def not_possible(to: PersonRef, other: PersonRef) -> LetterTo:
    """Return the letter that tells one of two people that their pair can't go ahead; it never says why."""
    return make_letter(_NOT_POSSIBLE, to, other)


def write(letter: LetterTo, changed: Mapping[str, Words] = {}) -> Letter:
    """Return what somebody reads, in the language that is spoken; ``changed`` holds administrators' own words."""
    values = {name: value if isinstance(value, str) else value() for name, value in letter.values.items()}
    return Letter(letter.to, *fill(changed.get(letter.form.key, letter.form.words), values))


def make_letter(form: LetterForm, to: PersonRef, other: PersonRef, **more: Value) -> LetterTo:
    """Address a form to someone; ``more`` holds what stands for the placeholders beyond the two names."""
    return LetterTo(to, form, {"name": to.name, "other": other.name, "other_titled": _titled(other), **more})


def _titled(person: PersonRef) -> str:
    return f"{person.name}, {person.job_title}" if person.job_title else person.name
