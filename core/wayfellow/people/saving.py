"""Check what a form says about a person, all of it first, then write what is different."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.people.fields import StoredField, sync_fields
from wayfellow.people.models import Person, SkillStance
from wayfellow.people.records import refresh_search, write_skills, write_value
from wayfellow.tabular import values as checks
from wayfellow.types import Audience, ProfileField
from wayfellow.words import gettext, later, ngettext

_STANCES = {"skills": SkillStance.OFFERS, "skills_to_learn": SkillStance.WANTS}


class Saving:
    """Save one person's profile; ``seen`` are the audiences of who saves, who may not change what they can't read."""

    def __init__(self, tx: Transaction, person: Person, seen: frozenset[Audience]) -> None:
        self.tx, self.person = tx, person
        fields: dict[str, StoredField] = sync_fields(tx)
        self.fields = {key: stored for key, stored in fields.items() if stored.definition.audience in seen}
        self.problems: list[Problem] = []

    def save(self, values: Mapping[str, str]) -> frozenset[str]:
        """Check and write; return the keys that are different now. Raises InvalidInput."""
        clean = {key: self._check(key, text) for key, text in values.items()}
        if self.problems:
            sentence = ngettext(
                "One answer can't be saved yet. Mend what is marked and save again.",
                "%(num)s answers can't be saved yet. Mend what is marked and save again.",
                len(self.problems),
            )
            raise InvalidInput(sentence, tuple(self.problems))
        changed = frozenset(key for key, value in clean.items() if self._write(key, value))
        if changed:
            self.person.updated_at = self.tx.now()
            refresh_search(self.tx.session, self.person)
            self.tx.session.flush()
        return changed

    def _check(self, key: str, text: str) -> object:
        try:
            return self._checker(key)(text)
        except ValueError as error:
            self.problems.append(Problem(str(error), column=key, value=text[:80]))
            return None

    def _checker(self, key: str) -> Callable[[str], object]:
        own: dict[str, Callable[[str], object]] = {
            "name": partial(checks.clean_line, what=later("The name")),
            "timezone": checks.clean_timezone,
            "email": self._check_email,
            "skills": checks.split_tags,
            "skills_to_learn": checks.split_tags,
        }
        if key in own:
            return own[key]
        if key in self.fields:
            return partial(_check_answer, self.fields[key].definition)
        return _refuse_unknown

    def _check_email(self, text: str) -> str | None:
        if self.tx.actor.person_id == self.person.id:
            raise ValueError(
                gettext("You can't change your own address here. Change it under Me, where you are signed in.")
            )
        email = checks.clean_email(text) if text.strip() else None
        taken = select(Person.id).where(Person.email == email, Person.id != self.person.id)
        if email is not None and self.tx.session.scalar(taken) is not None:
            raise ValueError(
                gettext("Somebody else has the address %(email)s. Look for them in the list of people.", email=email)
            )
        return email

    def _write(self, key: str, value: object) -> bool:
        if key in _STANCES:
            assert isinstance(value, tuple)  # noqa: S101 - split_tags gave it
            return write_skills(self.tx.session, self.person.id, _STANCES[key], value)
        if key in self.fields:
            return write_value(self.tx.session, self.person.id, self.fields[key].id, str(value))
        before = getattr(self.person, key)
        setattr(self.person, key, value)
        return bool(before != value)


def _check_answer(definition: ProfileField, text: str) -> str:
    value = checks.clean_value(definition, text)
    if definition.required and not value:
        raise ValueError(gettext("%(field)s is needed. Fill it in.", field=gettext(definition.label)))
    return value


def _refuse_unknown(text: str) -> str:
    raise ValueError(gettext("There is no such field. Reload the page and try again."))
