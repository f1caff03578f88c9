"""Bring to the host what pages need done behind them; nothing here imports Flask before it is asked to work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wayfellow.markers import hookimpl
from wayfellow.types import JSON, Job, MessageKind
from wayfellow.words import later

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wayfellow.deployment import Transaction
    from wayfellow.jobs.context import JobContext

NEW_EMAIL, EMAIL_CHANGED = "accounts.new-email", "accounts.email-changed"
SIGN_IN, INVITATION, CHANGED = "accounts.sign-in", "accounts.invitation", "accounts.changed"
MAIL_LINK, INVITE_ALL, TIDY = "accounts.mail-link", "accounts.invite-all", "accounts.tidy"


@hookimpl
def register_message_kinds() -> Iterable[MessageKind]:
    """Name the mails that carry a link which works once, and those that say that somebody's way in was changed."""
    return (
        MessageKind(SIGN_IN, later("A link to sign in"), later("You asked for it."), enclose=_sign_in),
        MessageKind(INVITATION, later("An invitation"), later("A coordinator sends it."), enclose=_invitation),
        MessageKind(CHANGED, later("Your way in was changed"), later("A password, a second factor."), enclose=_warning),
        MessageKind(
            NEW_EMAIL, later("Is this your new address?"), later("You asked for it."), enclose=_new_email, address=_new
        ),
        MessageKind(
            EMAIL_CHANGED, later("Your address was changed"), later("To the old one."), enclose=_warning, address=_old
        ),
    )


@hookimpl
def register_jobs() -> Iterable[Job]:
    """Name the work of sending links, to an address that may be nobody's and to all who never came, and of tidying."""
    return (
        Job(MAIL_LINK, _mail_link, label=later("Sign-in link")),
        Job(INVITE_ALL, _invite_all, label=later("Invitations")),
        Job(TIDY, _tidy, label=later("Remove who asked to join and never came in"), every=timedelta(days=1)),
    )


@hookimpl
def collect_person_data(person_id: int, session: Session) -> Mapping[str, JSON] | None:
    """Return when a person got an account, and the browsers that are signed in."""
    from wayfellow_web.accounts.personal import collect

    return collect(person_id, session)


@hookimpl
def erase_person_data(person_id: int, session: Session) -> int:
    """Remove a person's account, sign-ins and links."""
    from wayfellow_web.accounts.personal import erase

    return erase(person_id, session)


def _sign_in(tx: Transaction, person_id: int) -> str:
    from wayfellow_web.accounts.mailing import enclose_link
    from wayfellow_web.accounts.tickets import Purpose

    return enclose_link(tx, person_id, Purpose.SIGN_IN)


def _invitation(tx: Transaction, person_id: int) -> str:
    from wayfellow_web.accounts.mailing import enclose_link
    from wayfellow_web.accounts.tickets import Purpose

    return enclose_link(tx, person_id, Purpose.INVITATION)


def _warning(tx: Transaction, person_id: int) -> str:
    from wayfellow_web.accounts.notices import warn

    return warn(tx, person_id)


def _new_email(tx: Transaction, person_id: int) -> str:
    from wayfellow_web.accounts.new_email import enclose_link

    return enclose_link(tx, person_id)


def _new(tx: Transaction, person_id: int) -> str | None:
    from wayfellow_web.accounts.new_email import find_new

    return find_new(tx, person_id)


def _old(tx: Transaction, person_id: int) -> str | None:
    from wayfellow_web.accounts.new_email import find_old

    return find_old(tx, person_id)


def _mail_link(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    from wayfellow_web.accounts.mailing import mail_link

    return mail_link(context, payload)


def _invite_all(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    from wayfellow_web.accounts.inviting import run_invite_all

    return run_invite_all(context, payload)


def _tidy(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    from wayfellow_web.accounts.newcomers import tidy

    return tidy(context, payload)
