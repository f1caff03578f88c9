"""Let people apply: a draft that is kept, an application, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotAllowed, NotFound, Problem
from wayfellow.people.audience import EVERYTHING
from wayfellow.people.models import Person
from wayfellow.people.saving import Saving
from wayfellow.people.service import find_person
from wayfellow.permissions import ROLES
from wayfellow.privacy.audit import record
from wayfellow.programmes.forms import Asked, Question, read_form
from wayfellow.programmes.models import ApplicationDraft, Cycle, Membership, MembershipState, Programme
from wayfellow.programmes.public import PublicProgramme, find_public
from wayfellow.programmes.standing import Who, Why, hold, move
from wayfellow.programmes.windows import local_day
from wayfellow.tabular.values import clean_capacity
from wayfellow.types import Role
from wayfellow.words import gettext, ngettext

_LONGEST = 20_000
_MAY_APPLY = (MembershipState.INVITED, MembershipState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Application:
    """Be a person's application for a role as its form shows it.

    ``answers`` is the draft, by key, or None before the first save; ``state`` the person's membership, None when there
    is none; ``may_apply`` whether it can be sent now.
    """

    programme: PublicProgramme
    cycle: Cycle
    role: Role
    questions: Sequence[Question]
    answers: Mapping[str, str] | None
    saved_at: datetime | None
    state: str | None
    may_apply: bool


def get_application(tx: Transaction, slug: str, role: Role) -> Application:
    """Return the actor's application for a role. Raises NotFound, NotAllowed, and Conflict when it is not open."""
    programme, cycle = _open(tx, slug, role)
    me = _me(tx)
    draft = tx.session.get(ApplicationDraft, (cycle.id, me, role.value))
    member = _mine(tx, cycle.id, me, role)
    row = tx.session.get_one(Programme, programme.id)
    questions = [question for question in read_form(tx, row, role) if question.asked is not Asked.NO]
    return Application(
        programme,
        cycle,
        role,
        questions,
        draft.answers if draft else None,
        draft.saved_at if draft else None,
        member.state if member else None,
        _may_apply(row, cycle, member),
    )


def save_draft(tx: Transaction, slug: str, role: Role, answers: Mapping[str, str]) -> None:
    """Keep what was typed so far, unchecked. Raises NotFound, NotAllowed, InvalidInput for far too much, Conflict."""
    application, me = get_application(tx, slug, role), _me(tx)
    _require_may(application)
    long = [key for key, text in answers.items() if len(text) > _LONGEST]
    if long:
        problems = [
            Problem(gettext("This has more than %(most)s characters. Shorten it.", most=f"{_LONGEST:,}"), column=key)
            for key in long
        ]
        raise InvalidInput(gettext("The draft is not saved yet."), tuple(problems))
    _hold_place(tx, application.cycle.id, me)
    draft = tx.session.get(ApplicationDraft, (application.cycle.id, me, role.value), populate_existing=True)
    if draft is None:
        draft = ApplicationDraft(cycle_id=application.cycle.id, person_id=me, role=role.value)
        tx.session.add(draft)
    draft.answers, draft.saved_at = dict(answers), tx.now()
    tx.session.flush()


def apply(tx: Transaction, slug: str, role: Role, answers: Mapping[str, str]) -> Membership:
    """Send an application: its answers go into the profile, and the person is "applied"; again changes nothing.

    Raises NotFound, NotAllowed, Conflict, and InvalidInput with a problem for each field; then nothing is saved.
    """
    me = _me(tx)
    _hold_place(tx, _open(tx, slug, role)[1].id, me)
    application = get_application(tx, slug, role)
    member = _mine(tx, application.cycle.id, me, role)
    if member is not None and member.state == MembershipState.APPLIED:
        return member
    _require_may(application)
    _save_answers(tx, application, me, answers)
    member = _enter(tx, application, me, member)
    if role is Role.MENTOR:
        member.capacity = clean_capacity(answers["capacity"])
    place = (ApplicationDraft.cycle_id == application.cycle.id, ApplicationDraft.person_id == me)
    tx.session.execute(delete(ApplicationDraft).where(*place, ApplicationDraft.role == role.value))
    tx.session.flush()
    return member


def _enter(tx: Transaction, application: Application, me: int, member: Membership | None) -> Membership:
    """Make somebody a member who has applied; a new one starts as invited, since the page invites everybody."""
    if member is None:
        member = Membership(cycle_id=application.cycle.id, person_id=me, role=application.role)
        member.state, member.created_at, member.state_since = MembershipState.INVITED, tx.now(), tx.now()
        tx.session.add(member)
        tx.session.flush()
    (held,) = hold(tx, [member.id])
    move(tx, [held], MembershipState.APPLIED, Who.SELF, Why())
    return held.member


def _save_answers(tx: Transaction, application: Application, me: int, answers: Mapping[str, str]) -> None:
    asked = [question for question in application.questions if question.applies(answers)]
    saving = Saving(tx, find_person(tx, me), EVERYTHING)
    values = {key: answers[key] for key in ("name", "timezone", "skills", "skills_to_learn") if key in answers}
    values |= {question.field.key: answers.get(question.field.key, "") for question in asked}
    problems = [
        Problem(
            gettext("%(field)s is needed. Fill it in.", field=gettext(question.field.label)), column=question.field.key
        )
        for question in asked
        if question.asked is Asked.MUST and not values[question.field.key].strip()
    ]
    if application.role is Role.MENTOR:
        problems += _capacity_problem(answers.get("capacity", ""))
    missing = {problem.column for problem in problems}
    try:
        changed = saving.save({key: text for key, text in values.items() if key not in missing})
    except InvalidInput as error:
        problems += error.problems
    if problems:
        sentence = ngettext(
            "One answer can't be sent yet. Mend what is marked.",
            "%(num)s answers can't be sent yet. Mend what is marked.",
            len(problems),
        )
        raise InvalidInput(sentence, tuple(problems))
    if changed:
        record(tx, "profile.saved", "person", me, fields=sorted(changed))
        tx.tell(lambda host: host.on_profile_saved(person_id=me, changed=changed))


def _capacity_problem(text: str) -> list[Problem]:
    try:
        clean_capacity(text or "?")
    except ValueError as error:
        return [Problem(str(error), column="capacity")]
    return []


def _open(tx: Transaction, slug: str, role: Role) -> tuple[PublicProgramme, Cycle]:
    programme = find_public(tx, slug)
    registration = programme.registration
    if programme.cycle is None or registration is None or not registration.is_open:
        raise Conflict(gettext("%(name)s takes no applications now. Its page says when it does.", name=programme.name))
    if role not in registration.roles:
        raise NotFound(
            gettext(
                "%(name)s looks for no %(role)s this time. Its page says who can apply.",
                name=programme.name,
                role=ROLES[role],
            )
        )
    return programme, programme.cycle


def _hold_place(tx: Transaction, cycle_id: int, me: int) -> None:
    """Let the cycle stay as it is, and whatever else this person sends at the same time wait."""
    held = select(Cycle).where(Cycle.id == cycle_id).with_for_update(read=True)
    tx.session.scalars(held.execution_options(populate_existing=True)).all()
    tx.session.execute(select(Person.id).where(Person.id == me).with_for_update())


def _me(tx: Transaction) -> int:
    if tx.actor.person_id is None:
        raise NotAllowed(gettext("Only a person can apply. Sign in first."))
    return tx.actor.person_id


def _mine(tx: Transaction, cycle_id: int, me: int, role: Role) -> Membership | None:
    mine = (Membership.cycle_id == cycle_id, Membership.person_id == me, Membership.role == role)
    return tx.session.scalar(select(Membership).where(*mine).execution_options(populate_existing=True))


def _may_apply(programme: Programme, cycle: Cycle, member: Membership | None) -> bool:
    """Tell whether someone may apply who is, or is not yet, in a cycle that is open.

    Whoever was turned down waits for a registration that opens later: the next cycle's, or this one's opened anew.
    """
    if member is None or member.state in _MAY_APPLY:
        return True
    if member.state != MembershipState.REJECTED or member.state_since is None:
        return False
    opened = cycle.registration_opens_on
    return opened is not None and local_day(programme, member.state_since) < opened


def _require_may(application: Application) -> None:
    if not application.may_apply:
        raise Conflict(
            gettext(
                "You can't apply as %(role)s for %(name)s now. Your home page says where you stand, and "
                "the next round is open to you again.",
                role=ROLES[application.role],
                name=application.cycle.name,
            )
        )
