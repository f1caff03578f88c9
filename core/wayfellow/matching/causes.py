"""Hold the words that runs store and pages read; importing them costs nothing."""

from __future__ import annotations

from enum import StrEnum

#: The terms that stand for the rest of a scorer's part, and for a part that its scorer did not explain.
OTHER_TERMS, NOT_EXPLAINED = "other terms", "not explained"


class Cause(StrEnum):
    """Name why a mentee has no mentor; the codes are stored and never change their meaning."""

    NO_MENTORS = "no_mentors"
    NO_PLACES = "no_places"
    NO_SCORER = "no_scorer"
    EMPTY_PROFILE = "empty_profile"
    EMPTY_MENTORS = "empty_mentors"
    NOTHING_SHARED = "nothing_shared"
    ALL_FORBIDDEN = "all_forbidden"
    ALL_FULL = "all_full"
    LEFT_BY_QUOTA = "left_by_quota"
    LEFT_BY_GROUP_SIZE = "left_by_group_size"
    ODD_ONE_OUT = "odd_one_out"
    ALL_PAIRED = "all_paired"
    LEFT_BY_PLUGIN = "left_by_plugin"
