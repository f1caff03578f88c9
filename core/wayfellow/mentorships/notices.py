"""Leave the letters about a proposal as notices."""

from __future__ import annotations

from collections.abc import Iterable

from wayfellow.deployment import Transaction
from wayfellow.mentorships.letters import reworded
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.views import Letter
from wayfellow.notify.service import NewNotice, tell, tell_all
from wayfellow.notify.texts import changed_words
from wayfellow.programmes.models import Cycle


def send(tx: Transaction, proposal: Proposal, letter: Letter) -> None:
    """Tell one person where a proposal stands now; once per state."""
    (worded,) = reword(tx, [letter])
    tell(tx, **_notice(tx, proposal, worded)._asdict())


def send_all(tx: Transaction, letters: Iterable[tuple[Proposal, Letter]]) -> None:
    """Tell many people where proposals stand now that have just come to that state."""
    pairs = list(letters)
    worded = reword(tx, [letter for _, letter in pairs])
    tell_all(tx, [_notice(tx, proposal, one) for (proposal, _), one in zip(pairs, worded, strict=True)])


def reword(tx: Transaction, letters: Iterable[Letter]) -> list[Letter]:
    """Return letters in the words that administrators gave them; one statement."""
    written = list(letters)
    changed = changed_words(tx, {letter.form for letter in written})
    return [reworded(letter, changed) for letter in written]


def _notice(tx: Transaction, proposal: Proposal, letter: Letter) -> NewNotice:
    kind = f"proposal.{proposal.state}"
    key = f"{kind}:{proposal.id}:{letter.to.id}"
    programme_id = tx.session.get_one(Cycle, proposal.cycle_id).programme_id  # in the session's memory by now
    return NewNotice(letter.to.id, key, letter.subject, letter.body, kind, programme_id)
