"""Offer ``wayfellow match``: from two files of people to explained pairs, without a database."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from wayfellow.cli.match_options import read_group_size, read_quotas
from wayfellow.cli.shell import Shell, pass_shell
from wayfellow.wording import plural

_FILE = click.Path(path_type=Path)


@click.command()
@click.option("--mentors", "mentors_file", type=_FILE, help="The mentors: CSV or XLSX with a header.")
@click.option("--mentees", "mentees_file", type=_FILE, help="The mentees: CSV or XLSX with a header.")
@click.option("--people", "people_file", type=_FILE, help="With --mode peers, instead of both: everybody in one file.")
@click.option("--out", type=_FILE, required=True, help="The folder to write the results into.")
@click.option(
    "--top", type=click.IntRange(1), default=10, show_default=True, help="Mentors per mentee in rankings.csv."
)
@click.option(
    "--exclude",
    "exclude_file",
    type=_FILE,
    help="Pairs never to match: columns mentee_id, mentor_id; of peers person_id, peer_id.",
)
@click.option(
    "--keep",
    "keep_file",
    type=_FILE,
    help="Pairs to keep in any case: columns mentee_id, mentor_id; of peers person_id, peer_id.",
)
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
    type=click.Choice(["pairs", "lottery", "groups", "peers", "chemistry"]),
    default="pairs",
    show_default=True,
    help="The best pairs; pairs by lot of whom nobody has met before as long as that is possible; groups; pairs within "
    "one pool; or chats first, and pairs by how people rated them.",
)
@click.option(
    "--group-size",
    callback=read_group_size,
    metavar="MIN-MAX",
    help="With --mode groups: mentees of a mentor, at least and at most; a mentor who can't have so many has none.",
)
@click.option(
    "--chats",
    type=click.IntRange(1, 10),
    default=3,
    show_default=True,
    help="With --mode chemistry: chats of each mentee, and of each mentor for every place.",
)
@click.option("--ratings", "ratings_file", type=_FILE, help="With --mode chemistry: chats.csv with people's ratings.")
@click.option(
    "--ratings-weight",
    type=click.IntRange(0, 100),
    default=50,
    show_default=True,
    help="With --ratings: how much of the score they make up, in percent.",
)
@click.option("--beyond-chats", is_flag=True, help="With --ratings: pair people who had no chat, too.")
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
def match(shell: Shell, /, out: Path, top: int, workers: int, **asked: Any) -> None:
    """Match the people of two files, or of one pool, without a database.

    Writes matches.csv (in the first round of chemistry, chats.csv), rankings.csv, alternates.csv, unmatched.csv,
    summary.json and report.html, all of them or none. People are identified by the column person_id, else by email.
    The order of rows does not matter.
    """
    from wayfellow.cli.match_inputs import check_options, prepare
    from wayfellow.cli.progress import Progress
    from wayfellow.host import PluginHost
    from wayfellow.matching.output import write_results
    from wayfellow.matching.pipeline import run_match

    check_options(asked)
    host = PluginHost.load(replace(shell.config, strict=False))
    with Progress() as progress:
        progress("read", 0, 1)
        start = time.perf_counter()
        inputs, settings = prepare(host, asked, candidates=max(50, top), workers=workers)
        seconds = {"read": time.perf_counter() - start}
        progress("read", 1, 1)
        for note in inputs.notes:
            progress.say(note)
        result = run_match(inputs.problem, host, settings, progress)
        progress("write", 0, 1)
        summary = write_results(out, result, inputs, top, seconds)
        progress("write", 1, 1)
    click.echo(_last_words(summary, out))


def _last_words(summary: Mapping[str, Any], out: Path) -> str:
    """Return what the command prints when it is done."""
    lines = [_first_words(summary)]
    if summary["mode"] == "lottery":
        again = plural(summary["met_before"], "pair has", "pairs have")
        lines.append(f"Drawn by lot with the seed {summary['seed']}; {again} met before.")
    elif summary["matched"]:
        lines.append(
            f"Total score {summary['total']:,.3f}, {summary['percent_of_upper_bound']:.2f}% of the upper bound; "
            f"median {summary['median']:.3f}, worst {summary['worst']:.3f}."
        )
    lines += _terms(summary)
    whom = {"peers": "a peer", "chemistry": "a chat"}.get(summary["mode"], "a mentor")
    lines += [f"{count:,} without {whom}: {cause}." for cause, count in summary["unmatched_by_cause"].items()]
    lines += [f"Without the scorer {name}, which failed: {error}" for name, error in summary["degraded"].items()]
    return "\n".join([*lines, f"Results are in {out}; open {out / 'report.html'} first."])


def _first_words(summary: Mapping[str, Any]) -> str:
    if summary["mode"] == "peers":
        return f"{summary['matched']:,} of {plural(summary['people'], 'person', 'people')} matched with a peer."
    offered = plural(summary["mentors"], "mentor offers", "mentors offer")
    if summary["mode"] == "chemistry":
        return (
            f"{summary['matched']:,} of {summary['people']:,} mentees have {plural(summary['pairs'], 'chat')}; "
            f"{offered} {summary['places']:,}. Have them rated from 1 to 5 in chats.csv, and give it with --ratings."
        )
    return (
        f"{summary['matched']:,} of {summary['people']:,} mentees matched; {offered} "
        f"{plural(summary['places'], 'place')}."
    )


def _terms(summary: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was asked of the whole choice came to, and what it cost."""
    from wayfellow.matching.sentences import say_moved

    if summary["pairs"] > summary["matched"] and summary["mode"] != "chemistry":
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
