"""Say what an application asks: the fields of a role, as a programme chose them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.people.fields import list_fields
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Programme
from wayfellow.programmes.service import get_programme
from wayfellow.types import ProfileField, Role
from wayfellow.words import gettext


class Asked(StrEnum):
    """Say how a form asks for a field."""

    NO = "no"
    MAYBE = "optional"
    MUST = "required"


@dataclass(frozen=True, slots=True)
class Question:
    """Be one field of an application; it is asked only if another's answer is ``only_value``, when one is named."""

    field: ProfileField
    asked: Asked
    only_key: str = ""
    only_value: str = ""

    def applies(self, answers: Mapping[str, str]) -> bool:
        """Tell whether the field is asked, given what the others say; tags count one by one."""
        if not self.only_key:
            return True
        said = {line.strip().casefold() for line in answers.get(self.only_key, "").splitlines()}
        return self.only_value.casefold() in said


def read_form(tx: Transaction, programme: Programme, role: Role) -> list[Question]:
    """Return every field that people of a role fill in, with how the programme asks for it; in the order of forms.

    A programme that chose nothing asks for all of them, and requires those that every profile requires.
    """
    chosen: Mapping[str, Any] = programme.form.get(role.value, {})
    return [_question(field, chosen.get(field.key)) for field in list_fields(tx, role)]


def save_form(tx: Transaction, programme_id: int, role: Role, chosen: Mapping[str, Mapping[str, str]]) -> None:
    """Choose what applications of a role ask; ``chosen`` maps a field to ``asked``, ``only_key`` and ``only_value``.

    Raises NotFound, NotAllowed, and InvalidInput whose problems name the fields.
    """
    programme = get_programme(tx, programme_id)
    tx.require("programme.edit", programme_id)
    fields = {field.key: field for field in list_fields(tx, role)}
    problems = [Problem(why, column=key) for key, row in chosen.items() if (why := _fault(key, row, fields))]
    if problems:
        raise InvalidInput(gettext("The form is not saved yet. Mend what is marked."), tuple(problems))
    rows = {key: {name: text for name, text in row.items() if text} for key, row in chosen.items()}
    if programme.form.get(role.value) != rows:
        programme.form = {**programme.form, role.value: rows}
        tx.session.flush()
        record(tx, "programme.form", "programme", programme_id, programme_id, role=role.value)


def _question(field: ProfileField, row: Mapping[str, str] | None) -> Question:
    if row is None:
        return Question(field, Asked.MUST if field.required else Asked.MAYBE)
    asked = Asked(row.get("asked", Asked.MAYBE))
    if field.required and not row.get("only_key"):
        asked = Asked.MUST  # no profile can be saved without it
    return Question(field, asked, row.get("only_key", ""), row.get("only_value", ""))


def _fault(key: str, row: Mapping[str, str], fields: Mapping[str, ProfileField]) -> str:
    if key not in fields or row.get("asked") not in set(Asked):
        return gettext("This field is not in the list any more. Load the page again.")
    other = row.get("only_key", "")
    if other and other == key:
        return gettext(
            "%(field)s can't depend on itself. Choose another field, or none.", field=gettext(fields[key].label)
        )
    if not other:
        return ""
    wanted = row.get("only_value", "").strip()
    options = fields[other].options if other in fields else ()
    if other not in fields or not wanted or (options and wanted not in options):
        label = gettext(fields[key].label)
        if not options:
            return gettext(
                "%(field)s depends on an answer that nobody can give. Change it, or choose no field.", field=label
            )
        return gettext(
            "%(field)s depends on an answer that nobody can give. It can be one of these: %(options)s. "
            "Change it, or choose no field.",
            field=label,
            options=", ".join(options),
        )
    return ""
