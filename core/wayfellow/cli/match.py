"""Offer ``wayfellow match``: from two files of people to explained pairs, without a database."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from wayfellow.cli.shell import Shell, pass_shell
from wayfellow.wording import plural

_FILE = click.Path(path_type=Path)


@click.command()
@click.option("--mentors", "mentors_file", type=_FILE, required=True, help="The mentors: CSV or XLSX with a header.")
@click.option("--mentees", "mentees_file", type=_FILE, required=True, help="The mentees: CSV or XLSX with a header.")
@click.option("--out", type=_FILE, required=True, help="The folder to write the results into.")
@click.option(
    "--top", type=click.IntRange(1), default=10, show_default=True, help="Mentors per mentee in rankings.csv."
)
@click.option("--exclude", "exclude_file", type=_FILE, help="Pairs never to match: columns mentee_id, mentor_id.")
@click.option("--keep", "keep_file", type=_FILE, help="Pairs to keep in any case: columns mentee_id, mentor_id.")
@click.option("--seed", type=int, default=0, show_default=True, help="A number for plugins that draw lots.")
@click.option(
    "--ignore-column", "ignore", multiple=True, metavar="NAME", help="A column to leave out; may be repeated."
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How many score side by side: threads, and from 50,000 mentees on processes.",
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
    seed: int,
    ignore: tuple[str, ...],
    workers: int,
) -> None:
    """Match the people of two files, without a database.

    Writes matches.csv, rankings.csv, unmatched.csv, summary.json and report.html, all of them or none. People are
    identified by the column person_id, else by email. The order of rows does not matter.
    """
    from wayfellow.cli.progress import Progress
    from wayfellow.host import PluginHost
    from wayfellow.matching.output import write_results
    from wayfellow.matching.pipeline import run_match
    from wayfellow.matching.settings import MatchSettings
    from wayfellow.matching.tables import read_inputs

    host = PluginHost.load(replace(shell.config, strict=False))
    with Progress() as progress:
        progress("read", 0, 1)
        start = time.perf_counter()
        inputs = read_inputs(
            mentors_file,
            mentees_file,
            exclude_file=exclude_file,
            keep_file=keep_file,
            ignore=ignore,
            fields=host.profile_fields,
            seed=seed,
        )
        seconds = {"read": time.perf_counter() - start}
        progress("read", 1, 1)
        for note in inputs.notes:
            progress.say(note)
        settings = MatchSettings(candidates=max(50, top), alternatives=0, workers=workers)
        result = run_match(inputs.problem, host, settings, progress)
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
    if summary["matched"]:
        lines.append(
            f"Total score {summary['total']:,.3f}, {summary['percent_of_upper_bound']:.2f}% of the upper bound; "
            f"median {summary['median']:.3f}, worst {summary['worst']:.3f}."
        )
    lines += [f"{count:,} without a mentor: {cause}." for cause, count in summary["unmatched_by_cause"].items()]
    lines += [f"Without the scorer {name}, which failed: {error}" for name, error in summary["degraded"].items()]
    return "\n".join([*lines, f"Results are in {out}; open {out / 'report.html'} first."])
