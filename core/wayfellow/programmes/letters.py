"""Write what people read about their place in a programme: kind, plain, and with the next step."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wayfellow.notify.texts import LetterForm, Words, fill
from wayfellow.permissions import ROLES
from wayfellow.programmes.models import Cycle, Membership, MembershipState, Programme, RejectReason
from wayfellow.words import Wordlist, later

#: The kind of message that people choose about.
KIND = "membership.changed"

_PLACES = {
    "name": later("who gets the letter"),
    "role": later("mentor or mentee"),
    "programme": later("the name of the programme"),
    "cycle": later("the name of the cycle"),
}
_SAMPLE = {"name": "Renske Amadi", "role": later("mentee"), "programme": "Career Bridges", "cycle": "Spring 2027"}
_REASON = {
    "reason": later("a sentence for the reason that was chosen"),
    "note": later("what the coordinator adds, or nothing"),
}
_REASON_SAMPLE = {
    "reason": later("More people applied than there are places."),
    "note": later("Please apply again in autumn: your goals fit well."),
}

#: What somebody who is turned down reads for each reason.
REASONS: Mapping[str, str] = Wordlist(
    {
        RejectReason.FULL: later("More people applied than there are places."),
        RejectReason.NOT_ELIGIBLE: later("The programme is meant for another group this time."),
        RejectReason.INCOMPLETE: later("The application says too little for us to find the right person for you."),
        RejectReason.NO_MATCH: later("Nobody in this round can help with what you look for."),
        RejectReason.OTHER: later("It does not fit this time."),
    }
)


def _form(key: str, label: str, subject: str, body: str, *, with_reason: bool = False) -> LetterForm:
    words = Words(subject, body)
    places, sample = (_PLACES | _REASON, _SAMPLE | _REASON_SAMPLE) if with_reason else (_PLACES, _SAMPLE)
    return LetterForm(key, label, words, places, sample)


APPLIED = _form(
    "member.applied",
    later("An application came in (to who applied)"),
    later("We have your application: {programme}"),
    later(
        "Dear {name},\n\n"
        "thank you for applying as {role} for {programme}, {cycle}. A coordinator reads it and writes to you. "
        "Until then you can change your profile, or take the application back, on your home page."
    ),
)
WAITLISTED = _form(
    "member.waitlisted",
    later("On the waiting list"),
    later("You are on the waiting list: {programme}"),
    later(
        "Dear {name},\n\n"
        "you are on the waiting list as {role} for {programme}, {cycle}. Your home page shows where you stand, "
        "and you hear from us when a place comes free."
    ),
)
APPROVED = _form(
    "member.approved",
    later("Approved"),
    later("You are in: {programme}"),
    later(
        "Dear {name},\n\n"
        "you take part as {role} in {programme}, {cycle}. You are matched with everybody else; when there is a "
        "proposal for you, it stands on your home page. What you write about yourself and your goals decides how "
        "good it is."
    ),
)
REJECTED = _form(
    "member.rejected",
    later("Not this time"),
    later("Not this time: {programme}"),
    later(
        "Dear {name},\n\n"
        "thank you for wanting to take part as {role} in {programme}, {cycle}. It does not work out this time. {reason}"
        "\n\n{note}\n\nYou are welcome to apply again in the next round; what you wrote is kept in your profile."
    ),
    with_reason=True,
)
RECONSIDERED = _form(
    "member.reconsidered",
    later("A decision was taken back"),
    later("We look at it again: {programme}"),
    later(
        "Dear {name},\n\n"
        "we took our decision about your place as {role} in {programme}, {cycle} back and look at it again. "
        "Proposals that ended with it do not come back by themselves. You need to do nothing; we write to you."
    ),
)
REMOVED = _form(
    "member.removed",
    later("Taken out of a programme"),
    later("You no longer take part: {programme}"),
    later(
        "Dear {name},\n\n"
        "you no longer take part as {role} in {programme}, {cycle}. If that surprises you, write to a coordinator of "
        "the programme."
    ),
)

#: Every letter of this room whose words an administrator may change, by key.
FORMS: Mapping[str, LetterForm] = MappingProxyType(
    {form.key: form for form in (APPLIED, WAITLISTED, APPROVED, REJECTED, RECONSIDERED, REMOVED)}
)
_OF_STATE = {
    MembershipState.APPLIED: APPLIED,
    MembershipState.WAITLISTED: WAITLISTED,
    MembershipState.APPROVED: APPROVED,
    MembershipState.REJECTED: REJECTED,
    MembershipState.REMOVED: REMOVED,
}


def form_for(before: str | None, to: str, *, by_self: bool) -> LetterForm | None:
    """Return the letter for a move; None for what people did themselves, beyond applying, and for quiet moves."""
    state = MembershipState(to)
    if by_self:
        return APPLIED if state is MembershipState.APPLIED else None
    if state is MembershipState.APPLIED:
        return RECONSIDERED
    if state is MembershipState.APPROVED and before == MembershipState.PAUSED:
        return None
    return _OF_STATE.get(state)


def write(
    form: LetterForm, member: Membership, cycle: Cycle, programme: Programme, name: str, changed: Mapping[str, Words]
) -> Words:
    """Return what a member reads, in the language that is spoken; ``changed`` holds administrators' own words."""
    values = {"name": name, "role": ROLES[member.role], "programme": programme.name, "cycle": cycle.name}
    if member.reason:
        values |= {"reason": REASONS[RejectReason(member.reason)], "note": member.note}
    return fill(changed.get(form.key, form.words), values)
