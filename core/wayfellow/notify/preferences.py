"""Keep what people choose: which kinds of messages reach them how, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotAllowed, Problem
from wayfellow.notify.kinds import EMAIL, all_kinds, channels, find_kind
from wayfellow.notify.models import MessageChoice, MessageTimes
from wayfellow.notify.times import DAY, WEEK, Times
from wayfellow.people.models import Person
from wayfellow.types import Delivering, MessageKind
from wayfellow.words import gettext

Choices = Mapping[tuple[str, str], Delivering]
_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Preferences:
    """Hold what one person chose; ``choices`` maps (kind, channel) to when it comes, ``zone`` is their own."""

    kinds: tuple[MessageKind, ...]
    channels: Mapping[str, str]
    choices: Choices
    times: Times

    def of(self, kind: MessageKind, channel: str) -> Delivering:
        """Return what holds for a kind and a channel."""
        return self.choices.get((kind.key, channel), kind.default)


def get_preferences(tx: Transaction) -> Preferences:
    """Return the actor's own choices. Raises NotAllowed for strangers."""
    mine = _me(tx)
    choices = choices_of(tx, [mine])[mine]
    kinds = tuple(kind for kind in all_kinds(tx).values() if not kind.is_enclosing)
    return Preferences(kinds, channels(tx), choices, times_of(tx, [mine])[mine])


def set_choices(tx: Transaction, chosen: Mapping[tuple[str, str], str]) -> None:
    """Keep choices of the actor, by (kind, channel). Raises InvalidInput for what is not offered, NotAllowed."""
    kinds, open_channels = {kind.key for kind in all_kinds(tx).values() if not kind.is_enclosing}, channels(tx)
    for (kind, channel), choice in chosen.items():
        if kind not in kinds or channel not in open_channels or choice not in set(Delivering):
            raise InvalidInput(
                gettext("One of these choices is not offered any more. Reload the page and choose again.")
            )
        set_choice(tx, _me(tx), kind, channel, Delivering(choice))


def set_choice(tx: Transaction, person_id: int, kind: str, channel: str, choice: Delivering) -> None:
    """Keep one choice of a person; the caller knows that it is theirs."""
    tx.session.merge(MessageChoice(person_id=person_id, kind=kind, channel=channel, choice=choice))
    tx.session.flush()


def set_times(tx: Transaction, quiet_from: str, quiet_until: str, digest_every: str, digest_hour: str) -> None:
    """Keep when the actor wants messages, from what a form holds; empty quiet hours mean none.

    Raises InvalidInput with the field that is wrong, NotAllowed.
    """
    problems: list[Problem] = []
    start, end = _hour("quiet_from", quiet_from, problems), _hour("quiet_until", quiet_until, problems)
    hour = _hour("digest_hour", digest_hour, problems)
    if not problems and (start is None) != (end is None):
        missing = "quiet_from" if start is None else "quiet_until"
        problems.append(
            Problem(gettext("Quiet hours need a beginning and an end. Choose both, or neither."), column=missing)
        )
    if digest_every not in (DAY, WEEK):
        problems.append(Problem(gettext("Choose every day or every Monday."), column="digest_every"))
    if problems:
        raise InvalidInput(gettext("The times are not saved yet."), tuple(problems))
    digest = {"digest_every": digest_every, "digest_hour": 8 if hour is None else hour}
    tx.session.merge(MessageTimes(person_id=_me(tx), quiet_from=start, quiet_until=end, **digest))
    tx.session.flush()


def choice_of(tx: Transaction, choices: Choices, kind: str, channel: str) -> Delivering:
    """Return what holds for a kind and a channel among someone's choices."""
    found = find_kind(tx, kind)
    if found.is_enclosing:
        return Delivering.AT_ONCE if channel == EMAIL else Delivering.NEVER
    return choices.get((kind, channel), found.default)


def choices_of(tx: Transaction, person_ids: Iterable[int]) -> dict[int, Choices]:
    """Return the choices of people, by person; a statement for each ten thousand."""
    found: dict[int, dict[tuple[str, str], Delivering]] = {person_id: {} for person_id in person_ids}
    for ids in _chunks(found):
        for row in tx.session.scalars(select(MessageChoice).where(MessageChoice.person_id.in_(ids))):
            found[row.person_id][row.kind, row.channel] = Delivering(row.choice)
    return dict(found)


def times_of(tx: Transaction, person_ids: Iterable[int]) -> dict[int, Times]:
    """Return when people want messages, by person; a statement for each ten thousand."""
    found: dict[int, Times] = {}
    for ids in _chunks(person_ids):
        query = select(Person.id, Person.timezone, MessageTimes).where(Person.id.in_(ids))
        query = query.outerjoin(MessageTimes, MessageTimes.person_id == Person.id)
        for person_id, zone, row in tx.session.execute(query):
            said = (row.quiet_from, row.quiet_until, row.digest_every, row.digest_hour) if row else ()
            found[person_id] = Times(zone, *said)
    return found


def _chunks(person_ids: Iterable[int]) -> list[list[int]]:
    ids = sorted(set(person_ids))
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]


def _hour(field: str, text: str, problems: list[Problem]) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) < 24):
        problems.append(Problem(gettext("Choose one of the hours in the list."), column=field, value=text[:20]))
        return None
    return int(text)


def _me(tx: Transaction) -> int:
    if tx.actor.person_id is None:
        raise NotAllowed(gettext("Only people who are signed in choose how messages reach them. Sign in first."))
    return tx.actor.person_id
