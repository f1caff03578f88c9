"""Read and save profiles, and add people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.people.audience import may_write_to, require_change, require_visible
from wayfellow.people.fields import load_fields
from wayfellow.people.models import FieldValue, Person, SkillStance
from wayfellow.people.records import read_skills
from wayfellow.people.saving import Saving
from wayfellow.privacy.audit import record
from wayfellow.tabular import values as checks
from wayfellow.types import ProfileField
from wayfellow.words import gettext, languages, later


@dataclass(frozen=True, slots=True)
class PersonView:
    """Be what a person is called; ``email`` is None for readers who may not write to them."""

    id: int
    reference: str
    name: str
    email: str | None
    timezone: str


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """Be a field and what the profile says in it: "" for nothing, tags one per line."""

    field: ProfileField
    value: str

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the answer line by line."""
        return tuple(self.value.split("\n")) if self.value else ()


@dataclass(frozen=True, slots=True)
class Profile:
    """Be a profile as its reader may see it; ``offers`` and ``wants`` are skills."""

    person: PersonView
    values: tuple[FieldAnswer, ...]
    offers: tuple[str, ...]
    wants: tuple[str, ...]


def get_profile(tx: Transaction, person_id: int) -> Profile:
    """Return a person's profile with the fields that the actor may read, unanswered ones included.

    Raises NotFound for strangers, blocked people and those whom a plugin hides.
    """
    seen = require_visible(tx, person_id)
    person = find_person(tx, person_id)
    fields = [stored for stored in load_fields(tx).values() if stored.definition.audience in seen]
    answers = select(FieldValue.field_id, FieldValue.value).where(FieldValue.person_id == person_id)
    said = dict(tx.session.execute(answers).all())
    skills = read_skills(tx.session, person_id)
    contact = may_write_to(tx, person_id, seen)
    return Profile(
        PersonView(person.id, person.reference, person.name, person.email if contact else None, person.timezone),
        tuple(FieldAnswer(stored.definition, said.get(stored.id, "")) for stored in fields),
        skills[SkillStance.OFFERS],
        skills[SkillStance.WANTS],
    )


def save_profile(tx: Transaction, person_id: int, values: Mapping[str, str]) -> frozenset[str]:
    """Save what is given of a profile and return the keys that are different now.

    Keys: ``name``, ``timezone``, ``skills``, ``skills_to_learn`` (tags with ``;`` ``,`` or lines between), any field's
    key, and ``email`` for those who may edit others. Raises NotFound, NotAllowed, and InvalidInput with one problem
    per field, whose ``column`` is the key; then nothing is saved.
    """
    seen = require_visible(tx, person_id)
    require_change(tx, person_id, own="profile.edit")
    changed = Saving(tx, find_person(tx, person_id), seen).save(values)
    if changed:
        record(tx, "profile.saved", "person", person_id, fields=sorted(changed))
        tx.tell(lambda host: host.on_profile_saved(person_id=person_id, changed=changed))
    return changed


def choose_language(tx: Transaction, language: str) -> None:
    """Keep the language in which the actor reads pages and letters. Raises InvalidInput."""
    if language not in languages():
        raise InvalidInput(gettext("Choose one of the languages that the page offers."))
    person = find_person(tx, tx.actor.person_id or 0)
    if person.language != language:
        person.language = language
        record(tx, "person.language_chosen", "person", person.id, language=language)


def create_person(
    tx: Transaction,
    programme_id: int | None,
    *,
    name: str,
    email: str | None = None,
    reference: str | None = None,
    timezone: str = "",
) -> Person:
    """Add a person; ``programme_id`` is the programme on whose behalf (None: the deployment's).

    Raises NotAllowed, InvalidInput, and Conflict when the address or the reference is taken.
    """
    tx.require("people.edit", programme_id)
    try:
        name, timezone = (
            checks.clean_line(name, later("The name")),
            checks.clean_timezone(timezone or tx.config.timezone),
        )
        email = checks.clean_email(email) if email else None
        reference = checks.clean_line(reference or email or "", later("The ID or the e-mail address"))
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    taken = select(Person.id).where(or_(Person.reference == reference, Person.email == (email or reference)))
    if tx.session.scalar(taken.limit(1)) is not None:
        raise Conflict(
            gettext("Someone with this ID or e-mail address is here already. Look for them in the list of people.")
        )
    now = tx.now()
    person = Person(reference=reference, name=name, email=email, timezone=timezone, created_at=now, updated_at=now)
    tx.session.add(person)
    tx.session.flush()
    record(tx, "person.created", "person", person.id, programme_id)
    return person


def find_person(tx: Transaction, person_id: int) -> Person:
    """Return a person's row, whoever asks. Raises NotFound."""
    person = tx.session.get(Person, person_id)
    if person is None:
        raise NotFound(gettext("This person is not here any more. Go back to the list you came from."))
    return person
