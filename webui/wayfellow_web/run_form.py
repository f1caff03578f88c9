"""Turn the form of a new run into its settings, and settings into a form; what was typed stays until it is right."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wayfellow.errors import InvalidInput, Problem
from wayfellow.matching.settings import MatchSettings, Mode, Objective, PeerPool, Quota
from wayfellow.words import Wordlist, gettext, later

#: Largest numbers that are taken: mentees of a mentor, mentors of a mentee, people of a quota, and a run's seed.
MOST_MENTEES, MOST_MENTORS, MOST_PEOPLE, MOST_SEED = 1_000, 10, 1_000_000, 2**31 - 1
#: The choice of the form that stands for the best pairs by what people said of their chats.
RATED = "rated"
#: The ways to match in which a mentee may have several mentors.
WITH_SEVERAL = (Mode.PAIRS, Mode.LOTTERY, RATED)
MOST_QUOTAS = 20


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """Be one quota of the form as it was typed; ``errors`` holds sentences by the control's name."""

    value: str = ""
    least: str = ""
    most: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    field: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was typed, so that the row counts for nothing."""
        return not (self.value or self.least or self.most)


@dataclass(frozen=True, slots=True)
class RunForm:
    """Hold the whole form as it was typed; ``errors`` holds sentences by the control's name."""

    mode: str = Mode.PAIRS
    group_least: str = "3"
    group_most: str = "6"
    objective: str = Objective.MOST_PEOPLE
    floor: bool = True
    mentors_per_mentee: str = "1"
    pool: str = PeerPool.MENTEES
    chats: str = "3"
    ratings_weight: str = "50"
    beyond_chats: bool = False
    fewest_mentees: str = ""
    seed: str = ""
    quotas: tuple[QuotaRow, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    def read(self, fields: Collection[str]) -> tuple[MatchSettings, int]:
        """Return the settings and the seed, a random one where none is given; ``fields`` are those of quotas.

        Raises InvalidInput with a problem for each control that is wrong: ``column`` is its name, and ``row`` the place
        of the quota, from 1.
        """
        reader = _Reader()
        if self.mode not in (*Mode, RATED):
            reader.add("mode", gettext("Choose one of the ways to match."))
        if self.objective not in tuple(Objective):
            reader.add("objective", gettext("Choose what comes first."))
        own = self._read_own(reader)
        seed = reader.number("seed", self.seed, 0, MOST_SEED)
        quotas = self.read_quotas(fields, reader)
        if quotas and self.mode not in (Mode.PAIRS, RATED):
            sentence = gettext("Quotas go with the best pairs alone. Remove the quotas, or choose the best pairs.")
            reader.add("quotas", sentence)
        reader.raise_if_any()
        settings = MatchSettings(
            mode=Mode.PAIRS if self.mode == RATED else self.mode,
            objective=self.objective,
            floor=self.floor,
            quotas=tuple(quotas.values()),
            **own,
        )
        # Any number will do; it is kept with the run, so that the run can be repeated.
        return settings, secrets.randbelow(10_000) if seed is None else seed

    def read_quotas(self, fields: Collection[str], reader: _Reader | None = None) -> dict[int, Quota]:
        """Return the quotas by their place, from 1; what is wrong is noted in ``reader``, and left out."""
        reader, found = reader or _Reader(), {}
        for place, row in enumerate(self.quotas, start=1):
            if row.is_empty:
                continue
            before = len(reader.problems)
            least = reader.number("least", row.least, 0, MOST_PEOPLE, place) or 0
            most = reader.number("most", row.most, 0, MOST_PEOPLE, place)
            if row.field not in fields:
                reader.add("field", gettext("Choose a field."), place)
            if not row.value:
                reader.add("value", gettext("Write the value that counts, as it stands in the profiles."), place)
            if not row.least and not row.most:
                reader.add("least", gettext("Give the least or the most people, or both."), place)
            elif most is not None and most < least:
                sentence = gettext(
                    "Give %(least)s or more, as the least is %(least)s; or leave it empty.", least=f"{least:,}"
                )
                reader.add("most", sentence, place)
            if len(reader.problems) == before:
                found[place] = Quota(row.field, row.value, least, most)
        return found

    def with_errors(self, error: InvalidInput) -> RunForm:
        """Return the form with each sentence of an error beside its control."""
        wrong: dict[int | None, dict[str, str]] = {}
        for problem in error.problems:
            wrong.setdefault(problem.row, {})[problem.column or ""] = problem.message
        if not error.problems:
            wrong[None] = {"": str(error)}
        rows = tuple(replace(row, errors=wrong.get(place, {})) for place, row in enumerate(self.quotas, start=1))
        return replace(self, quotas=rows, errors=wrong.get(None, {}))

    def with_quota(self) -> RunForm:
        """Return the form with an empty quota at its end."""
        return replace(self, quotas=(*self.quotas, QuotaRow())[:MOST_QUOTAS])

    def without_quota(self, place: int) -> RunForm:
        """Return the form without the quota at a place from 0; a place that is not there changes nothing."""
        return replace(self, quotas=tuple(row for here, row in enumerate(self.quotas) if here != place))

    def _read_own(self, reader: _Reader) -> dict[str, Any]:
        """Return the settings that only the chosen way to match knows; of others what was typed counts for nothing."""
        found: dict[str, Any] = {}
        if self.mode in WITH_SEVERAL:
            most = reader.number("mentors_per_mentee", self.mentors_per_mentee or "1", 1, MOST_MENTORS)
            found["mentors_per_mentee"] = most or 1
        if self.mode in (*WITH_SEVERAL, Mode.GROUPS):
            found["fewest_mentees"] = reader.number("fewest_mentees", self.fewest_mentees, 0, MOST_MENTEES) or 0
        if self.mode == Mode.GROUPS:
            found["group_size"] = self._read_size(reader)
            if found["fewest_mentees"]:
                sentence = gettext("The size of a group says how many mentees a mentor has. Leave this empty.")
                reader.add("fewest_mentees", sentence)
        if self.mode == Mode.PEERS:
            found["pool"] = self.pool
            if self.pool not in tuple(PeerPool):
                reader.add("pool", gettext("Choose who the peers are."))
        if self.mode == Mode.CHEMISTRY:
            found["chats"] = reader.number("chats", self.chats, 1, MOST_MENTORS, asked=True)
        if self.mode == RATED:
            percent = reader.number("ratings_weight", self.ratings_weight, 0, 100, asked=True)
            found |= {"ratings_weight": (percent or 0) / 100, "beyond_chats": self.beyond_chats}
        return found

    def _read_size(self, reader: _Reader) -> tuple[int, int] | None:
        least = reader.number("group_least", self.group_least, 1, MOST_MENTEES, asked=True)
        most = reader.number("group_most", self.group_most, 1, MOST_MENTEES, asked=True)
        if least is None or most is None:
            return None
        if most < least:
            sentence = gettext("Give %(least)s or more, as the smallest group has %(least)s.", least=f"{least:,}")
            reader.add("group_most", sentence)
            return None
        return least, most


def posted_run(sent: Mapping[str, str]) -> RunForm:
    """Return the form as it was sent; quotas are numbered from 0, without gaps."""
    rows: list[QuotaRow] = []
    while (start := f"q{len(rows)}-") + "value" in sent and len(rows) < MOST_QUOTAS:
        value, least, most, key = (sent.get(start + name, "").strip() for name in ("value", "least", "most", "field"))
        rows.append(QuotaRow(value, least, most, field=key))
    return RunForm(
        mode=sent.get("mode", ""),
        group_least=sent.get("group_least", "").strip(),
        group_most=sent.get("group_most", "").strip(),
        objective=sent.get("objective", ""),
        floor="floor" in sent,
        mentors_per_mentee=sent.get("mentors_per_mentee", "").strip(),
        pool=sent.get("pool", ""),
        chats=sent.get("chats", "").strip(),
        ratings_weight=sent.get("ratings_weight", "").strip(),
        beyond_chats="beyond_chats" in sent,
        fewest_mentees=sent.get("fewest_mentees", "").strip(),
        seed=sent.get("seed", "").strip(),
        quotas=tuple(rows),
    )


def problems_of(form: RunForm) -> Sequence[tuple[str, str]]:
    """Return what is wrong as the summary of errors takes it: the id of the control, and the sentence."""
    found = [(column, _named(column, sentence)) for column, sentence in form.errors.items()]
    for place, row in enumerate(form.quotas):
        found += [
            (f"q{place}-{name}", gettext("Quota %(number)s: %(problem)s", number=place + 1, problem=sentence))
            for name, sentence in row.errors.items()
        ]
    return found


_NAMES = Wordlist(
    {
        "group_least": later("Smallest group"),
        "group_most": later("Largest group"),
        "mentors_per_mentee": later("Mentors for each mentee"),
        "chats": later("Chats for each mentee"),
        "ratings_weight": later("How much ratings count"),
        "fewest_mentees": later("Fewest mentees"),
        "seed": later("Seed"),
    }
)


def _named(column: str, sentence: str) -> str:
    return gettext("%(field)s: %(problem)s", field=_NAMES[column], problem=sentence) if column in _NAMES else sentence


class _Reader:
    """Read numbers, and note what is wrong by the control's name."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, column: str, sentence: str, row: int | None = None) -> None:
        self.problems.append(Problem(sentence, row, column))

    def number(
        self, column: str, text: str, least: int, most: int, row: int | None = None, *, asked: bool = False
    ) -> int | None:
        """Return a whole number within bounds; None where nothing was typed or it is none."""
        if not text and not asked:
            return None
        if text.isascii() and text.isdecimal() and len(text) < 12 and least <= int(text) <= most:
            return int(text)
        bounds = {"least": f"{least:,}", "most": f"{most:,}"}
        if text:
            typed = gettext("“%(text)s” is none: give a whole number from %(least)s to %(most)s.", text=text, **bounds)
            self.add(column, typed, row)
        else:
            self.add(column, gettext("Give a whole number from %(least)s to %(most)s.", **bounds), row)
        return None

    def raise_if_any(self) -> None:
        if self.problems:
            raise InvalidInput(gettext("The run is not started yet."), tuple(self.problems))
