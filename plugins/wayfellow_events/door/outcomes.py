"""Hold what comes of a scan, as devices are told it: now, and again whenever they ask by its key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict
from wayfellow.types import JSON
from wayfellow.words import gettext
from wayfellow_events.door.models import Kind, Right, Scan
from wayfellow_events.door.reading import Found, Post, read_logged
from wayfellow_events.verdict.codes import ADMITTED, Code
from wayfellow_events.verdict.facts import Verdict
from wayfellow_events.verdict.words import Said, say


@dataclass(frozen=True, slots=True)
class Outcome:
    """Be what came of a scan; ``undone`` says that it was taken back and lets nobody in any more."""

    key: str
    verdict: Verdict
    kind: str
    post: Post
    found: Found | None
    scanned_at: datetime | None
    inside: int
    arrived: int
    undone: bool = False
    asks: tuple[dict[str, JSON], ...] = ()

    @property
    def admitted(self) -> bool:
        """Tell whether the person goes through, whichever way."""
        return self.verdict.code in ADMITTED and not self.undone

    @property
    def holder(self) -> str:
        """Return whose ticket it is, as far as the device may show it: on a kiosk a first name and a letter."""
        name = self.found.facts.holder if self.found else ""
        first, _, rest = name.partition(" ")
        masked = f"{first} {rest[:1]}." if rest else first
        return masked if Right.KIOSK in self.post.device.rights else name

    def said(self) -> Said:
        """Return the verdict in words."""
        if self.undone:
            again = "This scan was taken back. Scan the ticket again."
            return Said("Taken back", again, "Show your ticket once more.")
        return say(self.verdict, self.post.event.timezone, self.kind)


def after(
    verdict: Verdict,
    post: Post,
    found: Found | None,
    key: str,
    kind: str,
    *,
    scanned_at: datetime | None = None,
    totals: tuple[int, int] | None = None,
) -> Outcome:
    """Return what came of a scan that was just judged."""
    inside, arrived = totals or (post.area.headcount, post.area.arrived)
    return Outcome(key, verdict, kind, post, found, scanned_at, inside, arrived)


def require_own(post: Post, scan: Scan) -> None:
    """Raise Conflict for a key that stands for something else than a scan of this event."""
    if scan.event_id != post.event.id or scan.kind == Kind.UNDO:
        raise Conflict(gettext("This key was used for something else. Make a new one for each scan."))


def from_log(tx: Transaction, post: Post, scan: Scan) -> Outcome:
    """Return what came of a scan before: an admission is a repeat now, and counts no second time."""
    found = read_logged(tx, post, scan.ticket_id) if scan.ticket_id else None
    undone = tx.session.scalar(select(Scan.id).where(Scan.undoes == scan.key)) is not None
    code = Code(scan.verdict)
    who = {"holder": found.facts.holder, "type": found.facts.type_name} if found else {}
    verdict = Verdict(Code.OK_REPEAT if code is Code.OK else code, dict(scan.words) | who, (), undone)
    outcome = after(verdict, post, found, scan.key, scan.kind, scanned_at=scan.scanned_at)
    return replace(outcome, undone=undone)
