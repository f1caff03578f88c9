"""Write what people read about their place in a programme: kind, plain, and with the next step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wayfellow.deployment import Transaction
from wayfellow.notify.texts import LetterForm, Words, changed_words, fill
from wayfellow.programmes.models import Cycle, Membership, MembershipState, Programme, RejectReason

#: The kind of message that people choose about.
KIND = "membership.changed"

_PLACES = {
    "name": "who gets the letter",
    "role": "mentor or mentee",
    "programme": "the name of the programme",
    "cycle": "the name of the cycle",
}
_SAMPLE = {"name": "Renske Amadi", "role": "mentee", "programme": "Career Bridges", "cycle": "Spring 2027"}
_REASON = {"reason": "a sentence for the reason that was chosen", "note": "what the coordinator adds, or nothing"}
_REASON_SAMPLE = {
    "reason": "More people applied than there are places.",
    "note": "Please apply again in autumn: your goals fit well.",
}

#: What somebody who is turned down reads for each reason.
REASONS: Mapping[RejectReason, str] = MappingProxyType(
    {
        RejectReason.FULL: "More people applied than there are places.",
        RejectReason.NOT_ELIGIBLE: "The programme is meant for another group this time.",
        RejectReason.INCOMPLETE: "The application says too little for us to find the right person for you.",
        RejectReason.NO_MATCH: "Nobody in this round can help with what you look for.",
        RejectReason.OTHER: "It does not fit this time.",
    }
)


def _form(key: str, label: str, subject: str, body: str, *, with_reason: bool = False) -> LetterForm:
    words = Words(subject, f"Dear {{name}},\n\n{body}")
    places, sample = (_PLACES | _REASON, _SAMPLE | _REASON_SAMPLE) if with_reason else (_PLACES, _SAMPLE)
    return LetterForm(key, label, words, places, sample)


APPLIED = _form(
    "member.applied",
    "An application came in (to who applied)",
    "We have your application: {programme}",
    "thank you for applying as {role} for {programme}, {cycle}. A coordinator reads it and writes to you. "
    "Until then you can change your profile, or take the application back, on your home page.",
)
WAITLISTED = _form(
    "member.waitlisted",
    "On the waiting list",
    "You are on the waiting list: {programme}",
    "you are on the waiting list as {role} for {programme}, {cycle}. Your home page shows where you stand, "
    "and you hear from us when a place comes free.",
)
APPROVED = _form(
    "member.approved",
    "Approved",
    "You are in: {programme}",
    "you take part as {role} in {programme}, {cycle}. You are matched with everybody else; when there is a proposal "
    "for you, it stands on your home page. What you write about yourself and your goals decides how good it is.",
)
REJECTED = _form(
    "member.rejected",
    "Not this time",
    "Not this time: {programme}",
    "thank you for wanting to take part as {role} in {programme}, {cycle}. It does not work out this time. {reason}"
    "\n\n{note}\n\nYou are welcome to apply again in the next round; what you wrote is kept in your profile.",
    with_reason=True,
)
RECONSIDERED = _form(
    "member.reconsidered",
    "A decision was taken back",
    "We look at it again: {programme}",
    "we took our decision about your place as {role} in {programme}, {cycle} back and look at it again. "
    "Proposals that ended with it do not come back by themselves. You need to do nothing; we write to you.",
)
REMOVED = _form(
    "member.removed",
    "Taken out of a programme",
    "You no longer take part: {programme}",
    "you no longer take part as {role} in {programme}, {cycle}. If that surprises you, write to a coordinator of the "
    "programme.",
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


@dataclass(frozen=True, slots=True)
class MemberLetter:
    """Hold a letter to be worded: which, and what stands in its places."""

    form: LetterForm
    values: Mapping[str, str]


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


def write(member: Membership, cycle: Cycle, programme: Programme, name: str, *, by_self: bool) -> MemberLetter | None:
    """Return the letter that tells a member of the state they have just come to, if there is one."""
    form = form_for(member.state_before, member.state, by_self=by_self)
    if form is None:
        return None
    values = {"name": name, "role": member.role, "programme": programme.name, "cycle": cycle.name}
    if member.reason:
        values |= {"reason": REASONS[RejectReason(member.reason)], "note": member.note}
    return MemberLetter(form, values)


def reword(tx: Transaction, letters: Iterable[MemberLetter]) -> list[Words]:
    """Return letters in the words that administrators gave them; one statement."""
    written = list(letters)
    changed = changed_words(tx, {letter.form.key for letter in written})
    return [fill(changed.get(letter.form.key, letter.form.words), letter.values) for letter in written]
