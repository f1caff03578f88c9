"""Change what an event asks people."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound, Problem
from wayfellow.privacy.audit import record
from wayfellow.tabular.values import clean_line, split_tags
from wayfellow.words import gettext, later
from wayfellow_events.events.access import get_hosted
from wayfellow_events.events.facts import Reader
from wayfellow_events.events.models import Moment, Question, QuestionKind
from wayfellow_events.registration.answers import list_questions

C = TypeVar("C", bound=StrEnum)
#: The most that an event may ask.
MOST = 20


def add_question(tx: Transaction, event_id: int, form: Mapping[str, str]) -> Question:
    """Add a question. Raises NotFound, NotAllowed, and InvalidInput with one problem per field."""
    event = get_hosted(tx, event_id, lock=True)
    reader = Reader(form)
    label = reader.read("label", lambda text: clean_line(text, later("The question"), 200), "")
    kind = reader.read("kind", lambda text: _one_of(QuestionKind, text), QuestionKind.TEXT)
    moment = reader.read("moment", lambda text: _one_of(Moment, text), Moment.REGISTRATION)
    none: tuple[str, ...] = ()
    options = reader.read("options", split_tags, none) if kind is QuestionKind.CHOICE else none
    if kind is QuestionKind.CHOICE and len(options) < 2:
        reader.problems.append(Problem(gettext("Give at least two answers to choose from."), column="options"))
    asked = list_questions(tx, event.id)
    if len(asked) >= MOST:
        reader.problems.append(
            Problem(gettext("An event asks at most %(most)s questions. Remove one first.", most=MOST), column="label")
        )
    reader.refuse(gettext("The question is not saved yet. Mend what is marked."))
    question = Question(event_id=event.id, label=label, kind=kind, moment=moment, options=list(options))
    question.required = bool(form.get("required"))
    question.position = max((other.position for other in asked), default=-1) + 1
    tx.session.add(question)
    tx.session.flush()
    record(tx, "event.question_added", "event", event.id, event.programme_id, question=question.id)
    return question


def remove_question(tx: Transaction, event_id: int, question_id: int) -> None:
    """Remove a question with all answers to it. Raises NotFound, NotAllowed."""
    event = get_hosted(tx, event_id)
    question = tx.session.get(Question, question_id)
    if question is None or question.event_id != event.id:
        raise NotFound(gettext("This question is not here any more. Reload the page."))
    tx.session.delete(question)
    tx.session.flush()
    record(tx, "event.question_removed", "event", event.id, event.programme_id, question=question_id)


def _one_of(choices: type[C], text: str) -> C:
    try:
        return choices(text)
    except ValueError as error:
        raise ValueError(gettext("Choose from the list.")) from error
