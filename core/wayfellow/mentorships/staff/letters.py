"""Write what people read when a coordinator arranges, withdraws or decides on a pair, and when time runs out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.letters import LetterTo, make_form, make_letter
from wayfellow.notify.texts import LetterForm
from wayfellow.wording import spoken_day
from wayfellow.words import later

_UNTIL = {
    "until": later("the day until which an answer is waited for"),
}
_UNTIL_SAMPLE = {"until": "Friday 4 December"}
_NOTE = {
    "note": later("what the coordinator wrote, or nothing"),
}
_NOTE_SAMPLE = {"note": "You both asked for somebody from the hospital."}

_REMINDER = make_form(
    "reminder",
    later("An answer is waited for (a reminder)"),
    later("Your answer is waited for until {until}: {other}"),
    later(
        "Dear {name},\n\n"
        "your answer about {other_titled} is waited for. Say yes or not now on your home page until {until}. Not now "
        "is fine, and needs no more than a reason from a list."
    ),
    _UNTIL,
    _UNTIL_SAMPLE,
)
_EXPIRED_ANSWERED = make_form(
    "expired.answered",
    later("The time ran out (to whoever had said yes)"),
    later("No answer in time: you and {other}"),
    later(
        "Dear {name},\n\n"
        "you said yes, thank you. {other} did not answer in time, so this pair does not go ahead for now. It says "
        "nothing about you. Your coordinator knows, and will look for another way with you."
    ),
)
_EXPIRED_SILENT = make_form(
    "expired.silent",
    later("The time ran out (to whoever had not answered)"),
    later("The time to answer is over: you and {other}"),
    later(
        "Dear {name},\n\n"
        "the time to answer about you and {other} is over, and you need not do anything. Weeks like that happen. If "
        "you would have liked to say yes, tell your coordinator, who can propose it again."
    ),
)
_ARRANGED = make_form(
    "arranged",
    later("A coordinator arranged the pair"),
    later("You and {other} are a pair"),
    later(
        "Dear {name},\n\nyour coordinator arranged that you and {other_titled} are a pair.\n\n{note}\n\n"
        "You find each other's contact details on your home page. Write to each other this week and agree on a first "
        "meeting. If it is not right for you, tell your coordinator."
    ),
    _NOTE,
    _NOTE_SAMPLE,
)
_ARRANGED_HALF = make_form(
    "arranged.half",
    later("A coordinator arranged it, and asks the other alone"),
    later("Your coordinator proposes you and {other}"),
    later(
        "Dear {name},\n\nyour coordinator proposed {other_titled} and you as a pair, and took it that you agree.\n\n"
        "{note}\n\n"
        "{other} is asked now; you hear from us either way. If it is not right for you, say so on your home page."
    ),
    _NOTE,
    _NOTE_SAMPLE,
)
_AWAITING = make_form(
    "awaiting",
    later("Both said yes, and a coordinator looks at it"),
    later("Both of you said yes: you and {other}"),
    later(
        "Dear {name},\n\n"
        "you and {other_titled} both said yes. A coordinator of the programme looks at it once more and you hear "
        "from us; then you see each other's contact details."
    ),
)
_NOT_APPROVED = make_form(
    "not-approved",
    later("A coordinator decided against the pair"),
    later("This pair does not go ahead: you and {other}"),
    later(
        "Dear {name},\n\n"
        "a coordinator decided that you and {other} do not go ahead as a pair. It says nothing about you. Your "
        "coordinator knows, and will look for another way with you.\n\n{note}"
    ),
    _NOTE,
    _NOTE_SAMPLE,
)
_WITHDRAWN = make_form(
    "withdrawn",
    later("A coordinator took the proposal back"),
    later("A proposal was taken back: you and {other}"),
    later(
        "Dear {name},\n\n"
        "your coordinator took the proposal of you and {other} back, so you need not answer any more. It says "
        "nothing about you. Your coordinator knows, and will look for another way with you.\n\n{note}"
    ),
    _NOTE,
    _NOTE_SAMPLE,
)
_FOUND_ANOTHER = make_form(
    "found-another",
    later("The other has found somebody"),
    later("{other} has found somebody else"),
    later(
        "Dear {name},\n\n"
        "{other} has found somebody else meanwhile, so this does not go ahead and you need not answer any more. "
        "Thank you for being there to be asked. Your coordinator knows, and will look for another way with you."
    ),
)
_ENDED = make_form(
    "ended",
    later("A mentorship has ended"),
    later("Your mentorship with {other} has ended"),
    later(
        "Dear {name},\n\n"
        "your mentorship with {other} has ended, since things have changed. Thank you for what you gave it. Your "
        "coordinator knows, and helps you with what comes next."
    ),
)

#: Every letter of this room whose words an administrator may change, by key.
FORMS: Mapping[str, LetterForm] = MappingProxyType(
    {
        form.key: form
        for form in (
            _REMINDER,
            _EXPIRED_ANSWERED,
            _EXPIRED_SILENT,
            _ARRANGED,
            _ARRANGED_HALF,
            _AWAITING,
            _NOT_APPROVED,
            _WITHDRAWN,
            _FOUND_ANOTHER,
            _ENDED,
        )
    }
)


def reminder(to: PersonRef, other: PersonRef, until: date) -> LetterTo:
    """Return the letter that reminds somebody of a proposal that they have not answered."""
    return make_letter(_REMINDER, to, other, until=lambda: spoken_day(until))


def expired(to: PersonRef, other: PersonRef, *, said_yes: bool) -> LetterTo:
    """Return the letter that tells somebody that the time to answer is over; who had said yes reads other words."""
    return make_letter(_EXPIRED_ANSWERED if said_yes else _EXPIRED_SILENT, to, other)


def arranged(to: PersonRef, other: PersonRef, note: str) -> LetterTo:
    """Return the letter that tells one of two people that a coordinator made them a pair."""
    return make_letter(_ARRANGED, to, other, note=note)


def arranged_half(to: PersonRef, other: PersonRef, note: str) -> LetterTo:
    """Return the letter to somebody whose yes a coordinator took as given, while the other is asked."""
    return make_letter(_ARRANGED_HALF, to, other, note=note)


def awaiting(to: PersonRef, other: PersonRef) -> LetterTo:
    """Return the letter that tells one of two people who agree that a coordinator has the last word."""
    return make_letter(_AWAITING, to, other)


def not_approved(to: PersonRef, other: PersonRef, note: str) -> LetterTo:
    """Return the letter that tells one of two people who agree that a coordinator decided against it."""
    return make_letter(_NOT_APPROVED, to, other, note=note)


def withdrawn(to: PersonRef, other: PersonRef, note: str) -> LetterTo:
    """Return the letter that tells one of two people that a coordinator took their proposal back."""
    return make_letter(_WITHDRAWN, to, other, note=note)


def found_another(to: PersonRef, other: PersonRef) -> LetterTo:
    """Return the letter that tells somebody that whoever they might have had is with somebody else now."""
    return make_letter(_FOUND_ANOTHER, to, other)


def ended(to: PersonRef, other: PersonRef) -> LetterTo:
    """Return the letter that tells somebody that their mentorship has ended; it never says why."""
    return make_letter(_ENDED, to, other)
