"""Check and keep what people answer to an event's questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, Problem
from wayfellow.tabular.values import tidy
from wayfellow.words import gettext
from wayfellow_events.events.models import Moment, Question, QuestionKind
from wayfellow_events.registration.models import Answer

LONGEST = 2_000
YES, NO = "yes", "no"


def list_questions(tx: Transaction, event_id: int, moment: Moment | None = None) -> Sequence[Question]:
    """Return an event's questions in their order: all of them, or those of one moment."""
    query = select(Question).where(Question.event_id == event_id).order_by(Question.position, Question.id)
    return tx.session.scalars(query if moment is None else query.where(Question.moment == moment)).all()


def field_of(question: Question) -> str:
    """Return the name of a question's field in forms."""
    return f"question-{question.id}"


def check_answers(questions: Sequence[Question], typed: Mapping[str, str]) -> dict[int, str]:
    """Return the answers that a form gives, by question; those that say nothing are left out.

    Raises InvalidInput with one problem per question, whose ``column`` is the field's name.
    """
    problems, answers = [], {}
    for question in questions:
        try:
            if text := _check(question, typed.get(field_of(question), "")):
                answers[question.id] = text
        except ValueError as error:
            problems.append(Problem(str(error), column=field_of(question)))
    if problems:
        raise InvalidInput(gettext("You are not registered yet. Mend what is marked."), tuple(problems))
    return answers


def keep_answers(tx: Transaction, registration_id: int, answers: Mapping[int, str]) -> None:
    """Keep the answers of a registration in the place of those to the same questions before."""
    old = delete(Answer).where(Answer.registration_id == registration_id, Answer.question_id.in_(list(answers)))
    tx.session.execute(old)
    tx.session.add_all(
        Answer(registration_id=registration_id, question_id=question_id, text=text)
        for question_id, text in answers.items()
    )
    tx.session.flush()


def answers_of(tx: Transaction, registration_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """Return the answers of registrations, by registration and question; one statement."""
    query = select(Answer.registration_id, Answer.question_id, Answer.text)
    found: dict[int, dict[int, str]] = {number: {} for number in registration_ids}
    for registration_id, question_id, text in tx.session.execute(
        query.where(Answer.registration_id.in_(registration_ids))
    ):
        found[registration_id][question_id] = text
    return found


def _check(question: Question, text: str) -> str:
    answer = tidy(text)
    if not answer:
        if question.required:
            raise ValueError(gettext("“%(label)s” needs an answer.", label=question.label))
        return ""
    if len(answer) > LONGEST:
        raise ValueError(
            gettext(
                "The answer has %(count)s characters; the most is %(most)s. Shorten it.",
                count=f"{len(answer):,}",
                most=f"{LONGEST:,}",
            )
        )
    options = [YES, NO] if question.kind == QuestionKind.YES_NO else question.options
    if question.kind != QuestionKind.TEXT and answer not in options:
        raise ValueError(gettext("Choose one of the answers that are offered."))
    return answer
