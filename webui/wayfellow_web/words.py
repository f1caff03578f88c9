"""Hold the words that pages use for states and roles, each with the tone that gives it its shape and colour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wayfellow.concerns.models import ConcernState
from wayfellow.goals.models import GoalState
from wayfellow.importing.models import ImportState
from wayfellow.jobs.models import JobState
from wayfellow.matching.diff import ChangeKind
from wayfellow.matching.models import RunState
from wayfellow.matching.settings import MatchSettings, Mode, Objective, PeerPool
from wayfellow.mentorships.models import Asks, Origin
from wayfellow.mentorships.requests.cards import Card, Standing
from wayfellow.mentorships.requests.parts import Part
from wayfellow.mentorships.staff.deciding import StaffReason
from wayfellow.mentorships.views import DeclineReason
from wayfellow.notify.models import DeliveryState
from wayfellow.programmes.models import MembershipState, RejectReason
from wayfellow.types import MatchState, Role
from wayfellow.words import Wordlist, gettext, later, ngettext

#: (tone, word) as the ``status`` macro takes them.
MEMBER_STATES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        MembershipState.INVITED: ("info", later("Invited")),
        MembershipState.APPLIED: ("info", later("Applied")),
        MembershipState.WAITLISTED: ("warn", later("On the waiting list")),
        MembershipState.APPROVED: ("good", later("Approved")),
        MembershipState.REJECTED: ("plain", later("Not this time")),
        MembershipState.PAUSED: ("warn", later("Paused")),
        MembershipState.WITHDRAWN: ("plain", later("Withdrawn")),
        MembershipState.REMOVED: ("plain", later("Removed")),
    }
)
#: What a duty is called, and what comes with it.
DUTIES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        Role.ADMINISTRATOR: (
            later("Administrator"),
            later("does everything, everywhere, and makes others administrators"),
        ),
        Role.COORDINATOR: (later("Coordinator"), later("runs a programme: people, matching, messages")),
        Role.AUDITOR: (later("Auditor"), later("reads what coordinators read, and changes nothing")),
        Role.EVENT_HOST: (later("Event host"), later("for what plugins bring: events")),
        Role.DOOR_STAFF: (later("Door staff"), later("for what plugins bring: check-in at events")),
        Role.SAFEGUARDING_LEAD: (later("Safeguarding lead"), later("reads and settles the concerns of a programme")),
    }
)
GOAL_STATES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        GoalState.OPEN: ("info", later("On the way")),
        GoalState.ACHIEVED: ("good", later("Achieved")),
        GoalState.DROPPED: ("plain", later("Set aside")),
    }
)
IMPORT_STATES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        ImportState.STAGED: ("plain", later("Not brought in yet")),
        ImportState.STARTED: ("info", later("Started")),
        ImportState.DONE: ("good", later("Brought in")),
    }
)
RUN_STATES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        RunState.WAITING: ("info", later("Waiting for its turn")),
        RunState.RUNNING: ("info", later("At work")),
        RunState.DONE: ("good", later("Done")),
        RunState.FAILED: ("bad", later("Failed")),
        RunState.CANCELLED: ("plain", later("Stopped")),
    }
)
#: What a run aims at.
OBJECTIVES: Mapping[str, str] = Wordlist(
    {
        Objective.MOST_PEOPLE: later("Most people first, then the best total"),
        Objective.BEST_TOTAL: later("The best total, even if fewer people have a mentor"),
    }
)


def aim(settings: MatchSettings) -> str:
    """Return what a run aimed at, in a line."""
    people_first = settings.objective == Objective.MOST_PEOPLE and settings.mode == Mode.PAIRS
    lifted = settings.floor and people_first and not settings.quotas
    if lifted:
        return gettext(
            "Most people first, then the best total; the lowest score is lifted where that costs next to nothing"
        )
    return OBJECTIVES[settings.objective]


#: (label, what it means) of the ways to match that runs of a cycle can take.
MATCH_MODES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        Mode.PAIRS: (later("The best pairs"), later("Each mentee gets the mentor who is best for all together.")),
        Mode.GROUPS: (later("Groups"), later("Each mentor leads a group of mentees, or none.")),
        Mode.LOTTERY: (
            later("Pairs by lot"),
            later("Nobody meets again who was proposed before, while there is anybody new."),
        ),
        Mode.PEERS: (later("Peers"), later("Pairs within one pool: each has a partner, and neither is the mentor.")),
        Mode.CHEMISTRY: (
            later("Chats first"),
            later("Each mentee talks with some mentors, and both say how it was, before pairs are chosen."),
        ),
    }
)
#: What people say of a chat, by what it counts; mentors choose among fewer.
CHAT_RATINGS: Mapping[int, str] = Wordlist(
    {
        5: later("We fit very well"),
        4: later("We fit well"),
        3: later("It could work"),
        2: later("Rather somebody else"),
        1: later("Please not the two of us"),
    }
)
MENTORS_CHAT_RATINGS: Mapping[int, str] = Wordlist(
    {
        5: later("I would like to be the mentor"),
        3: later("Either way is fine"),
        1: later("Please not the two of us"),
    }
)
#: Who the peers of a run are.
PEER_POOLS: Mapping[str, str] = Wordlist(
    {
        PeerPool.MENTEES: later("Mentees among themselves"),
        PeerPool.MENTORS: later("Mentors among themselves"),
        PeerPool.EVERYONE: later("Everybody, mentees and mentors alike"),
    }
)
#: What a run does, by the name of its step.
RUN_STEPS: Mapping[str, str] = Wordlist(
    {
        "load": later("Reading profiles and goals"),
        "score": later("Comparing everybody with everybody"),
        "assign": later("Choosing the best pairs for all"),
        "explain": later("Writing down why"),
        "store": later("Keeping the result"),
    }
)
PAIR_STATES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        MatchState.DRAFTED: ("plain", later("Not published")),
        MatchState.DISCARDED: ("plain", later("Taken out")),
        MatchState.QUEUED: ("plain", later("Next in line")),
        MatchState.REQUESTED: ("info", later("Asked")),
        MatchState.MORE_INFO: ("info", later("Asked to say more")),
        MatchState.PROPOSED: ("info", later("Waiting for answers")),
        MatchState.AWAITING_ADMIN: ("info", later("Waiting for a coordinator")),
        MatchState.ACCEPTED: ("good", later("Both said yes")),
        MatchState.DECLINED: ("plain", later("Not now")),
        MatchState.EXPIRED: ("plain", later("Ran out")),
        MatchState.WITHDRAWN: ("plain", later("Withdrawn")),
        MatchState.SUPERSEDED: ("warn", later("No longer possible")),
    }
)
MENTORSHIP_STATES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        MatchState.ACTIVE: ("good", later("On the way")),
        MatchState.PAUSED: ("warn", later("Paused")),
        MatchState.COMPLETED: ("good", later("Completed")),
        MatchState.ENDED_EARLY: ("plain", later("Ended early")),
    }
)
DELIVERY_STATES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        DeliveryState.WAITING: ("info", later("Waiting")),
        DeliveryState.SENDING: ("info", later("Being sent")),
        DeliveryState.SENT: ("good", later("Sent")),
        DeliveryState.MAYBE_SENT: ("warn", later("Maybe sent")),
        DeliveryState.FAILED: ("bad", later("Failed")),
        DeliveryState.BOUNCED: ("bad", later("Returned")),
        DeliveryState.CANCELLED: ("plain", later("Not sent")),
    }
)
JOB_STATES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        JobState.WAITING: ("info", later("Waiting")),
        JobState.RUNNING: ("info", later("At work")),
        JobState.DONE: ("good", later("Done")),
        JobState.FAILED: ("bad", later("Failed")),
        JobState.CANCELLED: ("plain", later("Stopped")),
    }
)
#: Where a proposal comes from.
ORIGINS: Mapping[str, str] = Wordlist(
    {
        Origin.RUN: later("Match run"),
        Origin.REQUEST: later("Asked for"),
        Origin.HAND: later("By hand"),
    }
)
#: Whose yes a proposal by hand takes, as (label, what it means).
ASKS: Mapping[str, tuple[str, str]] = Wordlist(
    {
        Asks.BOTH: (later("Both"), later("They are a pair once both have said yes.")),
        Asks.MENTEE: (
            later("The mentee alone"),
            later("The mentor's yes is taken as given, and they can still say no."),
        ),
        Asks.MENTOR: (
            later("The mentor alone"),
            later("The mentee's yes is taken as given, and they can still say no."),
        ),
        Asks.NOBODY: (later("Nobody"), later("They are a pair at once.")),
    }
)
#: Why a coordinator takes a proposal back, or decides against a pair; nobody but coordinators reads it.
STAFF_REASONS: Mapping[str, str] = Wordlist(
    {
        StaffReason.BETTER_PAIR: later("There is a better pair for one of them"),
        StaffReason.CHANGED: later("Something has changed for one of them"),
        StaffReason.MISTAKE: later("It was a mistake"),
        StaffReason.OTHER: later("Something else"),
    }
)
CONCERN_STATES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        ConcernState.OPEN: ("warn", later("Open")),
        ConcernState.SETTLED: ("good", later("Settled")),
    }
)
DECLINE_REASONS: Mapping[str, str] = Wordlist(
    {
        DeclineReason.NO_TIME: later("I have no time at the moment"),
        DeclineReason.WRONG_EXPERTISE: later("I need, or can help with, something else"),
        DeclineReason.KNOW_EACH_OTHER: later("We know each other too well already"),
        DeclineReason.OTHER: later("Something else"),
    }
)
#: What a programme's rules allow, and (label, hint) of their numbers, as its settings show them.
RULE_SWITCHES: Mapping[str, str] = Wordlist(
    {
        "mentees_ask": later("Mentees ask mentors, from a directory"),
        "mentors_offer": later("Mentors offer themselves to mentees, from a directory"),
        "conversations": later("Mentees ask for single conversations of 20 to 30 minutes, which take no place"),
        "approval": later("A coordinator has the last word once both have said yes"),
    }
)
RULE_NUMBERS: Mapping[str, tuple[str, str]] = Wordlist(
    {
        "open_requests": (
            later("Open requests at once"),
            later("How many people somebody may have asked without an answer, 1 to 20."),
        ),
        "choices": (
            later("Choices in line"),
            later("How many more may wait, each asked when one before comes to nothing, 1 to 10."),
        ),
        "answer_days": (later("Days to answer"), later("After so many days, 1 to 90, what nobody answered runs out.")),
        "cooldown_days": (
            later("Days before asking again"),
            later("So long after a no the same person is not asked again, 0 to 730."),
        ),
    }
)
#: How a directory can be sorted.
FIND_SORTS: Mapping[str, str] = Wordlist(
    {"fit": later("Best fit"), "room": later("Most room"), "active": later("Last active"), "name": later("Name")}
)


def standing_word(card: Card, part: Part) -> tuple[str, str]:
    """Return whether somebody in a directory can be asked, as (tone, word)."""
    if card.standing is Standing.PAUSED:
        return "warn", gettext("Pauses at the moment")
    if part.other_role is Role.MENTEE:
        if card.standing is Standing.FREE:
            return "good", gettext("Looks for a mentor")
        return "plain", gettext("Has a mentor")
    if card.standing is Standing.FULL:
        return "plain", gettext("No place free")
    return "good", ngettext("%(num)s place free", "%(num)s places free", card.free)


def activity_word(card: Card, now: datetime) -> str:
    """Return roughly when somebody was here last, "" when that is not known; nobody needs to know the hour."""
    if card.last_active is None:
        return ""
    days = (now - card.last_active).days
    if days < 7:
        return gettext("Here this week")
    return gettext("Here this month") if days < 31 else gettext("Not here lately")


def answer_word(card: Card) -> str:
    """Return how long somebody takes to answer, "" when too little is known."""
    if card.answers_in is None:
        return ""
    days = card.answers_in.days + 1
    return ngettext("Usually answers within a day", "Usually answers within %(num)s days", days)


#: What coordinators choose from when they turn somebody down; what that person reads is in ``programmes.letters``.
REJECT_REASONS: Mapping[str, str] = Wordlist(
    {
        RejectReason.FULL: later("More people than places"),
        RejectReason.NOT_ELIGIBLE: later("The programme is for others this time"),
        RejectReason.INCOMPLETE: later("The application says too little"),
        RejectReason.NO_MATCH: later("Nobody can help with what they look for"),
        RejectReason.OTHER: later("Something else"),
    }
)
#: What the scorers that come with Wayfellow compare; others go by their own names.
SCORERS: Mapping[str, str] = Wordlist({"tfidf": later("Goals and expertise")})


def scorer_name(scorer: str) -> str:
    """Return what people call a scorer."""
    return SCORERS.get(scorer) or scorer.replace("_", " ").replace("-", " ").capitalize()


#: What became of a mentee between two runs: (tone, word), and the tabs of a comparison in their order.
CHANGES: Mapping[str, tuple[str, str]] = Wordlist(
    {
        ChangeKind.MOVED: ("info", later("Another mentor")),
        ChangeKind.MATCHED: ("good", later("Newly matched")),
        ChangeKind.UNMATCHED: ("warn", later("Newly unmatched")),
        ChangeKind.ABSENT: ("plain", later("Not in the later run")),
        ChangeKind.STAYED: ("good", later("As before")),
    }
)
#: What a run was asked, by the names that are stored with it.
RUN_INPUTS: Mapping[str, str] = Wordlist(
    {
        "seed": later("Seed"),
        "input": later("Fingerprint of people, settings and seed"),
        "failed scorers": later("Scorers that failed"),
        "locks": later("Locked pairs"),
        "match.candidates": later("Mentors kept for each mentee"),
        "match.alternatives": later("Alternatives explained"),
        "match.alternates": later("Alternates kept"),
        "match.terms": later("Words shown for each scorer"),
        "match.workers": later("Threads"),
        "match.objective": later("What comes first"),
        "match.floor": later("Lowest score lifted"),
        "match.incumbent_bonus": later("How much more pairs of last time count"),
        "criteria_version": later("Version of the criteria"),
    }
)

_VALUES: Mapping[str, str] = Wordlist({"True": later("yes"), "False": later("no"), "None": later("none")})


def input_name(name: str) -> str:
    """Return what people call a thing that a run was asked, such as ``match.weights.tfidf``."""
    place, _, last = name.rpartition(".")
    if place == "match.weights":
        return gettext("Weight of %(scorer)s", scorer=scorer_name(last))
    if name.startswith("version."):
        return gettext("Version of %(name)s", name=name.removeprefix("version."))
    return RUN_INPUTS.get(name) or last.replace("_", " ").capitalize()


def input_value(name: str, value: str) -> str:
    """Return what people call the value of a thing that a run was asked."""
    if name == "match.incumbent_bonus":
        return f"{100 * float(value):g}%"
    return OBJECTIVES.get(value) or _VALUES.get(value, value)


#: What a column of a file becomes, by its kind.
COLUMN_KINDS: Mapping[str, str] = Wordlist(
    {
        "person_id": later("tells people apart"),
        "name": later("the name"),
        "email": later("the e-mail address"),
        "timezone": later("the time zone"),
        "capacity": later("the number of places"),
        "goals": later("goals"),
        "skills": later("skills to offer"),
        "skills_to_learn": later("skills to learn"),
        "role_or_state": later("not read: you choose the role for the whole file"),
        "field": later("a field of the profile"),
    }
)
#: What acts in the audit log are about, by how their names begin.
AUDIT_AREAS: Mapping[str, str] = Wordlist(
    {
        "account": later("Account"),
        "audit": later("Audit"),
        "chat": later("Chat"),
        "consent": later("Consent"),
        "criteria": later("Criteria"),
        "cycle": later("Cycle"),
        "exclusion": later("Exclusion"),
        "import": later("Import"),
        "installation": later("Installation"),
        "job": later("Job"),
        "member": later("Member"),
        "mentorship": later("Mentorship"),
        "message": later("Message"),
        "message_text": later("Message text"),
        "messages": later("Messages"),
        "people": later("People"),
        "person": later("Person"),
        "profile": later("Profile"),
        "programme": later("Programme"),
        "proposal": later("Proposal"),
        "role": later("Role"),
        "run": later("Run"),
    }
)
