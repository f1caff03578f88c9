"""Leave the letters about a proposal as notices."""

from __future__ import annotations

from collections.abc import Iterable

from wayfellow.deployment import Transaction
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.views import Letter
from wayfellow.notify.service import NewNotice, tell, tell_all


def send(tx: Transaction, proposal: Proposal, letter: Letter) -> None:
    """Tell one person where a proposal stands now; once per state."""
    tell(tx, letter.to.id, key=_key(proposal, letter), subject=letter.subject, body=letter.body)


def send_all(tx: Transaction, letters: Iterable[tuple[Proposal, Letter]]) -> None:
    """Tell many people where proposals stand now that have just come to that state."""
    tell_all(tx, [NewNotice(one.to.id, _key(proposal, one), one.subject, one.body) for proposal, one in letters])


def _key(proposal: Proposal, letter: Letter) -> str:
    return f"proposal.{proposal.state}:{proposal.id}:{letter.to.id}"
