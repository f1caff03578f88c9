"""Let whoever runs the program make the first administrator, with an address that only its console shows."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from wayfellow.config import Config
from wayfellow.db import lock_table
from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotFound, Problem
from wayfellow.notify.service import tell
from wayfellow.people.models import Person
from wayfellow.people.service import create_person
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import RoleAssignment
from wayfellow.programmes.roles import grant_role
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.secret import secret_key
from wayfellow.settings.known import HOUSE
from wayfellow.settings.service import save_settings
from wayfellow.tabular.values import clean_email, clean_line, clean_timezone
from wayfellow.types import Role
from wayfellow.words import gettext, later


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """Hold what the first administrator says about themselves, the organisation and the first programme.

    ``organisation`` and ``language`` are "" where they stay as they are.
    """

    name: str = ""
    email: str = ""
    organisation: str = ""
    language: str = ""
    timezone: str = "UTC"
    programme: str = ""
    cycle: str = ""


def setup_token(config: Config) -> str:
    """Return the secret of the set-up page; it is worth something only while nobody is administrator."""
    digest = hmac.new(secret_key(config).encode(), b"first administrator", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_set_up(session: Session) -> bool:
    """Tell whether the installation has an administrator."""
    administrators = select(RoleAssignment.id).where(RoleAssignment.role == Role.ADMINISTRATOR)
    return bool(session.scalar(select(exists(administrators))))


def check_token(tx: Transaction, token: str) -> None:
    """Raise NotFound, with the same words for a wrong token as for a page that has done its work."""
    if not hmac.compare_digest(token.encode(), setup_token(tx.config).encode()) or is_set_up(tx.session):
        raise NotFound(gettext("This installation is set up already, or the address is not complete. Sign in instead."))


def set_up(tx: Transaction, token: str, answers: FirstAnswers) -> int:
    """Make the first administrator, who coordinates the first programme, and return their id; of two at once one wins.

    Raises NotFound as :func:`check_token`, and InvalidInput whose problems name the fields of ``answers``.
    """
    lock_table(tx.session, RoleAssignment)
    check_token(tx, token)
    answers = clean_answers(answers)
    save_settings(tx, HOUSE, {key: text for key in HOUSE_KEYS if (text := getattr(answers, key))})
    programme = create_programme(tx, answers.programme, timezone=answers.timezone)
    create_cycle(tx, programme.id, answers.cycle)
    person = tx.session.scalar(select(Person).where(Person.email == answers.email)) or create_person(
        tx, None, name=answers.name, email=answers.email, timezone=answers.timezone
    )
    grant_role(tx, person.id, Role.ADMINISTRATOR, None)
    grant_role(tx, person.id, Role.COORDINATOR, programme.id)
    record(tx, "installation.set_up", "person", person.id, programme.id)
    if tx.config.mail:
        body = gettext(
            "This mail shows that mail from Wayfellow reaches you. Sign-in links and invitations come the same way."
        )
        tell(tx, person.id, key="first-run.mail", subject=gettext("Wayfellow is set up, and mail works"), body=body)
    return person.id


#: What is kept as settings, which check them too.
HOUSE_KEYS = ("organisation", "language", "timezone")
_CHECKS: Mapping[str, Callable[[str], str]] = {
    "name": lambda text: clean_line(text, later("Your name")),
    "email": clean_email,
    "timezone": clean_timezone,
    "programme": lambda text: clean_line(text, later("The programme's name"), 200),
    "cycle": lambda text: clean_line(text, later("The cycle's name"), 200),
}


def clean_answers(answers: FirstAnswers) -> FirstAnswers:
    """Return the answers as they are kept. Raises InvalidInput whose problems name their fields."""
    clean, problems = {}, []
    for field, text in asdict(answers).items():
        try:
            clean[field] = _CHECKS[field](text) if field in _CHECKS else text
        except ValueError as error:
            problems.append(Problem(str(error), column=field))
    if problems:
        raise InvalidInput(gettext("Nothing is set up yet."), tuple(problems))
    return FirstAnswers(**clean)
