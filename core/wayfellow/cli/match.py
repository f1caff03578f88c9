"""Offer ``wayfellow match``: from two files of people to explained pairs, without a database."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from wayfellow.cli.shell import Shell, pass_shell
from wayfellow.wording import plural

_FILE = click.Path(path_type=Path)


_QUOTA = re.compile(r"(?P<field>[^=]+)=(?P<value>.*):(?P<least>\d{0,9})-(?P<most>\d{0,9})")


def read_quotas(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> tuple[tuple[Any, ...], ...]:
    """Return quotas as (field, value, least, most); raise BadParameter for what is none."""
    quotas = []
    for text in texts:
        found = _QUOTA.fullmatch(text)
        if found is None:
            raise click.BadParameter(f"“{text}” is no quota. Write FIELD=VALUE:MIN-MAX, such as department=Sales:2-5.")
        most = int(found["most"]) if found["most"] else None
        quotas.append((found["field"].strip(), found["value"].strip(), int(found["least"] or 0), most))
    return tuple(quotas)


_SIZE = re.compile(r"(\d{1,4})-(\d{1,4})")


def read_group_size(context: click.Context, option: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """Return a group size as (least, most); raise BadParameter for what is none."""
    if text is None:
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter(f"“{text}” is no group size. Write MIN-MAX, such as 3-6.")
    return int(found[1]), int(found[2])


@click.command()
@click.option("--mentors", "mentors_file", type=_FILE, required=True, help="The mentors: CSV or XLSX with a header.")
@click.option("--mentees", "mentees_file", type=_FILE, required=True, help="The mentees: CSV or XLSX with a header.")
@click.option("--out", type=_FILE, required=True, help="The folder to write the results into.")
@click.option(
    "--top", type=click.IntRange(1), default=10, show_default=True, help="Mentors per mentee in rankings.csv."
)
@click.option("--exclude", "exclude_file", type=_FILE, help="Pairs never to match: columns mentee_id, mentor_id.")
@click.option("--keep", "keep_file", type=_FILE, help="Pairs to keep in any case: columns mentee_id, mentor_id.")
@click.option("--criteria", "criteria_file", type=_FILE, help="Rules and preferences beyond texts: JSON or TOML.")
@click.option(
    "--previous",
    "previous_files",
    type=_FILE,
    multiple=True,
    help="The pairs of last time, such as its matches.csv; for a lottery may be repeated, the oldest first.",
)
@click.option(
    "--mode",
    type=click.Choice(["pairs", "lottery", "groups"]),
    default="pairs",
    show_default=True,
    help="The best pairs; pairs by lot of whom nobody has met before as long as that is possible; or groups.",
)
@click.option(
    "--group-size",
    callback=read_group_size,
    metavar="MIN-MAX",
    help="With --mode groups: mentees of a mentor, at least and at most; a mentor who can't have so many has none.",
)
@click.option(
    "--objective",
    type=click.Choice(["most_people", "best_total"]),
    default="most_people",
    show_default=True,
    help="What comes first: as many people as possible, or the highest total.",
)
@click.option(
    "--floor/--no-floor",
    default=True,
    show_default=True,
    help="Lift the lowest score where that costs next to nothing.",
)
@click.option(
    "--mentors-per-mentee", type=click.IntRange(1, 100), default=1, show_default=True, help="Mentors for each mentee."
)
@click.option(
    "--fewest-mentees",
    type=click.IntRange(0, 1000),
    default=0,
    show_default=True,
    help="Mentees that each mentor with as many places should get at least.",
)
@click.option(
    "--quota",
    "quotas",
    multiple=True,
    callback=read_quotas,
    metavar="FIELD=VALUE:MIN-MAX",
    help="Matched mentees with a value in a field, at least and at most; may be repeated.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="A number that decides lots.")
@click.option(
    "--ignore-column", "ignore", multiple=True, metavar="NAME", help="A column to leave out; may be repeated."
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How many threads score side by side.",
)
@pass_shell
def match(
    shell: Shell,
    mentors_file: Path,
    mentees_file: Path,
    out: Path,
    top: int,
    exclude_file: Path | None,
    keep_file: Path | None,
    criteria_file: Path | None,
    previous_files: tuple[Path, ...],
    mode: str,
    group_size: tuple[int, int] | None,
    objective: str,
    floor: bool,
    mentors_per_mentee: int,
    fewest_mentees: int,
    quotas: tuple[Any, ...],
    seed: int,
    ignore: tuple[str, ...],
    workers: int,
) -> None:
    """Match the people of two files, without a database.

    Writes matches.csv, rankings.csv, alternates.csv, unmatched.csv, summary.json and report.html, all of them or
    none. People are identified by the column person_id, else by email. The order of rows does not matter.
    """
    from wayfellow.cli.progress import Progress
    from wayfellow.host import PluginHost
    from wayfellow.matching.criteria.files import with_criteria_file
    from wayfellow.matching.output import write_results
    from wayfellow.matching.pipeline import run_match
    from wayfellow.matching.settings import MatchSettings, Mode
    from wayfellow.matching.tables import DEFAULT_CAPACITY, read_inputs

    if len(previous_files) > 1 and mode != Mode.LOTTERY:
        raise click.UsageError("--previous stands more than once. Give it once, or add --mode lottery.")
    host = PluginHost.load(replace(shell.config, strict=False))
    with Progress() as progress:
        progress("read", 0, 1)
        start = time.perf_counter()
        inputs = read_inputs(
            mentors_file,
            mentees_file,
            exclude_file=exclude_file,
            keep_file=keep_file,
            previous_files=previous_files,
            places=group_size[1] if group_size else DEFAULT_CAPACITY,
            by_lot=mode == Mode.LOTTERY,
            mentors_per_mentee=mentors_per_mentee,
            fewest_mentees=fewest_mentees,
            ignore=ignore,
            fields=host.profile_fields,
            seed=seed,
        )
        seconds = {"read": time.perf_counter() - start}
        progress("read", 1, 1)
        for note in inputs.notes:
            progress.say(note)
        settings = MatchSettings(
            candidates=max(50, top),
            alternatives=0,
            workers=workers,
            objective=objective,
            floor=floor,
            quotas=quotas,
            mode=mode,
            group_size=group_size,
        )
        problem = inputs.problem
        if criteria_file:
            problem, settings = with_criteria_file(problem, settings, criteria_file, host)
        result = run_match(problem, host, settings, progress)
        progress("write", 0, 1)
        summary = write_results(out, result, inputs, top, seconds)
        progress("write", 1, 1)
    click.echo(_last_words(summary, out))


def _last_words(summary: Mapping[str, Any], out: Path) -> str:
    """Return what the command prints when it is done."""
    lines = [
        f"{summary['matched']:,} of {summary['people']:,} mentees matched; "
        f"{plural(summary['mentors'], 'mentor offers', 'mentors offer')} {plural(summary['places'], 'place')}."
    ]
    if summary["mode"] == "lottery":
        again = plural(summary["met_before"], "pair has", "pairs have")
        lines.append(f"Drawn by lot with the seed {summary['seed']}; {again} met before.")
    elif summary["matched"]:
        lines.append(
            f"Total score {summary['total']:,.3f}, {summary['percent_of_upper_bound']:.2f}% of the upper bound; "
            f"median {summary['median']:.3f}, worst {summary['worst']:.3f}."
        )
    lines += _terms(summary)
    lines += [f"{count:,} without a mentor: {cause}." for cause, count in summary["unmatched_by_cause"].items()]
    lines += [f"Without the scorer {name}, which failed: {error}" for name, error in summary["degraded"].items()]
    return "\n".join([*lines, f"Results are in {out}; open {out / 'report.html'} first."])


def _terms(summary: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was asked of the whole choice came to, and what it cost."""
    from wayfellow.matching.sentences import say_moved

    if summary["pairs"] > summary["matched"]:
        yield f"{summary['pairs']:,} pairs, since mentees may have several mentors."
    if summary["groups"]:
        sizes = summary["groups"].values()
        yield f"{plural(len(sizes), 'group', 'groups')}; the smallest has {min(sizes)}, the largest {max(sizes)}."
    if summary["floor"] is not None:
        yield f"Floor {summary['floor']:.3f}, at a cost of {summary['floor_price_percent']:.2f}% of the total."
    if summary["current_pairs"]:
        yield say_moved(summary["moved"], summary["current_pairs"])
    for quota, count in summary["quotas"].items():
        yield f"Quota {quota}: {count:,} matched."
    if summary["below_minimum"]:
        yield f"{plural(len(summary['below_minimum']), 'mentor', 'mentors')} got fewer mentees than asked for."
