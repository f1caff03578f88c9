"""Name the two people of a pair, and what they are together, as the kind of matching has it."""

from __future__ import annotations

from dataclasses import dataclass

from wayfellow.matching.settings import MatchSettings, Mode
from wayfellow.words import ngettext


@dataclass(frozen=True, slots=True)
class PairWords:
    """Choose among the words for pairs: of mentee and mentor, of peers, or of two who have a chat.

    ``asking`` and ``offering`` are what columns of files call who gets somebody and whom they get; ``asking_side`` and
    ``offering_side`` what a person is drawn as, "" for peers.
    """

    asking: str = "mentee"
    offering: str = "mentor"
    asking_side: str = "mentee"
    offering_side: str = "mentor"
    are_chats: bool = False

    @property
    def are_peers(self) -> bool:
        """Tell whether the two are alike."""
        return not self.asking_side

    def say(self, mentoring: str, *, peers: str = "", chats: str = "") -> str:
        """Return the sentence for this kind of pairs; where theirs is left out, that of mentees and mentors holds."""
        return (self.are_peers and peers) or (self.are_chats and chats) or mentoring

    def count_pairs(self, count: int) -> str:
        """Return so many pairs, or chats."""
        return self.say(
            ngettext("%(num)s pair", "%(num)s pairs", count), chats=ngettext("%(num)s chat", "%(num)s chats", count)
        )

    def count_askings(self, count: int) -> str:
        """Return so many mentees, or people."""
        return self.say(
            ngettext("%(num)s mentee", "%(num)s mentees", count),
            peers=ngettext("%(num)s person", "%(num)s people", count),
        )

    def count_offerings(self, count: int) -> str:
        """Return so many mentors, or partners."""
        return self.say(
            ngettext("%(num)s mentor", "%(num)s mentors", count),
            peers=ngettext("%(num)s partner", "%(num)s partners", count),
        )


_MENTORING = PairWords()
_PEERS = PairWords("person", "partner", asking_side="", offering_side="")
_CHATS = PairWords(are_chats=True)


def pair_words(settings: MatchSettings) -> PairWords:
    """Return the words for the pairs of a run."""
    if settings.mode == Mode.PEERS:
        return _PEERS
    return _CHATS if settings.mode == Mode.CHEMISTRY else _MENTORING
