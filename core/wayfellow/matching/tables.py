"""Read a match problem from files: two tables of people, and pairs to exclude or to keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from wayfellow.matching.named import name_by_key
from wayfellow.matching.problem import KeyPair, PersonInput, build_problem
from wayfellow.tabular.columns import ColumnPlan, Kind, normalise_heading, plan_columns
from wayfellow.tabular.people import PersonRow, read_people
from wayfellow.tabular.problems import Problems
from wayfellow.tabular.tables import Row, Table, read_table
from wayfellow.types import MatchProblem, ProfileField, Role

DEFAULT_CAPACITY = 1


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Hold the people of one file: ``names`` by key, ``by_email`` keys, and what to tell the reader in ``notes``."""

    people: tuple[PersonInput, ...]
    names: Mapping[str, str]
    by_email: Mapping[str, str]
    text_fields: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())

    def find(self, text: str) -> str | None:
        """Return the key of the person whom an id or e-mail address names, None when there is none."""
        return text if text in self.names else self.by_email.get(text.casefold())


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Hold all that the files say: the problem, people's names by key on each side, and notes for the reader."""

    problem: MatchProblem
    mentee_names: Mapping[str, str]
    mentor_names: Mapping[str, str]
    notes: tuple[str, ...]


def read_inputs(
    mentors_file: Path,
    mentees_file: Path,
    *,
    exclude_file: Path | None = None,
    keep_file: Path | None = None,
    previous_files: Sequence[Path] = (),
    by_lot: bool = False,
    mentors_per_mentee: int = 1,
    fewest_mentees: int = 0,
    places: int = DEFAULT_CAPACITY,
    ignore: Sequence[str] = (),
    fields: Iterable[ProfileField] = (),
    seed: int = 0,
) -> Inputs:
    """Read the files of a match without a database.

    ``ignore`` names columns to leave out; ``fields`` are profile fields beyond core's. Someone who stands in both
    files, by id or by e-mail address, is never their own mentor. ``previous_files`` hold pairs of before, the
    oldest first, where people who no longer take part are passed over; ``by_lot`` says that they are not to be paired
    again, rather than to stay together. ``fewest_mentees`` each mentor should get who offers as many places;
    ``places`` offers a mentor of whom the file does not say it.
    Raises InvalidInput that names the file and, where it can, row and column.
    """
    fields = tuple(fields)
    mentors = read_side(mentors_file, Role.MENTOR, ignore, fields, places)
    mentees = read_side(mentees_file, Role.MENTEE, ignore, fields)
    excluded = _read_pairs(exclude_file, mentees, mentors) if exclude_file else {}
    selves = set(_selves(mentees, mentors))
    keep = _read_pairs(keep_file, mentees, mentors) if keep_file else {}
    if keep_file:
        _check_keep(str(keep_file), keep, excluded.keys() | selves, mentors, mentors_per_mentee)
    met = _read_met(previous_files, mentees, mentors)
    problem = build_problem(
        _asking(mentees, mentors, wanted=mentors_per_mentee),
        _offering(mentors, mentees, fewest_mentees),
        mentee_text_fields=mentees.text_fields,
        mentor_text_fields=mentors.text_fields,
        excluded=excluded.keys() | selves,
        locked=keep,
        current=() if by_lot else met,
        met=met if by_lot else {},
        seed=seed,
    )
    both = (f"{len(selves):,} people are mentor and mentee; nobody is paired with themselves.",) if selves else ()
    return Inputs(problem, mentees.names, mentors.names, mentors.notes + mentees.notes + both)


def _asking(mentees: Side, mentors: Side, wanted: int) -> list[PersonInput]:
    people = name_by_key(mentees.people, {**mentees.by_email, **mentors.by_email})
    return [replace(person, wanted=wanted) for person in people]


def _offering(mentors: Side, mentees: Side, fewest: int) -> list[PersonInput]:
    people = name_by_key(mentors.people, {**mentors.by_email, **mentees.by_email})
    return [replace(person, minimum=min(fewest, person.capacity)) for person in people]


def read_side(
    source: Path,
    role: Role,
    ignore: Sequence[str],
    fields: tuple[ProfileField, ...],
    places: int = DEFAULT_CAPACITY,
) -> Side:
    """Read one table of people, all of it or none; ``places`` offers who gives no capacity.

    Raises InvalidInput with every fault it has.
    """
    table = read_table(source, str(source))
    plan = plan_columns(table.columns, role, name=table.name, fields=fields, ignore=ignore)
    problems = Problems(table.name)
    rows = list(read_people(table, plan, problems))
    problems.raise_if_any()
    return Side(
        people=tuple(_person(row, places) for row in rows),
        names={row.key: row.name or row.key for row in rows},
        by_email={row.email.casefold(): row.key for row in rows if row.email},
        text_fields=plan.text_fields,
        notes=tuple(_notes(table, plan)),
    )


def _person(row: PersonRow, places: int) -> PersonInput:
    texts = row.texts()
    if row.timezone:
        texts["timezone"] = row.timezone
    return PersonInput(row.key, fields=texts, capacity=places if row.capacity is None else row.capacity)


def _notes(table: Table, plan: ColumnPlan) -> Iterable[str]:
    new = [planned.heading for planned in plan.unknown if not planned.ignored]
    if new:
        yield (
            f"{table.name}: {_listed(new)} {_is(new)} not known, and taken as text to match with; "
            "leave a column out with --ignore-column NAME."
        )
    left_out = [planned.heading for planned in plan.columns if planned.ignored]
    if left_out:
        yield f"{table.name}: {_listed(left_out)} {_is(left_out)} left out."
    if plan.role is Role.MENTOR and not plan.has(Kind.CAPACITY):
        yield f"{table.name}: no column capacity, so each mentor offers one place."
    if not plan.text_fields:
        yield f"{table.name}: no column holds text to match with."


def _listed(headings: list[str]) -> str:
    quoted = [f"“{heading}”" for heading in headings]
    return ("columns " if len(quoted) > 1 else "column ") + ", ".join(quoted)


def _is(headings: list[str]) -> str:
    return "are" if len(headings) > 1 else "is"


def _selves(mentees: Side, mentors: Side) -> Iterable[KeyPair]:
    for email, mentee in mentees.by_email.items():
        if email in mentors.by_email:
            yield mentee, mentors.by_email[email]
    yield from ((key, key) for key in mentees.names.keys() & mentors.names.keys())


def _read_pairs(source: Path, mentees: Side, mentors: Side, *, pass_over: bool = False) -> dict[KeyPair, int]:
    """Return the pairs of a file with the row each stands in.

    Both must be people of the two tables; with ``pass_over`` a pair of which one is not is left out.
    """
    table = read_table(source, str(source))
    problems = Problems(table.name)
    columns = {normalise_heading(heading): index for index, heading in enumerate(table.columns)}
    sides = [("mentee_id", mentees), ("mentor_id", mentors)]
    for column, _ in sides:
        if normalise_heading(column) not in columns:
            problems.add(f"There is no column {column}. Pairs stand in two columns, mentee_id and mentor_id.", 1)
    problems.raise_if_any()
    places = [(column, columns[normalise_heading(column)], side) for column, side in sides]
    unknown = None if pass_over else problems
    pairs: dict[KeyPair, int] = {}
    for row in table.rows(problems):
        mentee, mentor = (_find(row, *place, unknown) for place in places)
        if mentee is not None and mentor is not None:
            pairs.setdefault((mentee, mentor), row.number)
    problems.raise_if_any()
    return pairs


def _read_met(sources: Sequence[Path], mentees: Side, mentors: Side) -> dict[KeyPair, int]:
    """Return how many rounds ago each pair met last; the last of the files is the latest round."""
    met: dict[KeyPair, int] = {}
    for ago, source in enumerate(reversed(sources), start=1):
        met = dict.fromkeys(_read_pairs(source, mentees, mentors, pass_over=True), ago) | met
    return met


def _find(row: Row, column: str, index: int, side: Side, problems: Problems | None) -> str | None:
    text = row.cells[index].strip()
    key = side.find(text)
    if key is None and problems:
        who = column.removesuffix("_id") + "s"
        said = f"“{text}” is not among the {who}." if text else "The cell is empty."
        problems.add(f"{said} Write the id as it stands in the file of {who}, or delete the row.", row.number, column)
    return key


def _check_keep(
    name: str, keep: Mapping[KeyPair, int], barred: Iterable[KeyPair], mentors: Side, mentors_per_mentee: int
) -> None:
    problems, barred = Problems(name), set(barred)
    room = {person.key: person.capacity for person in mentors.people}
    rows: dict[str, list[int]] = {}
    for (mentee, mentor), row in keep.items():
        if (mentee, mentor) in barred:
            problems.add(f"{mentee} and {mentor} are excluded or one person. Delete the row here or there.", row)
        rows.setdefault(mentee, []).append(row)
        if len(rows[mentee]) > mentors_per_mentee:
            most = "one mentor" if mentors_per_mentee == 1 else f"at most {mentors_per_mentee} mentors"
            problems.add(f"{mentee} is kept in row {rows[mentee][0]} already. Keep {most} for each mentee.", row)
        room[mentor] -= 1
        if room[mentor] < 0:
            problems.add(f"{mentor} has no place left for {mentee}. Raise the capacity or delete the row.", row)
    problems.raise_if_any()
