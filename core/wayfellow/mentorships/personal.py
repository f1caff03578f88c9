"""Gather all that is kept about a person, for that person to take along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select

from wayfellow.concerns.models import Concern
from wayfellow.deployment import Transaction
from wayfellow.errors import NotAllowed
from wayfellow.goals.models import Goal
from wayfellow.mentorships.models import ChatRating, Consent, Mentorship, Origin, Proposal, Remark
from wayfellow.mentorships.requests.models import HiddenPerson
from wayfellow.notify.models import MessageChoice, MessageTimes, Notice
from wayfellow.people.models import Block, FieldDefinition, FieldValue, Person, PersonSkill, Skill
from wayfellow.privacy.audit import record
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.models import ApplicationDraft, Cycle, Membership, Programme, RoleAssignment
from wayfellow.types import JSON, MatchState
from wayfellow.words import gettext


def collect_my_data(tx: Transaction) -> dict[str, JSON]:
    """Return what is kept about the actor, by what it is, and record that it was handed over.

    Core's own first, then under ``plugins`` what each plugin says it keeps. Left out are what others chose or wrote
    about the person, such as whom they block and drafts that only coordinators see, and secrets such as those of
    sign-ins. Raises NotAllowed, and PluginFailed when a plugin can't say.
    """
    me = tx.actor.person_id
    if me is None:
        raise NotAllowed(gettext("Only a person has data to take along. Sign in first."))
    found: dict[str, JSON] = {name: _rows(tx, query) for name, query in _queries(me).items()}
    found["plugins"] = tx.host.collect_person_data(me, tx.session)
    record(tx, "person.exported", "person", me)
    return found


def _queries(me: int) -> Mapping[str, Select[Any]]:
    place = select(Programme.name.label("programme"), Cycle.name.label("cycle"))
    pairs = (Proposal.mentee_id == me) | (Proposal.mentor_id == me)
    shown = Proposal.state.not_in((MatchState.DRAFTED, MatchState.DISCARDED))
    heard = or_(Proposal.origin != Origin.REQUEST, Proposal.asked_by == me, Proposal.asked_at.is_not(None))
    ships = or_(Mentorship.mentee_id == me, Mentorship.mentor_id == me)
    person = select(Person.name, Person.email, Person.reference, Person.timezone, Person.created_at, Person.updated_at)
    fields = select(FieldDefinition.key, FieldDefinition.label, FieldValue.value)
    draft = place.add_columns(ApplicationDraft.role, ApplicationDraft.answers, ApplicationDraft.saved_at)
    member = place.add_columns(
        Membership.role,
        Membership.state,
        Membership.capacity,
        Membership.created_at,
        Membership.applied_at,
        Membership.state_since,
        Membership.reason,
        Membership.note,
        Membership.back_on,
    )
    return {
        "person": person.where(Person.id == me),
        "profile": fields.join(FieldValue, FieldValue.field_id == FieldDefinition.id).where(FieldValue.person_id == me),
        "skills": select(Skill.label, PersonSkill.stance)
        .join(PersonSkill, PersonSkill.skill_id == Skill.id)
        .where(PersonSkill.person_id == me),
        "goals": select(Goal.text, Goal.kind, Goal.state, Goal.created_at).where(Goal.person_id == me),
        "memberships": member.select_from(Membership)
        .join(Cycle, Cycle.id == Membership.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(Membership.person_id == me),
        "drafts": draft.select_from(ApplicationDraft)
        .join(Cycle, Cycle.id == ApplicationDraft.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(ApplicationDraft.person_id == me),
        "duties": select(RoleAssignment.role, RoleAssignment.programme_id).where(RoleAssignment.person_id == me),
        "blocks": select(Block.blocked_id, Block.created_at).where(Block.person_id == me),
        "proposals": select(
            Proposal.id,
            Proposal.cycle_id,
            Proposal.mentee_id,
            Proposal.mentor_id,
            Proposal.kind,
            Proposal.state,
            Proposal.created_at,
        ).where(pairs, shown, heard),
        "requests": select(Proposal.id, Proposal.kind, Proposal.message, Proposal.choice, Proposal.asked_at).where(
            Proposal.asked_by == me
        ),
        "remarks": select(Remark.proposal_id, Remark.text, Remark.written_at).where(Remark.person_id == me),
        "hidden": select(HiddenPerson.hidden_id, HiddenPerson.created_at).where(HiddenPerson.person_id == me),
        "concerns": select(Concern.text, Concern.about_id, Concern.state, Concern.created_at).where(
            Concern.person_id == me
        ),
        "answers": select(Consent.proposal_id, Consent.agrees, Consent.reason, Consent.note, Consent.given_at).where(
            Consent.person_id == me
        ),
        "chat_ratings": select(ChatRating.proposal_id, ChatRating.rating, ChatRating.rated_at).where(
            ChatRating.person_id == me
        ),
        "mentorships": select(
            Mentorship.cycle_id,
            Mentorship.mentee_id,
            Mentorship.mentor_id,
            Mentorship.kind,
            Mentorship.state,
            Mentorship.started_at,
            Mentorship.ended_at,
        ).where(ships),
        "notices": select(Notice.subject, Notice.body, Notice.kind, Notice.created_at, Notice.read_at).where(
            Notice.person_id == me
        ),
        "message_choices": select(MessageChoice.kind, MessageChoice.channel, MessageChoice.choice).where(
            MessageChoice.person_id == me
        ),
        "message_times": select(
            MessageTimes.quiet_from, MessageTimes.quiet_until, MessageTimes.digest_every, MessageTimes.digest_hour
        ).where(MessageTimes.person_id == me),
        "acts": select(AuditEntry.at, AuditEntry.action).where(AuditEntry.actor_id == me).order_by(AuditEntry.id),
    }


def _rows(tx: Transaction, query: Select[Any]) -> JSON:
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in tx.session.execute(query)]


def _plain(value: Any) -> JSON:
    plain: JSON = value.isoformat() if isinstance(value, date | datetime) else value
    return plain
