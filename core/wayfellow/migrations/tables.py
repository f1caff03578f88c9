"""Import every area's models, so that ``Base.metadata`` holds all of core's tables."""

from wayfellow.concerns import models as concerns
from wayfellow.db import Base
from wayfellow.goals import models as goals
from wayfellow.importing import models as importing
from wayfellow.jobs import models as jobs
from wayfellow.matching import models as matching
from wayfellow.matching.criteria import models as criteria
from wayfellow.mentorships import models as mentorships
from wayfellow.mentorships.requests import models as requests
from wayfellow.notify import models as notify
from wayfellow.people import models as people
from wayfellow.privacy import models as privacy
from wayfellow.programmes import models as programmes
from wayfellow.settings import models as settings

__all__ = [
    "Base",
    "concerns",
    "criteria",
    "goals",
    "importing",
    "jobs",
    "matching",
    "mentorships",
    "notify",
    "people",
    "privacy",
    "programmes",
    "requests",
    "settings",
]
