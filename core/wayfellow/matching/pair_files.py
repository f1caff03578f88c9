"""Read files that hold pairs: two columns that name people, one pair a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wayfellow.matching.problem import KeyPair
from wayfellow.matching.sides import Side
from wayfellow.tabular.columns import normalise_heading
from wayfellow.tabular.problems import Problems
from wayfellow.tabular.tables import Row, Table, read_table


@dataclass(frozen=True, slots=True)
class PairColumn:
    """Be a column that names people: its heading, what they are called together, and who they are."""

    heading: str
    people: str
    side: Side


def mentee_column(side: Side) -> PairColumn:
    """Return the column that names mentees."""
    return PairColumn("mentee_id", "mentees", side)


def mentor_column(side: Side) -> PairColumn:
    """Return the column that names mentors."""
    return PairColumn("mentor_id", "mentors", side)


def read_pairs(source: Path, one: PairColumn, other: PairColumn, *, pass_over: bool = False) -> dict[KeyPair, int]:
    """Return the pairs of a file with the row each stands in.

    Both must be people of the sides; with ``pass_over`` a pair of which one is not is left out. Raises InvalidInput.
    """
    table = read_table(source, str(source))
    problems = Problems(table.name)
    places = find_columns(table, problems, one, other)
    unknown = None if pass_over else problems
    pairs: dict[KeyPair, int] = {}
    for row in table.rows(problems):
        pair = find_pair(row, (one, other), places, unknown)
        if pair:
            pairs.setdefault(pair, row.number)
    problems.raise_if_any()
    return pairs


def read_met(sources: Sequence[Path], one: PairColumn, other: PairColumn) -> dict[KeyPair, int]:
    """Return how many rounds ago each pair met last; the last of the files is the latest round."""
    met: dict[KeyPair, int] = {}
    for ago, source in enumerate(reversed(sources), start=1):
        met = dict.fromkeys(read_pairs(source, one, other, pass_over=True), ago) | met
    return met


def find_columns(table: Table, problems: Problems, one: PairColumn, other: PairColumn) -> tuple[int, int]:
    """Return where the two columns of people stand. Raises InvalidInput when one is missing."""
    columns = headings(table)
    for column in (one, other):
        if normalise_heading(column.heading) not in columns:
            pair = f"{one.heading} and {other.heading}"
            problems.add(f"There is no column {column.heading}. Pairs stand in two columns, {pair}.", 1)
    problems.raise_if_any()
    return columns[normalise_heading(one.heading)], columns[normalise_heading(other.heading)]


def headings(table: Table) -> Mapping[str, int]:
    """Return where each column stands, by its normalised heading."""
    return {normalise_heading(heading): index for index, heading in enumerate(table.columns)}


def find_pair(
    row: Row, columns: tuple[PairColumn, PairColumn], places: tuple[int, int], problems: Problems | None
) -> KeyPair | None:
    """Return the keys of a row's pair; None, with what is wrong noted in ``problems``, when one is nobody."""
    one, other = (_find(row, *place, problems) for place in zip(columns, places, strict=True))
    return None if one is None or other is None else (one, other)


def _find(row: Row, column: PairColumn, index: int, problems: Problems | None) -> str | None:
    text = row.cells[index].strip()
    key = column.side.find(text)
    if key is None and problems:
        said = f"“{text}” is not among the {column.people}." if text else "The cell is empty."
        problems.add(
            f"{said} Write the id as it stands in the file of {column.people}, or delete the row.",
            row.number,
            column.heading,
        )
    return key
