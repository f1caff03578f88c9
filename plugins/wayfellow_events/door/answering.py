"""Take answers that are given at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wayfellow.deployment import Transaction
from wayfellow_events.door.reading import Found, Post
from wayfellow_events.events.models import Moment
from wayfellow_events.registration.answers import check_answers, field_of, keep_answers, list_questions


def keep_door_answers(tx: Transaction, post: Post, found: Found, given: Mapping[str, str]) -> Found:
    """Keep answers by question's number and return the ticket with them; a refusal later does not lose them.

    Raises InvalidInput with one problem per question. What is left open stays a matter of the verdict.
    """
    questions = [one for one in list_questions(tx, post.event.id, Moment.DOOR) if str(one.id) in given]
    answers = check_answers(questions, {field_of(one): given[str(one.id)] for one in questions})
    keep_answers(tx, found.registration_id, answers)
    said = {one.label for one in questions if one.id in answers}
    facts = replace(
        found.facts,
        answers=dict(found.facts.answers) | {str(number): text for number, text in answers.items()},
        asks=tuple(label for label in found.facts.asks if label not in said),
    )
    return replace(found, facts=facts)
