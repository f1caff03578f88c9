"""Write what people read about their proposals: kind, plain, and without scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.models import TieKind
from wayfellow.mentorships.views import Letter
from wayfellow.notify.texts import LetterForm, Words, fill
from wayfellow.wording import spoken_day

_PLACES = {
    "name": "who gets the letter",
    "other": "the other person",
    "other_titled": "the other person, with their job title",
}
_SAMPLE = {"name": "Renske Amadi", "other": "Tomasz Oduya", "other_titled": "Tomasz Oduya, Head of data"}
_MORE = {
    "fit": "a sentence that says what both speak of, or nothing",
    "note": "what a coordinator who proposed it by hand wrote, or nothing",
    "until": "a sentence with the day until which an answer is waited for, or nothing",
}
_MORE_SAMPLE = {
    "fit": " You two fit because you both speak of forecasting and statistics.",
    "note": "",
    "until": " We wait for your answer until Friday 4 December.",
}

_ANSWER = (
    "Say yes or no on your home page. You are a pair once both of you have said yes; "
    "only then do you see each other's contact details. A no is fine, and needs no more than a reason from a list."
)
_ANOTHER_WAY = "Your coordinator knows, and will look for another way with you."


def make_form(
    key: str, label: str, subject: str, body: str, extra: Mapping[str, str] = {}, sample: Mapping[str, str] = {}
) -> LetterForm:
    """Return the form of a letter to one of two people about the other; ``extra`` names more placeholders."""
    words = Words(subject, f"Dear {{name}},\n\n{body}")
    return LetterForm(key, label, words, {**_PLACES, **extra}, {**_SAMPLE, **sample})


_PROPOSED_MENTEE = make_form(
    "proposed.mentee",
    "A mentor was found (to the mentee)",
    "We found a mentor for you: {other}",
    f"we found a mentor for you: {{other_titled}}.{{fit}}\n\n{{note}}\n\n{_ANSWER}{{until}}",
    _MORE,
    _MORE_SAMPLE,
)
_PROPOSED_MENTOR = make_form(
    "proposed.mentor",
    "A mentee was found (to the mentor)",
    "We found a mentee for you: {other}",
    f"we found a mentee for you: {{other_titled}}.{{fit}}\n\n{{note}}\n\n{_ANSWER}{{until}}",
    _MORE,
    _MORE_SAMPLE,
)
_PROPOSED_PEER = make_form(
    "proposed.peer",
    "A partner was found (to each peer)",
    "We found a partner for you: {other}",
    f"we found a partner for you: {{other_titled}}. You are peers: neither of you is the mentor.{{fit}}\n\n{_ANSWER}"
    "{until}",
    _MORE,
    _MORE_SAMPLE,
)
_CHAT = make_form(
    "proposed.chat",
    "A chat before pairs are chosen (to both)",
    "Have a chat with {other}",
    "before pairs are chosen, please have a chat with {other_titled}.{fit}\n\nNothing is decided by it. You find each "
    "other's e-mail address on your home page: write to each other this week. When you have talked, say there how it "
    "was. Nobody reads what you say; it only helps to choose the pairs.",
    {"fit": _MORE["fit"]},
    {"fit": _MORE_SAMPLE["fit"]},
)
_ACCEPTED = make_form(
    "accepted",
    "Both said yes",
    "You and {other} are a pair",
    "{other_titled} said yes, and so did you. You find each other's contact details on your "
    "home page. Write to each other this week and agree on a first meeting.",
)
_DECLINED = make_form(
    "declined",
    "The other said no",
    "Not this time: {other}",
    "{other} can't take this on now. It says nothing about you: most people who say no "
    "are short of time. Your coordinator knows, and will look for somebody else with you.",
)
_NO_PLACE_MENTEE = make_form(
    "no-place.mentee",
    "The last place is gone (to the mentee)",
    "No place left: you and {other}",
    "this pair can't go ahead: the last place with {other} was taken before both of you had said yes. "
    f"It was nobody's fault, and your yes is not forgotten. {_ANOTHER_WAY}",
)
_NO_PLACE_MENTOR = make_form(
    "no-place.mentor",
    "The last place is gone (to the mentor)",
    "No place left: you and {other}",
    "this pair can't go ahead: all your places were taken before you and {other} had both said yes. "
    f"It was nobody's fault, and your yes is not forgotten. {_ANOTHER_WAY}",
)
_NOT_POSSIBLE = make_form(
    "not-possible",
    "The pair can't go ahead",
    "This pair can't go ahead: you and {other}",
    f"things have changed since we proposed you and {{other}} as a pair, and it can't go ahead. {_ANOTHER_WAY}",
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
) -> Letter:
    """Return the letter that tells someone of a proposal; peers, and both who have a chat, read the same.

    ``until`` is the last day on which to answer, ``note`` what a coordinator who proposes it by hand wrote.
    """
    fit = f" You two fit because you both speak of {_listed(terms)}." if terms else ""
    last = f" We wait for your answer until {spoken_day(until)}." if until else ""
    form = _SAME_FOR_BOTH.get(kind, _PROPOSED_MENTEE if to_mentee else _PROPOSED_MENTOR)
    return make_letter(form, to, other, fit=fit, note=note, until=last)


def accepted(to: PersonRef, other: PersonRef) -> Letter:
    """Return the letter that tells someone that both said yes."""
    return make_letter(_ACCEPTED, to, other)


def declined(to: PersonRef, other: PersonRef) -> Letter:
    """Return the letter that tells someone, kindly and without the note, that the other side said no."""
    return make_letter(_DECLINED, to, other)


def no_place(to: PersonRef, other: PersonRef, *, to_mentee: bool) -> Letter:
    """Return the letter that tells one of two people that the mentor's last place has just gone."""
    return make_letter(_NO_PLACE_MENTEE if to_mentee else _NO_PLACE_MENTOR, to, other)


def not_possible(to: PersonRef, other: PersonRef) -> Letter:
    """Return the letter that tells one of two people that their pair can't go ahead; it never says why."""
    return make_letter(_NOT_POSSIBLE, to, other)


def reworded(letter: Letter, changed: Mapping[str, Words]) -> Letter:
    """Return a letter in the words that an administrator gave it, if there are any."""
    words = changed.get(letter.form)
    return letter if words is None else Letter(letter.to, *fill(words, letter.values), letter.form, letter.values)


def make_letter(form: LetterForm, to: PersonRef, other: PersonRef, **more: str) -> Letter:
    """Fill a form; ``more`` holds what stands for the placeholders that it has beyond the two names."""
    values = {"name": to.name, "other": other.name, "other_titled": _titled(other), **more}
    subject, body = fill(form.words, values)
    return Letter(to, subject, body, form.key, values)


def _titled(person: PersonRef) -> str:
    return f"{person.name}, {person.job_title}" if person.job_title else person.name


def _listed(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} and {words[-1]}"
