"""Hold the words that pages use for states and roles, each with the tone that gives it its shape and colour."""

from __future__ import annotations

from collections.abc import Mapping

from wayfellow.goals.models import GoalState
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
