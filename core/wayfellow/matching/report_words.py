"""Say in a report's words what kind of matching it is about."""

from __future__ import annotations

from dataclasses import dataclass

from wayfellow.matching.result import MatchResult
from wayfellow.matching.settings import Mode
from wayfellow.wording import plural


@dataclass(frozen=True, slots=True)
class Words:
    """Hold what the two of a pair are called, what one who has nobody lacks, and the file that holds the pairs."""

    one: str
    other: str
    ones: str
    somebody: str
    file: str = "matches.csv"


_USUAL = Words("Mentee", "Mentor", "mentees", "a mentor")
_BY_MODE = {
    Mode.PEERS: Words("Person", "Peer", "people", "a peer"),
    Mode.CHEMISTRY: Words("Mentee", "Mentor", "mentees", "a chat", "chats.csv"),
}


def words_of(result: MatchResult) -> Words:
    """Return the words for the mode of a run."""
    return _BY_MODE.get(Mode(result.mode), _USUAL)


def title(result: MatchResult) -> str:
    """Return the report's title: how many have somebody."""
    quality, words = result.quality, words_of(result)
    if not quality.people:
        return "Nobody to match"
    if quality.matched == quality.people:
        if quality.people == 1:
            return f"The {words.one.lower()} has {words.somebody}"
        return f"All {quality.people:,} {words.ones} have {words.somebody}"
    return f"{quality.matched:,} of {quality.people:,} {words.ones} have {words.somebody}"


def lead(result: MatchResult) -> str:
    """Return the sentences below the title: what there was to choose from, and what the choice is."""
    quality = result.quality
    offered = f"{plural(quality.mentors, 'mentor offers', 'mentors offer')} {plural(quality.places, 'place')}."
    if result.mode == Mode.PEERS:
        offered = f"{plural(quality.people, 'person is', 'people are')} in one pool."
    if result.mode == Mode.CHEMISTRY:
        offered = f"These are chats before the pairs are chosen; {plural(quality.places, 'chat')} can be with mentors."
    if not quality.matched:
        return f"{offered} No pair could be made; below stands why."
    return (
        f"{offered} As many people as possible are matched, and among all ways to do that, the sum of the scores is "
        "the highest. Each pair says why."
    )
