"""Leave the letters about a proposal as notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.mentorships.letters import LetterTo, write
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.views import Letter
from wayfellow.notify.languages import languages_of
from wayfellow.notify.service import NewNotice, tell, tell_all
from wayfellow.notify.texts import changed_words
from wayfellow.programmes.models import Cycle, Programme


def send(tx: Transaction, proposal: Proposal, letter: LetterTo) -> None:
    """Tell one person where a proposal stands now; once per state."""
    (worded,) = write_all(tx, [letter])
    tell(tx, **_notice(proposal, worded, programmes_of(tx, [proposal]))._asdict())


def send_all(tx: Transaction, letters: Iterable[tuple[Proposal, LetterTo]]) -> None:
    """Tell many people where proposals stand now that have just come to that state."""
    pairs = list(letters)
    worded = write_all(tx, [letter for _, letter in pairs])
    places = programmes_of(tx, [proposal for proposal, _ in pairs])
    tell_all(tx, [_notice(proposal, one, places) for (proposal, _), one in zip(pairs, worded, strict=True)])


def write_all(tx: Transaction, letters: Iterable[LetterTo]) -> list[Letter]:
    """Write letters in their readers' languages, or in the words that administrators gave them; two statements."""
    wanted = list(letters)
    changed = changed_words(tx, {letter.form.key for letter in wanted})
    spoken = languages_of(tx, {letter.to.id for letter in wanted})
    written = []
    for letter in wanted:
        with tx.host.words.speaking(spoken[letter.to.id]):
            written.append(write(letter, changed))
    return written


def programmes_of(tx: Transaction, proposals: Iterable[Proposal]) -> Mapping[int, Programme]:
    """Return the programmes of proposals by the ids of their cycles; one statement."""
    query = select(Cycle.id, Programme).join(Programme, Programme.id == Cycle.programme_id)
    return dict(tx.session.execute(query.where(Cycle.id.in_({one.cycle_id for one in proposals}))).all())


def _notice(proposal: Proposal, letter: Letter, places: Mapping[int, Programme]) -> NewNotice:
    kind = f"proposal.{proposal.state}"
    key = f"{kind}:{proposal.id}:{letter.to.id}"
    return NewNotice(letter.to.id, key, letter.subject, letter.body, kind, places[proposal.cycle_id].id)
