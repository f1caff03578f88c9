"""Start a programme from another: with what it asks and goes by, without its people."""

from __future__ import annotations

from wayfellow.deployment import Transaction
from wayfellow.matching.criteria.service import load_set, newest_version, save_set
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Programme
from wayfellow.programmes.service import create_programme, get_programme


def duplicate_programme(tx: Transaction, programme_id: int, name: str) -> Programme:
    """Start a programme with another's description, time zone, application form, rules and criteria.

    Nobody is in it, it has no cycle yet, and it is not public until somebody makes it so. Raises NotFound, NotAllowed,
    and InvalidInput for the name.
    """
    source = get_programme(tx, programme_id)
    copy = create_programme(tx, name, description=source.description, timezone=source.timezone)
    copy.form, copy.rules = dict(source.form), dict(source.rules)
    number = newest_version(tx, programme_id)
    if number is not None:
        chosen = load_set(tx, programme_id, number)
        save_set(tx, copy.id, chosen, based_on=None, note=f"As in {source.name}, version {number}")
    tx.session.flush()
    record(tx, "programme.duplicated", "programme", copy.id, copy.id, source=programme_id)
    return copy
