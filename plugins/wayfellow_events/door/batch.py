"""Take the queue of a phone that was without a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from wayfellow.deployment import Deployment
from wayfellow.errors import WayfellowError
from wayfellow.people.records import chunks
from wayfellow_events.door.outcomes import Outcome
from wayfellow_events.door.scanning import Asked, take_scan, take_scans

#: The most scans at once, and how many of them share a transaction: gates that are online wait no longer for it.
MOST, TOGETHER = 500, 25
_NEVER = datetime.max.replace(tzinfo=UTC)


def take_batch(deployment: Deployment, token: str, queue: Sequence[Asked]) -> list[Outcome | WayfellowError]:
    """Judge scans in the order in which they were taken; return what came of each, in the order in which they came.

    One that can't be judged is answered with its error and stops none of the others.
    """
    order = sorted(range(len(queue)), key=lambda at: (queue[at].scanned_at or _NEVER, at))
    answers: dict[int, Outcome | WayfellowError] = {}
    for chunk in chunks(order, TOGETHER):
        answers.update(zip(chunk, _take(deployment, token, [queue[at] for at in chunk]), strict=True))
    return [answers[at] for at in range(len(queue))]


def _take(deployment: Deployment, token: str, several: Sequence[Asked]) -> Iterable[Outcome | WayfellowError]:
    try:
        return take_scans(deployment, token, several)
    except WayfellowError:  # one of them is at fault, so all were rolled back: take each by itself
        return [_take_alone(deployment, token, asked) for asked in several]


def _take_alone(deployment: Deployment, token: str, asked: Asked) -> Outcome | WayfellowError:
    try:
        return take_scan(deployment, token, asked)
    except WayfellowError as error:
        return error
