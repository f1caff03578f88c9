"""Hold the kinds of criteria that every deployment starts with, each in a module of its own."""

from wayfellow.matching.criteria.kinds.availability import AVAILABILITY
from wayfellow.matching.criteria.kinds.goals import GOAL_KIND
from wayfellow.matching.criteria.kinds.languages import LANGUAGES
from wayfellow.matching.criteria.kinds.profile_field import PROFILE_FIELD
from wayfellow.matching.criteria.kinds.reporting import REPORTING_LINE
from wayfellow.matching.criteria.kinds.seniority import SENIORITY
from wayfellow.matching.criteria.kinds.skills import SKILLS
from wayfellow.matching.criteria.kinds.time_zones import TIME_ZONE
from wayfellow.matching.criteria.kinds.wishes import WISHES

KINDS = (
    SKILLS,
    GOAL_KIND,
    LANGUAGES,
    TIME_ZONE,
    AVAILABILITY,
    SENIORITY,
    PROFILE_FIELD,
    REPORTING_LINE,
    WISHES,
)
