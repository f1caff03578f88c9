"""Name the two people of a pair, and what they are together, as the kind of matching has it."""

from __future__ import annotations

from dataclasses import dataclass

from wayfellow.matching.settings import MatchSettings, Mode


@dataclass(frozen=True, slots=True)
class PairWords:
    """Hold words for one and for several: who gets somebody, whom they get, and the pair.

    ``asking_side`` and ``offering_side`` are what a person is drawn as, "" for peers.
    """

    asking: str = "mentee"
    askings: str = "mentees"
    offering: str = "mentor"
    offerings: str = "mentors"
    pair: str = "pair"
    pairs: str = "pairs"
    asking_side: str = "mentee"
    offering_side: str = "mentor"

    @property
    def are_peers(self) -> bool:
        """Tell whether the two are alike."""
        return not self.asking_side

    @property
    def are_chats(self) -> bool:
        """Tell whether nothing comes of a pair but what its two people say of it."""
        return self.pair == "chat"


_MENTORING = PairWords()
_PEERS = PairWords("person", "people", "partner", "partners", asking_side="", offering_side="")
_CHATS = PairWords(pair="chat", pairs="chats")


def pair_words(settings: MatchSettings) -> PairWords:
    """Return the words for the pairs of a run."""
    if settings.mode == Mode.PEERS:
        return _PEERS
    return _CHATS if settings.mode == Mode.CHEMISTRY else _MENTORING
