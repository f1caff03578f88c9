"""Say what the event is that tests of events begin with."""

from datetime import UTC, datetime

from wayfellow_events.events.facts import EventFacts
from wayfellow_events.events.models import Visibility

FACTS = EventFacts(
    title="Winter gathering",
    starts_at=datetime(2026, 12, 3, 17, 30, tzinfo=UTC),
    ends_at=datetime(2026, 12, 3, 20, 0, tzinfo=UTC),
    timezone="Europe/London",
    place="The Old Rope Works, Bristol",
    capacity=3,
    visibility=Visibility.PUBLIC,
)
