"""Hold the words that pages use for states and roles, each with the tone that gives it its shape and colour."""

from __future__ import annotations

from collections.abc import Mapping

from wayfellow.goals.models import GoalState
from wayfellow.importing.models import ImportState
from wayfellow.programmes.models import MembershipState

#: (tone, word) as the ``status`` macro takes them.
MEMBER_STATES: Mapping[str, tuple[str, str]] = {
    MembershipState.INVITED: ("info", "Invited"),
    MembershipState.APPLIED: ("info", "Applied"),
    MembershipState.WAITLISTED: ("warn", "On the waiting list"),
    MembershipState.APPROVED: ("good", "Approved"),
    MembershipState.REJECTED: ("plain", "Not this time"),
    MembershipState.PAUSED: ("warn", "Paused"),
    MembershipState.WITHDRAWN: ("plain", "Withdrawn"),
    MembershipState.REMOVED: ("plain", "Removed"),
}
GOAL_STATES: Mapping[str, tuple[str, str]] = {
    GoalState.OPEN: ("info", "On the way"),
    GoalState.ACHIEVED: ("good", "Achieved"),
    GoalState.DROPPED: ("plain", "Set aside"),
}
IMPORT_STATES: Mapping[str, tuple[str, str]] = {
    ImportState.STAGED: ("plain", "Not brought in yet"),
    ImportState.STARTED: ("info", "Started"),
    ImportState.DONE: ("good", "Brought in"),
}
#: What a column of a file becomes, by its kind.
COLUMN_KINDS: Mapping[str, str] = {
    "person_id": "tells people apart",
    "name": "the name",
    "email": "the e-mail address",
    "timezone": "the time zone",
    "capacity": "the number of places",
    "goals": "goals",
    "skills": "skills to offer",
    "skills_to_learn": "skills to learn",
    "role_or_state": "not read: you choose the role for the whole file",
    "field": "a field of the profile",
}
