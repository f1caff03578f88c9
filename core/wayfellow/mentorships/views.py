"""Hold what pages show of drafts, proposals and mentorships: plain values, read once, free of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wayfellow.matching.diff import ChangeKind
from wayfellow.matching.reasons import Way
from wayfellow.matching.views import PersonRef, ScorerPart
from wayfellow.mentorships.models import TieKind
from wayfellow.paging import Page
from wayfellow.types import MatchState, Role


class DraftFilter(StrEnum):
    """Name the tabs of the review board; the last three are those of a published run."""

    ALL = "all"
    LOCKED = "locked"
    LOOK_CLOSER = "look-closer"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    ENDED = "ended"


class DraftSort(StrEnum):
    """Name the orders of the review board; scores go from high to low unless turned round."""

    SCORE = "score"
    SCORE_ASCENDING = "-score"
    MENTOR = "mentor"
    MENTEE = "mentee"


class ChangeSort(StrEnum):
    """Name the orders of a comparison: who lost most, who has the weakest pair now, or by name."""

    LOSS = "loss"
    SCORE_ASCENDING = "score"
    MENTEE = "mentee"


class DeclineReason(StrEnum):
    """Name why someone says no."""

    NO_TIME = "no_time"
    WRONG_EXPERTISE = "wrong_expertise"
    KNOW_EACH_OTHER = "know_each_other"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Places:
    """Hold a mentor's places: ``taken`` by mentorships and published proposals, ``drafted`` in this run."""

    capacity: int
    taken: int
    drafted: int

    @property
    def free(self) -> int:
        """Return how many places are left, never less than none."""
        return max(0, self.capacity - self.taken - self.drafted)


@dataclass(frozen=True, slots=True)
class PairView:
    """Hold one pair on the review board; ``rank`` is the mentor's among the mentee's candidates (None: not kept).

    ``parts`` add up to ``score`` and are empty when nothing explains it; ``terms`` are the labels that weigh most.
    ``look_closer`` holds why the pair deserves a second look, one sentence each. ``number`` counts it among the
    ``of_mentee`` pairs that its mentee has in the run, the best score first.
    """

    proposal_id: int
    run_id: int
    state: MatchState
    mentee: PersonRef
    mentor: PersonRef
    score: float
    rank: int | None
    parts: tuple[ScorerPart, ...]
    terms: tuple[str, ...]
    locked: bool
    places: Places
    look_closer: tuple[str, ...]
    number: int = 1
    of_mentee: int = 1


@dataclass(frozen=True, slots=True)
class DraftCounts:
    """Hold how many pairs each tab of the board has, and how many mentees are in a pair."""

    all: int
    locked: int
    look_closer: int
    mentees: int


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Hold how many pairs of a published run wait for answers, were accepted by both, and ended otherwise."""

    waiting: int
    accepted: int
    ended: int


@dataclass(frozen=True, slots=True)
class UnmatchedView:
    """Hold one mentee without a mentor and why; ``cause`` is the group's key."""

    mentee: PersonRef
    cause: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnmatchedGroup:
    """Hold a cause, a sentence for it, how many mentees it left out, and the first few of them."""

    cause: str
    label: str
    count: int
    people: tuple[UnmatchedView, ...]


@dataclass(frozen=True, slots=True)
class ScoreBand:
    """Hold how many pairs have a score in [low, high); the last band holds 1 as well."""

    low: float
    high: float
    pairs: int


@dataclass(frozen=True, slots=True)
class MentorLoad:
    """Hold how many mentors have so many mentees: in mentorships, proposals and this run's drafts."""

    mentees: int
    mentors: int


@dataclass(frozen=True, slots=True)
class Undo:
    """Hold what takes an act of review back: hand ``act_id`` to ``undo``; ``sentence`` says what was done."""

    act_id: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Hold another mentor for a mentee; ``why_not`` is "" when the mentor can be used instead.

    ``note`` is a sentence on how this mentor compares: free or not, and how many points away. ``because`` says why the
    run did not choose someone who scored higher, and what that would have cost, "" when it says nothing.
    """

    mentor: PersonRef
    score: float
    rank: int
    parts: tuple[ScorerPart, ...]
    terms: tuple[str, ...]
    places: Places
    why_not: str
    note: str
    because: str = ""

    @property
    def possible(self) -> bool:
        """Tell whether this mentor can be used."""
        return not self.why_not


@dataclass(frozen=True, slots=True)
class BarredView:
    """Hold a mentor who scored higher than the one a mentee got, and the sentence that says which rule forbids it."""

    mentor: PersonRef
    score: float
    note: str


@dataclass(frozen=True, slots=True)
class BetterView:
    """Hold a mentor who scored higher than the one a run chose, the rank (None: forbidden), and why not."""

    mentor: PersonRef
    score: float
    rank: int | None
    note: str


@dataclass(frozen=True, slots=True)
class BetterMentors:
    """Hold one page of those who scored higher for a mentee than the run's choice; it is None for whom it left over."""

    mentee: PersonRef
    mentor: PersonRef | None
    score: float | None
    rank: int | None
    others: Page[BetterView]


@dataclass(frozen=True, slots=True)
class WayView:
    """Hold one change that would have let ``matched`` more people have a mentor, as a sentence.

    ``mentor`` is whom it is about, None when it is about a plugin's rule.
    """

    way: Way
    mentor: PersonRef | None
    matched: int
    sentence: str


@dataclass(frozen=True, slots=True)
class PairDetail:
    """Hold all that the page of one pair shows.

    ``mentee_texts`` and ``mentor_texts`` map field labels to the texts that were compared. ``rank_for_mentor`` counts
    this mentee among all whose candidate the mentor was; runs from before that was kept count among the stored ones,
    ``candidates_of_mentor`` (0: all). ``barred`` are the first who scored higher but are forbidden, and ``better``
    counts all who scored higher than the run's choice, 0 where that is not known. ``position`` counts the pair among
    ``of`` pairs of the run, best score first.
    """

    pair: PairView
    run_number: int
    kind: TieKind
    editable: bool
    mentee_texts: Mapping[str, str]
    mentor_texts: Mapping[str, str]
    rank_for_mentor: int | None
    candidates_of_mentor: int
    alternatives: tuple[Alternative, ...]
    barred: tuple[BarredView, ...]
    better: int
    position: int
    of: int
    previous_id: int | None
    next_id: int | None


@dataclass(frozen=True, slots=True)
class FailingPair:
    """Hold a drafted pair that can't be published, and why."""

    proposal_id: int
    mentee: PersonRef
    mentor: PersonRef
    reason: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Hold what one person will read."""

    to: PersonRef
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class PublishPreview:
    """Hold what publishing would do; the letters are those of one pair, ``shown`` of ``pairs`` counted from 1."""

    run_number: int
    pairs: int
    mentees: int
    mentors: int
    notices: int
    failing: tuple[FailingPair, ...]
    shown: int
    mentee_letter: Letter | None
    mentor_letter: Letter | None


@dataclass(frozen=True, slots=True)
class Published:
    """Hold what publishing did: how many pairs, how many notices, and the pairs that stayed drafts."""

    pairs: int
    notices: int
    left_out: tuple[FailingPair, ...]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Hold a proposal as one of its two people sees it: no score, and contact details only once both agreed.

    ``side`` is what the reader is in it, which says nothing where ``kind`` says peers. ``mine`` and ``theirs`` are the
    answers so far (None: none yet; a no is never shown to the other side other than by ``state``). ``outcome`` is a
    sentence on where it stands. An answer is waited for to the end of ``answer_until`` in the programme. ``staff_note``
    is what a coordinator who proposed it by hand wrote; ``is_asked`` is False for a reader whose yes the coordinator
    took as given.
    """

    id: int
    programme_id: int
    programme: str
    cycle: str
    side: Role
    other: PersonRef
    other_email: str | None
    terms: tuple[str, ...]
    state: MatchState
    mine: bool | None
    theirs: bool | None
    changed_at: datetime
    outcome: str
    may_answer: bool
    may_take_back: bool
    answer_until: date | None = None
    staff_note: str = ""
    is_asked: bool = True
    kind: TieKind = TieKind.MENTORSHIP


@dataclass(frozen=True, slots=True)
class MentorshipView:
    """Hold a mentorship, or a conversation, as one of its two people sees it."""

    id: int
    programme_id: int
    programme: str
    cycle: str
    side: Role
    other: PersonRef
    other_email: str | None
    state: MatchState
    started_at: datetime
    ended_at: datetime | None
    kind: TieKind = TieKind.MENTORSHIP


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Hold what became of one mentee between two runs; mentor and score are None where a run had no pair."""

    kind: ChangeKind
    mentee: PersonRef
    before: PersonRef | None
    after: PersonRef | None
    score_before: float | None
    score_after: float | None


@dataclass(frozen=True, slots=True)
class InputChange:
    """Hold one thing that two runs were asked differently, None where a run was not told it; dots lead inwards."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold how two runs differ: how many changes there are of each kind, one page of them, and what was asked."""

    counts: Mapping[ChangeKind, int]
    total: int
    changes: Page[ChangeView]
    inputs: tuple[InputChange, ...]
