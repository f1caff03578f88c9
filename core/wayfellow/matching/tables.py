"""Read a match problem from files: two tables of people, and pairs to exclude or to keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wayfellow.matching.chemistry.files import read_chats
from wayfellow.matching.chemistry.ratings import Chat
from wayfellow.matching.named import name_by_key
from wayfellow.matching.pair_files import mentee_column, mentor_column, read_met, read_pairs
from wayfellow.matching.problem import KeyPair, PersonInput, build_problem
from wayfellow.matching.sides import DEFAULT_CAPACITY, Side, read_side
from wayfellow.tabular.problems import Problems
from wayfellow.types import MatchProblem, ProfileField, Role
from wayfellow.uncollected import uncollected


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Hold all that the files say: the problem, people's names by key on each side, notes for the reader, and chats."""

    problem: MatchProblem
    mentee_names: Mapping[str, str]
    mentor_names: Mapping[str, str]
    notes: tuple[str, ...]
    chats: Sequence[Chat] = ()


@uncollected()
def read_inputs(
    mentors_file: Path,
    mentees_file: Path,
    *,
    exclude_file: Path | None = None,
    keep_file: Path | None = None,
    previous_files: Sequence[Path] = (),
    ratings_file: Path | None = None,
    by_lot: bool = False,
    mentors_per_mentee: int = 1,
    chats_per_place: int = 1,
    places: int = DEFAULT_CAPACITY,
    ignore: Sequence[str] = (),
    fields: Iterable[ProfileField] = (),
    seed: int = 0,
) -> Inputs:
    """Read the files of a match without a database.

    ``ignore`` names columns to leave out; ``fields`` are profile fields beyond core's. Someone who stands in both
    files, by id or by e-mail address, is never their own mentor. ``previous_files`` hold pairs of before, the
    oldest first, where people who no longer take part are passed over; ``by_lot`` says that they are not to be paired
    again, rather than to stay together. ``places`` offers a mentor of whom the file does not say it.
    ``chats_per_place`` says for how many mentees a place is, since chats are short. ``ratings_file`` holds chats.
    Raises InvalidInput that names the file and, where it can, row and column.
    """
    fields = tuple(fields)
    mentors = _with_places(read_side(mentors_file, Role.MENTOR, ignore, fields, places), chats_per_place)
    mentees = read_side(mentees_file, Role.MENTEE, ignore, fields)
    sides = mentee_column(mentees), mentor_column(mentors)
    excluded = read_pairs(exclude_file, *sides) if exclude_file else {}
    selves = set(_selves(mentees, mentors))
    keep = read_pairs(keep_file, *sides) if keep_file else {}
    if keep_file:
        _check_keep(str(keep_file), keep, excluded.keys() | selves, mentors, mentors_per_mentee)
    met = read_met(previous_files, *sides)
    problem = build_problem(
        _asking(mentees, mentors, wanted=mentors_per_mentee),
        name_by_key(mentors.people, {**mentors.by_email, **mentees.by_email}),
        mentee_text_fields=mentees.text_fields,
        mentor_text_fields=mentors.text_fields,
        excluded=excluded.keys() | selves,
        locked=keep,
        current=() if by_lot else met,
        met=met if by_lot else {},
        seed=seed,
    )
    both = (f"{len(selves):,} people are mentor and mentee; nobody is paired with themselves.",) if selves else ()
    chats = read_chats(ratings_file, *sides) if ratings_file else ()
    return Inputs(problem, mentees.names, mentors.names, mentors.notes + mentees.notes + both, chats)


def _with_places(mentors: Side, times: int) -> Side:
    return replace(
        mentors, people=tuple(replace(person, capacity=times * person.capacity) for person in mentors.people)
    )


def _asking(mentees: Side, mentors: Side, wanted: int) -> list[PersonInput]:
    people = name_by_key(mentees.people, {**mentees.by_email, **mentors.by_email})
    return [replace(person, wanted=wanted) for person in people]


def _selves(mentees: Side, mentors: Side) -> Iterable[KeyPair]:
    for email, mentee in mentees.by_email.items():
        if email in mentors.by_email:
            yield mentee, mentors.by_email[email]
    yield from ((key, key) for key in mentees.names.keys() & mentors.names.keys())


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
