"""Read what ``wayfellow match`` is to match, as the mode asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from wayfellow.matching.chemistry.ratings import apply_ratings
from wayfellow.matching.criteria.files import with_criteria_file
from wayfellow.matching.peer_tables import read_peer_inputs
from wayfellow.matching.settings import MatchSettings, Mode
from wayfellow.matching.sides import DEFAULT_CAPACITY
from wayfellow.matching.tables import Inputs, read_inputs

if TYPE_CHECKING:
    from wayfellow.host import PluginHost

Asked = Mapping[str, Any]


def check_options(asked: Asked) -> None:
    """Raise UsageError for options that do not go with the mode, or with each other."""
    mode = asked["mode"]
    if len(asked["previous_files"]) > 1 and mode != Mode.LOTTERY:
        raise click.UsageError("--previous stands more than once. Give it once, or add --mode lottery.")
    _check_people(asked)
    if asked["ratings_file"] and mode != Mode.CHEMISTRY:
        raise click.UsageError("--ratings goes with --mode chemistry. Add the mode, or leave out the ratings.")
    if asked["beyond_chats"] and not asked["ratings_file"]:
        raise click.UsageError("--beyond-chats goes with --ratings. Give the ratings, or leave it out.")
    if mode == Mode.CHEMISTRY and not asked["ratings_file"] and asked["mentors_per_mentee"] > 1:
        raise click.UsageError("How many mentors each mentee talks to is said by --chats; leave out the other.")


def prepare(host: PluginHost, asked: Asked, **more: Any) -> tuple[Inputs, MatchSettings]:
    """Return what the files say and the settings to match it by; ``more`` are further settings.

    Raises InvalidInput that names the file and, where it can, row and column.
    """
    inputs = _read_peers(host, asked) if asked["mode"] == Mode.PEERS else _read_two(host, asked)
    settings = MatchSettings(
        alternatives=0,
        objective=asked["objective"],
        floor=asked["floor"],
        quotas=asked["quotas"],
        # With ratings the choice is one of pairs, whatever came before it.
        mode=Mode.PAIRS if asked["ratings_file"] else asked["mode"],
        group_size=asked["group_size"],
        fewest_mentees=asked["fewest_mentees"],
        **more,
    )
    problem = inputs.problem
    if asked["criteria_file"]:
        problem, settings = with_criteria_file(problem, settings, asked["criteria_file"], host)
    if asked["ratings_file"]:
        weight, beyond = asked["ratings_weight"] / 100, asked["beyond_chats"]
        problem, settings = apply_ratings(problem, settings, inputs.chats, host, weight=weight, beyond=beyond)
    return replace(inputs, problem=problem), settings


def _check_people(asked: Asked) -> None:
    two = asked["mentors_file"], asked["mentees_file"]
    if asked["mode"] != Mode.PEERS:
        if asked["people_file"]:
            raise click.UsageError("--people goes with --mode peers. Add the mode, or give --mentors and --mentees.")
        if not all(two):
            missing = "--mentees" if two[0] else "--mentors"
            raise click.UsageError(f"{missing} is missing. Give the files of both sides, or --mode peers and --people.")
        return
    if any(two) or not asked["people_file"]:
        raise click.UsageError("Peers are one pool: give --people, one file, and neither --mentors nor --mentees.")
    if asked["mentors_per_mentee"] > 1 or asked["fewest_mentees"]:
        raise click.UsageError(
            "Each peer is in one pair; leave out --mentors-per-mentee and --fewest-mentees, or choose another mode."
        )


def _read_two(host: PluginHost, asked: Asked) -> Inputs:
    size, rating = asked["group_size"], asked["ratings_file"]
    first_round = asked["mode"] == Mode.CHEMISTRY and not rating
    return read_inputs(
        asked["mentors_file"],
        asked["mentees_file"],
        ratings_file=rating,
        places=size[1] if size else DEFAULT_CAPACITY,
        by_lot=asked["mode"] == Mode.LOTTERY,
        mentors_per_mentee=asked["chats"] if first_round else asked["mentors_per_mentee"],
        chats_per_place=asked["chats"] if first_round else 1,
        **_common(host, asked),
    )


def _read_peers(host: PluginHost, asked: Asked) -> Inputs:
    return read_peer_inputs(asked["people_file"], **_common(host, asked))


def _common(host: PluginHost, asked: Asked) -> dict[str, Any]:
    names = ("exclude_file", "keep_file", "previous_files", "ignore", "seed")
    return {name: asked[name] for name in names} | {"fields": host.profile_fields}
