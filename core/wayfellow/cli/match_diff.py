"""Compare the pairs of two matches that were written to files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from wayfellow.wording import plural

if TYPE_CHECKING:
    from wayfellow.matching.diff import Change

_PLACE = click.Path(path_type=Path)
#: So many changes are printed; --out has them all.
SHOWN = 20
HEADINGS = ("mentee_id", "change", "mentor_before", "mentor_after", "score_before", "score_after")
_COUNTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "stayed": ("stays as it is", "stay as they are"),
        "moved": ("moves to another mentor", "move to another mentor"),
        "matched": ("gains a mentor", "gain a mentor"),
        "unmatched": ("loses a mentor", "lose a mentor"),
        "absent": ("takes no part any more", "take no part any more"),
    }
)


@click.command("match-diff")
@click.argument("old", type=_PLACE)
@click.argument("new", type=_PLACE)
@click.option("--out", type=_PLACE, help="A CSV file to write all changes into.")
def match_diff(old: Path, new: Path, out: Path | None) -> None:
    """Say who moves from whom to whom between two matches.

    OLD and NEW are folders that wayfellow match wrote, or files of pairs such as their matches.csv.
    """
    from wayfellow.matching.diff import compare_pairs
    from wayfellow.matching.output import write_rows
    from wayfellow.matching.stored_pairs import read_stored_pairs

    before, after = read_stored_pairs(old), read_stored_pairs(new)
    # Where a file tells of pairs alone, whoever is in none of them is taken to have been left over.
    left_over = {mentee for mentee, _ in before.pairs} if after.left_over is None else after.left_over
    changes = compare_pairs(before.pairs, after.pairs, left_over)
    if out is not None:
        write_rows(out, HEADINGS, (_row(change) for change in changes))
    click.echo("\n".join(_told(changes, out)))


def _told(changes: Sequence[Change[str]], out: Path | None) -> Iterator[str]:
    counts = Counter(str(change.kind) for change in changes)
    for kind, (one, many) in _COUNTED.items():
        yield f"{plural(counts[kind], 'pair' if kind == 'stayed' else 'mentee')} {one if counts[kind] == 1 else many}."
    moved = sorted((change for change in changes if change.kind != "stayed"), key=lambda one: (one.gain, one.mentee))
    yield from (f"  {_line(change)}" for change in moved[:SHOWN])
    if len(moved) > SHOWN:
        yield f"  and {len(moved) - SHOWN:,} more" + ("" if out else "; --out FILE writes them all")
    if out is not None:
        yield f"All changes are in {out}."


def _line(change: Change[str]) -> str:
    sides = (change.before, change.score_before), (change.after, change.score_after)
    said = [
        "nobody" if mentor is None else mentor if score is None else f"{mentor} ({score:.3f})"
        for mentor, score in sides
    ]
    return f"{change.mentee}: {said[0]} → {said[1]}"


def _row(change: Change[str]) -> tuple[object, ...]:
    scores = ("" if score is None else f"{score:.6f}" for score in (change.score_before, change.score_after))
    return change.mentee, str(change.kind), change.before or "", change.after or "", *scores
