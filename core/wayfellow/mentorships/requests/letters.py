"""Write what people read about requests and offers: who asks, what they wrote, and what comes next."""

from __future__ import annotations

from types import MappingProxyType

from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.letters import LetterTo, Value, make_form, make_letter
from wayfellow.mentorships.models import TieKind
from wayfellow.words import gettext, later

_MESSAGE = {
    "message": later("what the other person wrote"),
}
_MESSAGE_SAMPLE = {"message": "I read your talk on forecasting, and would like to learn how you chose a model."}
_NEXT = {
    "next": later("a sentence on whom we asked next, or what to do now"),
}
_NEXT_SAMPLE = {"next": "Your next choice, Ines Okafor, has been asked."}


_MENTORSHIP = make_form(
    "request.mentorship",
    later("A mentee asks for a mentorship (to the mentor)"),
    later("{other} asks you to be their mentor"),
    later(
        "Dear {name},\n\n{other_titled} asks you to be their mentor, and writes:\n\n{message}\n\n"
        "Say yes or not now on your home page, or ask to hear more first. Not now is fine, and needs no more than a "
        "reason from a list."
    ),
    _MESSAGE,
    _MESSAGE_SAMPLE,
)
_OFFER = make_form(
    "request.offer",
    later("A mentor offers a mentorship (to the mentee)"),
    later("{other} offers to be your mentor"),
    later(
        "Dear {name},\n\n{other_titled} offers to be your mentor, and writes:\n\n{message}\n\n"
        "Say yes or not now on your home page, or ask to hear more first. Not now is fine, and needs no more than a "
        "reason from a list."
    ),
    _MESSAGE,
    _MESSAGE_SAMPLE,
)
_CONVERSATION = make_form(
    "request.conversation",
    later("Somebody asks for one conversation"),
    later("{other} asks you for one conversation"),
    later(
        "Dear {name},\n\n"
        "{other_titled} asks you for one conversation of 20 to 30 minutes. It takes none of your places. They "
        "write:\n\n{message}\n\n"
        "Say yes or not now on your home page, or ask to hear more first. Not now is fine, and needs no more than a "
        "reason from a list."
    ),
    _MESSAGE,
    _MESSAGE_SAMPLE,
)
_QUESTION = make_form(
    "request.question",
    later("Tell me more (to who asked)"),
    later("{other} would like to hear more"),
    later(
        "Dear {name},\n\n{other_titled} has read what you wrote and would like to hear more before they answer:\n\n"
        "{message}\n\nReply on your home page. The time to answer stands still until then."
    ),
    _MESSAGE,
    _MESSAGE_SAMPLE,
)
_REPLY = make_form(
    "request.reply",
    later("The reply to tell me more"),
    later("{other} has replied to you"),
    later(
        "Dear {name},\n\n{other_titled} has replied to your question:\n\n{message}\n\n"
        "Say yes or not now on your home page, or ask to hear more first. Not now is fine, and needs no more than a "
        "reason from a list."
    ),
    _MESSAGE,
    _MESSAGE_SAMPLE,
)
_NOT_NOW = make_form(
    "request.not-now",
    later("Not now (to who asked)"),
    later("Not this time: {other}"),
    later(
        "Dear {name},\n\n"
        "{other} can't take this on now. It says nothing about you: most people who say not now are short of "
        "time.\n\n{next}"
    ),
    _NEXT,
    _NEXT_SAMPLE,
)
_UNANSWERED = make_form(
    "request.unanswered",
    later("Nobody answered in time (to who asked)"),
    later("No answer in time: {other}"),
    later(
        "Dear {name},\n\n"
        "{other} did not answer in time, and need not answer any more. It says nothing about you: weeks like that "
        "happen.\n\n{next}"
    ),
    _NEXT,
    _NEXT_SAMPLE,
)
_NEXT_ASKED = make_form(
    "request.next",
    later("The next choice was asked (to who asked)"),
    later("We asked your next choice: {other}"),
    later(
        "Dear {name},\n\n"
        "an earlier request of yours came to nothing, so we sent {other_titled} the message that you wrote for them. "
        "You see their answer on your home page, and can take the request back there."
    ),
)
_TALK = make_form(
    "request.agreed",
    later("Both said yes to a conversation"),
    later("You and {other} are going to talk"),
    later(
        "Dear {name},\n\n"
        "{other_titled} and you agreed on one conversation of 20 to 30 minutes. You find each other's contact "
        "details on your home page. Who asked suggests two or three times, and sends the questions the day before."
    ),
)
_CLOSED = make_form(
    "request.closed",
    later("A request is over (to the other person)"),
    later("No answer needed any more: {other}"),
    later(
        "Dear {name},\n\n"
        "what {other} asked you has come to an end, and you need not answer any more. Thank you for being there to "
        "be asked."
    ),
)
_GONE = make_form(
    "request.gone",
    later("A request can't go ahead (to who asked)"),
    later("This can't go ahead: you and {other}"),
    later(
        "Dear {name},\n\n"
        "things have changed since you chose {other}, and this can't go ahead. It was nobody's fault.\n\n{next}"
    ),
    _NEXT,
    _NEXT_SAMPLE,
)

#: Every letter of this room whose words an administrator may change, by key.
FORMS = MappingProxyType(
    {
        form.key: form
        for form in (
            _MENTORSHIP,
            _OFFER,
            _CONVERSATION,
            _QUESTION,
            _REPLY,
            _NOT_NOW,
            _UNANSWERED,
            _NEXT_ASKED,
            _TALK,
            _CLOSED,
            _GONE,
        )
    }
)


def asked(to: PersonRef, other: PersonRef, message: str, kind: TieKind, *, to_mentee: bool) -> LetterTo:
    """Return the letter that tells someone what another person asks of them, or offers."""
    form = _CONVERSATION if kind is TieKind.CONVERSATION else _OFFER if to_mentee else _MENTORSHIP
    return make_letter(form, to, other, message=message)


def question(to: PersonRef, other: PersonRef, message: str) -> LetterTo:
    """Return the letter that tells who asked what the other would like to hear first."""
    return make_letter(_QUESTION, to, other, message=message)


def reply(to: PersonRef, other: PersonRef, message: str) -> LetterTo:
    """Return the letter that tells who was asked what the asker replied."""
    return make_letter(_REPLY, to, other, message=message)


def not_now(to: PersonRef, other: PersonRef, following: PersonRef | None) -> LetterTo:
    """Return the letter that tells who asked, kindly, that the other said no; ``following`` was asked instead."""
    return make_letter(_NOT_NOW, to, other, next=_step(following))


def unanswered(to: PersonRef, other: PersonRef, following: PersonRef | None) -> LetterTo:
    """Return the letter that tells who asked that the time to answer is over; ``following`` was asked instead."""
    return make_letter(_UNANSWERED, to, other, next=_step(following))


def next_asked(to: PersonRef, other: PersonRef) -> LetterTo:
    """Return the letter that tells who asked that their next choice has their message now."""
    return make_letter(_NEXT_ASKED, to, other)


def agreed(to: PersonRef, other: PersonRef) -> LetterTo:
    """Return the letter that tells someone that both said yes to one conversation."""
    return make_letter(_TALK, to, other)


def closed(to: PersonRef, other: PersonRef) -> LetterTo:
    """Return the letter that tells somebody that an answer to a request is not waited for any more."""
    return make_letter(_CLOSED, to, other)


def gone(to: PersonRef, other: PersonRef, following: PersonRef | None = None) -> LetterTo:
    """Return the letter that tells who asked that this can't go ahead; it never says why."""
    return make_letter(_GONE, to, other, next=_step(following))


def _step(following: PersonRef | None) -> Value:
    def say() -> str:
        if following is not None:
            return gettext("Your next choice, %(name)s, has been asked.", name=following.name)
        return gettext("You can ask somebody else whenever you like: look at your home page.")

    return say
