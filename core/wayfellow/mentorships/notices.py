"""Leave the letters about a proposal as notices."""

from __future__ import annotations

from wayfellow.deployment import Transaction
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.views import Letter
from wayfellow.notify.models import Notice
from wayfellow.notify.service import tell


def send(tx: Transaction, proposal: Proposal, letter: Letter) -> None:
    """Tell one person where a proposal stands now; once per state."""
    tell(tx, letter.to.id, key=_key(proposal, letter), subject=letter.subject, body=letter.body)


def make_notice(tx: Transaction, proposal: Proposal, letter: Letter) -> Notice:
    """Return the notice that tells one person where a proposal stands now, to be written with many others."""
    key, now = _key(proposal, letter), tx.now()
    return Notice(key=key, person_id=letter.to.id, subject=letter.subject, body=letter.body, created_at=now)


def _key(proposal: Proposal, letter: Letter) -> str:
    return f"proposal.{proposal.state}:{proposal.id}:{letter.to.id}"
