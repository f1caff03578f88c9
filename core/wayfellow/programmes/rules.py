"""Say how pairs come about in a programme: who may ask whom, how long answers take, and who has the last word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Programme
from wayfellow.programmes.service import get_programme
from wayfellow.programmes.windows import local_day
from wayfellow.words import Wordlist, gettext, later

#: The least and the most that each number may be.
LIMITS: Mapping[str, tuple[int, int]] = {
    "open_requests": (1, 20),
    "choices": (1, 10),
    "answer_days": (1, 90),
    "cooldown_days": (0, 730),
}
_LABELS: Mapping[str, str] = Wordlist(
    {
        "open_requests": later("Open requests at once"),
        "choices": later("Ranked choices"),
        "answer_days": later("Days to answer"),
        "cooldown_days": later("Days before the same person may be asked again"),
    }
)


@dataclass(frozen=True, slots=True)
class Rules:
    """Hold what a programme allows.

    ``mentees_ask`` opens the directory of mentors to its mentees, ``mentors_offer`` that of mentees to its mentors, and
    ``conversations`` lets mentees ask for a single conversation. At most ``open_requests`` of a person wait for an
    answer, and ``choices`` more stand in line behind one another. A proposal or request that nobody answers runs out
    after ``answer_days``; after a no, the same person can be asked again in ``cooldown_days``. With ``approval`` a
    coordinator has the last word once both have said yes.
    """

    mentees_ask: bool = False
    mentors_offer: bool = False
    conversations: bool = False
    open_requests: int = 3
    choices: int = 3
    answer_days: int = 14
    cooldown_days: int = 90
    approval: bool = False

    @property
    def answer_time(self) -> timedelta:
        """Return how long an answer is waited for."""
        return timedelta(days=self.answer_days)


def read_rules(programme: Programme) -> Rules:
    """Return a programme's rules; what it did not choose is as usual."""
    known = {field.name for field in fields(Rules)}
    return Rules(**{name: value for name, value in programme.rules.items() if name in known})


def answer_until(programme: Programme, now: datetime) -> datetime:
    """Return when an answer that is asked for now stops being waited for: the end of a day in the programme."""
    last = local_day(programme, now) + timedelta(days=read_rules(programme).answer_days)
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(programme.timezone))


def last_day(programme: Programme, until: datetime) -> date:
    """Return the last day in the programme on which an answer comes in time."""
    return local_day(programme, until - timedelta(seconds=1))


def save_rules(tx: Transaction, programme_id: int, chosen: Mapping[str, Any]) -> Rules:
    """Change some of a programme's rules; needs ``programme.edit``.

    Raises NotFound, NotAllowed, and InvalidInput whose problems name the rules.
    """
    programme = get_programme(tx, programme_id)
    tx.require("programme.edit", programme_id)
    rules = replace(read_rules(programme), **chosen)
    problems = [
        Problem(
            gettext(
                "%(label)s: choose a whole number from %(least)s to %(most)s.",
                label=_LABELS[name],
                least=least,
                most=most,
            ),
            column=name,
        )
        for name, (least, most) in LIMITS.items()
        if not least <= getattr(rules, name) <= most
    ]
    if problems:
        raise InvalidInput(gettext("The rules are not saved yet. Mend what is marked."), tuple(problems))
    changed = sorted(name for name, value in asdict(rules).items() if asdict(read_rules(programme))[name] != value)
    if changed:
        programme.rules = asdict(rules)
        tx.session.flush()
        record(tx, "programme.changed", "programme", programme_id, programme_id, fields=changed)
    return rules
