"""Say which fields of mentees a quota may count, and which values stand there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Select, select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.matching.runs import find_cycle
from wayfellow.matching.settings import Quota
from wayfellow.matching.texts import read_texts
from wayfellow.people.fields import list_fields
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.types import FieldType, Role
from wayfellow.words import gettext

#: Fields that hold one short value; of others everybody's text is another.
_SHORT = (FieldType.TEXT, FieldType.CHOICE, FieldType.TAGS, FieldType.NUMBER)
_NAMED = 5


def list_quota_fields(tx: Transaction) -> dict[str, str]:
    """Return the labels of the fields that a quota may count, by key."""
    return {field.key: field.label for field in list_fields(tx, Role.MENTEE) if field.type in _SHORT}


def check_quotas(tx: Transaction, cycle_id: int, quotas: Mapping[int, Quota]) -> None:
    """Raise InvalidInput for the quotas that count nobody, each a problem in its row, which ``quotas`` holds them by.

    Five statements, none without quotas.
    """
    if not quotas:
        return
    cycle = find_cycle(tx, cycle_id, "matching.read")
    people: Select[int] = select(Membership.person_id).where(
        Membership.cycle_id == cycle.id,
        Membership.role == Role.MENTEE,
        Membership.state == MembershipState.APPROVED,
    )
    texts = read_texts(tx.session, people, Role.MENTEE)
    problems = []
    for row, quota in quotas.items():
        values = sorted(fields[quota.field].strip() for fields in texts.values() if fields.get(quota.field))
        spelt = {value.casefold(): value for value in reversed(values)}
        said = Counter(spelt[value.casefold()] for value in values)
        if quota.value.strip().casefold() not in spelt:
            problems.append(Problem(_nobody(quota, said), row, "value", quota.value))
    if problems:
        raise InvalidInput(gettext("A quota counts nobody."), tuple(problems))


def _nobody(quota: Quota, said: Counter[str]) -> str:
    if not said:
        return gettext(
            "No mentee says anything there, so “%(value)s” counts nobody. Choose another field.", value=quota.value
        )
    most = ", ".join(f"{value.replace(chr(10), '; ')} ({count:,})" for value, count in said.most_common(_NAMED))
    return gettext("No mentee has “%(value)s” there. The most frequent are: %(most)s.", value=quota.value, most=most)
