"""Read the file of chats, as the first round wrote it and people filled in their ratings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wayfellow.matching.chemistry.ratings import HIGHEST, LOWEST, Chat
from wayfellow.matching.pair_files import PairColumn, find_columns, find_pair, headings
from wayfellow.matching.problem import KeyPair
from wayfellow.tabular.columns import normalise_heading
from wayfellow.tabular.problems import Problems
from wayfellow.tabular.tables import Row, Table, read_table

RATING_COLUMNS = ("mentee_rating", "mentor_rating")


def read_chats(source: Path, mentees: PairColumn, mentors: PairColumn) -> Sequence[Chat]:
    """Return the chats of a file; a rating is a whole number from 1 to 5, or an empty cell.

    Raises InvalidInput that names the file, and row and column of each fault: somebody unknown, a chat that stands
    there twice, what is no rating.
    """
    table = read_table(source, str(source))
    problems = Problems(table.name)
    places = find_columns(table, problems, mentees, mentors)
    ratings = _rating_columns(table, problems)
    seen: dict[KeyPair, int] = {}
    chats: list[Chat] = []
    for row in table.rows(problems):
        pair = find_pair(row, (mentees, mentors), places, problems)
        given = [_rating(row, heading, index, problems) for heading, index in zip(RATING_COLUMNS, ratings, strict=True)]
        if pair is None:
            continue
        if seen.setdefault(pair, row.number) != row.number:
            problems.add(f"This chat stands in row {seen[pair]} already. Delete one of the two rows.", row.number)
        chats.append(Chat(*pair, *given))
    problems.raise_if_any()
    return chats


def _rating_columns(table: Table, problems: Problems) -> list[int]:
    columns = headings(table)
    for heading in RATING_COLUMNS:
        if normalise_heading(heading) not in columns:
            problems.add(
                f"There is no column {heading}. Take the file chats.csv of the first round, with all its columns.", 1
            )
    problems.raise_if_any()
    return [columns[normalise_heading(heading)] for heading in RATING_COLUMNS]


def _rating(row: Row, heading: str, index: int, problems: Problems) -> int | None:
    text = row.cells[index].strip()
    if not text:
        return None
    if text in {str(number) for number in range(LOWEST, HIGHEST + 1)}:
        return int(text)
    problems.add(
        f"“{text}” is no rating. Write a whole number from {LOWEST} (never) to {HIGHEST}, or leave the cell empty.",
        row.number,
        heading,
        text,
    )
    return None
