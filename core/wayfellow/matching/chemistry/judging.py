"""Say of pairs what the ratings of their chats come to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wayfellow.matching.chemistry.ratings import PLUGIN, Chat, are_private, chats_of
from wayfellow.types import Contribution, Explanation, MatchProblem

Place = tuple[int, int]


def score(problem: MatchProblem) -> csr_array | None:
    """Return the mean of both ratings, each from 0 to 1, of the chats of a block, float32; None without ratings."""
    if chats_of(problem) is None:
        return None
    scores = np.zeros(problem.shape, np.float32)
    for (i, j), chat in _here(problem):
        scores[i, j] = sum(chat.shares)
    return csr_array(scores)


def forbid(problem: MatchProblem) -> csr_array | None:
    """Return the pairs of a block that can't be, bool: refused after a chat or, unless allowed, without one."""
    known = chats_of(problem)
    if known is None:
        return None
    forbidden = np.full(problem.shape, not known[1])
    for (i, j), chat in _here(problem):
        forbidden[i, j] = chat.is_refused
    return csr_array(forbidden)


def explain(problem: MatchProblem, pairs: NDArray[np.int64]) -> list[Explanation] | None:
    """Return for pairs (k, 2) how mentee and mentor rated their chat; the shares add up to the score."""
    if chats_of(problem) is None:
        return None
    chats, private = _chats(problem), are_private(problem)
    return [_explained(chats.get((i, j)), private=private) for i, j in pairs.tolist()]


def _explained(chat: Chat | None, *, private: bool) -> Explanation:
    if chat is None:
        return Explanation(0.0, ())
    if private:
        total = sum(chat.shares)
        return Explanation(total, (Contribution("what both said of their chat", total, shared=False),) if total else ())
    said = [_said("mentee", chat.mentee_rating), _said("mentor", chat.mentor_rating)]
    parts = [Contribution(label, share, shared=False) for label, share in zip(said, chat.shares, strict=True) if share]
    return Explanation(sum(chat.shares), tuple(parts))


def _said(who: str, rating: int | None) -> str:
    return f"chat not rated by the {who}" if rating is None else f"chat rated {rating} of 5 by the {who}"


def _here(problem: MatchProblem) -> list[tuple[Place, Chat]]:
    """Return the chats of a block by their places in it."""
    start, stop, _ = problem.rows.indices(len(problem.mentees))
    return [((i - start, j), chat) for (i, j), chat in _chats(problem).items() if start <= i < stop]


def _chats(problem: MatchProblem) -> dict[Place, Chat]:
    return problem.once(f"{PLUGIN}.chats", lambda: _placed(problem))


def _placed(problem: MatchProblem) -> dict[Place, Chat]:
    mentees = {key: i for i, key in enumerate(problem.mentees.keys)}
    mentors = {key: j for j, key in enumerate(problem.mentors.keys)}
    chats, _ = chats_of(problem) or ((), False)
    return {
        (mentees[chat.mentee], mentors[chat.mentor]): chat
        for chat in chats
        if chat.mentee in mentees and chat.mentor in mentors
    }
