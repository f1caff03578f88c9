"""Name what two people of a pair are to each other."""

from __future__ import annotations

from enum import StrEnum


class PairKind(StrEnum):
    """Name what two people are to each other: mentee and mentor, peers, or two who talk before pairs are chosen.

    Of peers, ``mentee_id`` of a record holds the one with the smaller id, and ``mentor_id`` the other.
    """

    MENTORING = "mentoring"
    PEERS = "peers"
    CHAT = "chat"
