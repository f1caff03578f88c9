"""Bring the matcher to the host. Whatever is slow to import is imported when a run asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from wayfellow.markers import hookimpl
from wayfellow.types import Contribution, Explanation, MatchProblem, Setting
from wayfellow.words import later
from wayfellow_tfidf.synonym_groups import SYNONYM_GROUPS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from wayfellow_tfidf import Reason, TfidfMatcher

#: What only one of the two writes, or neither: it is in the texts of those who write most like them.
BETWEEN_THE_LINES = "words of people who write alike"
NEIGHBOURS = Setting(
    key="neighbours",
    label=later("Similar people read together"),
    default=6,
    least=0,
    help=later(
        "Texts are short, so each person's words are read together with those of the people who write most alike, "
        "themselves among them. 0 compares the bare texts."
    ),
)
SYNONYMS = Setting(
    key="synonyms",
    label=later("Words that mean the same"),
    default=list(SYNONYM_GROUPS),
    help=later(
        "A list of groups, each a text with commas between names that mean the same; the first is what reasons "
        "show. A list of your own takes the place of the one that is delivered."
    ),
)
LIKENESS = Setting(
    key="likeness",
    label=later("How alike two spellings must be"),
    default=0.55,
    least=0,
    most=1,
    help=later(
        "A word that only mentees or only mentors write counts as the most alike word of the others, javascirpt as "
        "javascript, where they share this much of their three-letter sequences. 1 compares words as they are."
    ),
)
SETTINGS = (NEIGHBOURS, SYNONYMS, LIKENESS)


@hookimpl
def register_settings() -> Iterable[Setting]:
    """Offer the choices that an organisation may have an opinion on."""
    return SETTINGS


@hookimpl
def score_matches(problem: MatchProblem) -> csr_array | None:
    """Score by the words of the texts; no opinion where no field takes part."""
    if not (problem.mentees.text_fields and problem.mentors.text_fields):
        return None
    return _matcher(problem).score(problem.mentees.documents(problem.rows), problem.asked)


@hookimpl
def explain_matches(problem: MatchProblem, pairs: NDArray[np.int64]) -> list[Explanation] | None:
    """Name the words that a pair's texts share, and the fields they stand in."""
    import numpy as np

    if not (problem.mentees.text_fields and problem.mentors.text_fields):
        return None
    rows, positions = np.unique(pairs[:, 0], return_inverse=True)
    mentees = [problem.mentees.documents(slice(row, row + 1))[0] for row in rows.tolist()]
    wanted = list(zip(positions.tolist(), pairs[:, 1].tolist(), strict=True))
    found = _matcher(problem).explain_pairs(mentees, wanted)
    return [_explanation(reasons, problem.mentees.text_fields, problem.mentors.text_fields) for reasons in found]


@hookimpl
def erase_person_data() -> int:
    """Drop the words that this process remembers of the people it read last; nothing is stored."""
    from wayfellow_tfidf.cutting import forget

    forget()
    return 0


def _matcher(problem: MatchProblem) -> TfidfMatcher:
    def fit() -> TfidfMatcher:
        from wayfellow_tfidf import TfidfMatcher

        chosen: dict[str, Any] = {one.key: problem.settings.get(f"tfidf.{one.key}", one.default) for one in SETTINGS}
        return TfidfMatcher(**chosen).fit(problem.mentors.documents(), problem.mentees.documents())

    return problem.once("tfidf.matcher", fit)


def _explanation(reasons: list[Reason], mentee_fields: Sequence[str], mentor_fields: Sequence[str]) -> Explanation:
    own = [
        Contribution(term, share, mentee_fields[here], mentor_fields[there])
        for term, share, here, there in reasons
        if here is not None and there is not None
    ]
    score = sum(reason.share for reason in reasons)
    if len(own) < len(reasons):
        own.append(Contribution(BETWEEN_THE_LINES, score - sum(one.share for one in own), shared=False))
    return Explanation(score, tuple(own))
