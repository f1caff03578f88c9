"""Send what is due, a bounded number at a time, so that other work gets its turn."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from wayfellow.deployment import Deployment, Transaction
from wayfellow.errors import WayfellowError
from wayfellow.jobs.run import describe
from wayfellow.notify import parcels
from wayfellow.notify.kinds import EMAIL, find_kind
from wayfellow.notify.languages import speaking_to
from wayfellow.notify.mails import Mail, Part, build, footer_of
from wayfellow.notify.models import DeliveryState, Notice
from wayfellow.notify.outbox import JOB_KIND, wake
from wayfellow.notify.parcels import Parcel
from wayfellow.notify.preferences import choice_of, choices_of
from wayfellow.notify.smtp import Bounced, Mailer, MaybeSent, NotSent, ServerDown
from wayfellow.notify.unsubscribe import Wish, make_token
from wayfellow.people.models import Person
from wayfellow.types import JSON, SYSTEM, Delivering, Enclosure, Job, Message, MessageKind
from wayfellow.words import later, ngettext

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext

log = logging.getLogger(__name__)

#: How many messages one job sends before it gives its place to others.
BATCH = 50


class NotWanted(WayfellowError):
    """Say why a message is not sent any more."""


@dataclass(slots=True)
class Tally:
    """Count what one job sent, and hold when the next attempts are due."""

    sent: int = 0
    rest: bool = False
    again: set[datetime] = field(default_factory=set)


def send_due(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Send what is due; ask for the next turn when something is left, or has to be tried again."""
    tally, deployment = Tally(), context.deployment
    mailer = Mailer(deployment.config.mail) if deployment.config.mail else None
    try:
        for number in range(BATCH):
            context.progress("Sending messages", number)
            if not _send_next(deployment, mailer, tally):
                break
        else:
            tally.rest = True
    finally:
        if mailer is not None:
            mailer.close()
    result: dict[str, JSON] = {"sent": tally.sent}
    with context.finish(result) as tx:
        lost = parcels.next_lease_end(tx)
        for due in {*tally.again, *([tx.now()] if tally.rest else ()), *([lost] if lost else ())}:
            wake(tx, due)
    return result


def _send_next(deployment: Deployment, mailer: Mailer | None, tally: Tally) -> bool:
    """Send one parcel; tell whether to go on."""
    with deployment.transaction(SYSTEM) as tx:
        parcel = parcels.take(tx)
    if parcel is None:
        return False
    try:
        _hand_over(deployment, mailer, parcel)
    except (Bounced, MaybeSent, NotWanted) as error:
        state = {Bounced: DeliveryState.BOUNCED, MaybeSent: DeliveryState.MAYBE_SENT}
        _settle(deployment, parcel, state.get(type(error), DeliveryState.CANCELLED), str(error))
    except NotSent as error:
        _try_again(deployment, parcel, tally, str(error))
        return not isinstance(error, ServerDown)
    except Exception as error:  # a fault of the program before the handing over: the next one may be well
        log.error("a message could not be written: %s", describe(error))
        sentence = f"Something went wrong inside Wayfellow before it was sent ({type(error).__name__})."
        _try_again(deployment, parcel, tally, sentence)
    else:
        _settle(deployment, parcel, DeliveryState.SENT, None)
        tally.sent += 1
    return True


def _try_again(deployment: Deployment, parcel: Parcel, tally: Tally, error: str) -> None:
    with deployment.transaction(SYSTEM) as tx:
        again = parcels.put_back(tx, parcel, error)
    tally.again |= {again} if again else set()


def _settle(deployment: Deployment, parcel: Parcel, state: DeliveryState, error: str | None) -> None:
    with deployment.transaction(SYSTEM) as tx:
        parcels.settle(tx, parcel, state, error)


def _hand_over(deployment: Deployment, mailer: Mailer | None, parcel: Parcel) -> None:
    """Give a parcel to its channel. Raises NotWanted, NotSent, Bounced, MaybeSent."""
    with deployment.reading(SYSTEM) as tx:
        person, notices = _still_wanted(tx, parcel)
        if parcel.channel == EMAIL:
            if mailer is None:
                raise NotWanted("No mail server is configured any more.")
            kind = find_kind(tx, notices[0].kind)
            address = kind.address(tx, person.id) if kind.address else person.email
            if not address:
                raise NotWanted("There is no e-mail address for this person any more.")
            with speaking_to(tx, person.id):
                mail = _mail(tx, parcel, person, notices, address)
    with deployment.host.words.speaking(person.language or deployment.config.language):
        if parcel.channel != EMAIL:
            _deliver(deployment, parcel, _message(parcel, person, notices))
        elif mailer is not None:
            if kind.is_enclosing:
                mail = _enclosing(deployment, mail, kind, notices[0])
            mailer.send(build(deployment.config, mail, deployment.clock()), mail.email)


def _enclosing(deployment: Deployment, mail: Mail, kind: MessageKind, notice: Notice) -> Mail:
    """Return the mail with what is written at the last moment, which may itself be written down somewhere."""
    with deployment.transaction(SYSTEM) as tx:
        text = kind.enclose(tx, notice.person_id) if kind.enclose else ""
        last = kind.enclose_for(tx, notice.key) if kind.enclose_for else Enclosure()
    (part,) = mail.parts
    body = "\n\n".join(text for text in (part.body, text, last.text) if text).strip()
    return replace(mail, parts=[Part(part.subject, body)], unsubscribe="", attachments=last.attachments)


def _still_wanted(tx: Transaction, parcel: Parcel) -> tuple[Person, list[Notice]]:
    """Return the person, and those notices whose kind they have not switched off since. Raises NotWanted."""
    choices = choices_of(tx, [parcel.person_id])[parcel.person_id]
    kinds = {notice.id: choice_of(tx, choices, notice.kind, parcel.channel) for notice in parcel.notices}
    notices = [notice for notice in parcel.notices if kinds[notice.id] is not Delivering.NEVER]
    if not notices:
        raise NotWanted("It was switched off before it was sent.")
    return tx.session.get_one(Person, parcel.person_id), notices


def _mail(tx: Transaction, parcel: Parcel, person: Person, notices: list[Notice], email: str) -> Mail:
    kinds = [find_kind(tx, notice.kind) for notice in notices]
    subject = notices[0].subject if len(notices) == 1 else _digest_subject(tx, notices)
    stop = ""
    if not parcel.digest:
        token = make_token(tx.config, Wish(person.id, EMAIL, notices[0].kind))
        stop = f"{(tx.config.base_url or '').rstrip('/')}/unsubscribe/{token}"
    footer = footer_of(kinds, tx.config.organisation, digest=parcel.digest)
    parts = [Part(notice.subject, notice.body) for notice in notices]
    return Mail(parcel.message_id, person.name, email, subject, parts, footer, stop)


def _digest_subject(tx: Transaction, notices: list[Notice]) -> str:
    return ngettext(
        "%(num)s message from %(organisation)s",
        "%(num)s messages from %(organisation)s",
        len(notices),
        organisation=tx.config.organisation,
    )


def _message(parcel: Parcel, person: Person, notices: list[Notice]) -> Message:
    body = "\n\n".join(f"{n.subject}\n\n{n.body}".strip() for n in notices) if len(notices) > 1 else notices[0].body
    subject = notices[0].subject if len(notices) == 1 else ngettext("%(num)s message", "%(num)s messages", len(notices))
    return Message(parcel.message_id, person.id, person.name, person.email, subject, body)


def _deliver(deployment: Deployment, parcel: Parcel, message: Message) -> None:
    channel = next((one for one in deployment.host.channels if one.key == parcel.channel), None)
    if channel is None:
        raise NotWanted("The plugin that brought this channel is not loaded any more.")
    try:
        channel.deliver(message)
    except Exception as error:
        log.error("channel %s could not deliver: %s", channel.key, describe(error))
        raise NotSent(f"{channel.label} could not take the message now ({type(error).__name__}).") from error


JOBS = (Job(JOB_KIND, send_due, label=later("Send messages"), every=timedelta(minutes=5)),)
