"""Write what people read about their proposals: kind, plain, and without scores."""

from __future__ import annotations

from collections.abc import Sequence

from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.views import Letter


def proposed(to: PersonRef, other: PersonRef, terms: Sequence[str], *, to_mentee: bool) -> Letter:
    """Return the letter that tells someone of a proposal."""
    what = "a mentor" if to_mentee else "a mentee"
    fit = f" You two fit because you both speak of {_listed(terms)}." if terms else ""
    body = (
        f"Dear {to.name},\n\nwe found {what} for you: {_titled(other)}.{fit}\n\n"
        "Say yes or no on your home page. You are a pair once both of you have said yes; "
        "only then do you see each other's contact details. A no is fine, and needs no more than a reason from a list."
    )
    return _letter(to, f"We found {what} for you: {other.name}", body)


def accepted(to: PersonRef, other: PersonRef) -> Letter:
    """Return the letter that tells someone that both said yes."""
    body = (
        f"Dear {to.name},\n\n{_titled(other)} said yes, and so did you. You find each other's contact details on your "
        "home page. Write to each other this week and agree on a first meeting."
    )
    return _letter(to, f"You and {other.name} are a pair", body)


def declined(to: PersonRef, other: PersonRef) -> Letter:
    """Return the letter that tells someone, kindly and without the note, that the other side said no."""
    body = (
        f"Dear {to.name},\n\n{other.name} can't take this on now. It says nothing about you: most people who say no "
        "are short of time. Your coordinator knows, and will look for somebody else with you."
    )
    return _letter(to, f"Not this time: {other.name}", body)


def no_place(to: PersonRef, other: PersonRef, *, to_mentee: bool) -> Letter:
    """Return the letter that tells one of two people that the mentor's last place has just gone."""
    if to_mentee:
        why = f"the last place with {other.name} was taken before both of you had said yes"
    else:
        why = f"all your places were taken before you and {other.name} had both said yes"
    body = (
        f"Dear {to.name},\n\nthis pair can't go ahead: {why}. It was nobody's fault, and your yes is not forgotten. "
        "Your coordinator knows, and will look for another way with you."
    )
    return _letter(to, f"No place left: you and {other.name}", body)


def not_possible(to: PersonRef, other: PersonRef) -> Letter:
    """Return the letter that tells one of two people that their pair can't go ahead; it never says why."""
    body = (
        f"Dear {to.name},\n\nthings have changed since we proposed you and {other.name} as a pair, and it can't go "
        "ahead. Your coordinator knows, and will look for another way with you."
    )
    return _letter(to, f"This pair can't go ahead: you and {other.name}", body)


def _letter(to: PersonRef, subject: str, body: str) -> Letter:
    return Letter(to, subject if len(subject) <= 200 else subject[:199] + "…", body)


def _titled(person: PersonRef) -> str:
    return f"{person.name}, {person.job_title}" if person.job_title else person.name


def _listed(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} and {words[-1]}"
