"""Make match runs whose pairs a test names itself, without computing anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.goals.models import Goal
from wayfellow.matching.models import Candidate, MatchRun, RunState, Unmatched
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.publishing import publish_run
from wayfellow.mentorships.terms import terms_of
from wayfellow.people.models import FieldDefinition, FieldValue, Person
from wayfellow.programmes.models import Membership
from wayfellow.types import SYSTEM, MatchState, Role

Pair = tuple[str, str, float]


@dataclass
class Board:
    """Be a programme's matching, as a test fills it; people are named by their first names."""

    deployment: Deployment
    world: World

    def person(self, name: str, role: Role, places: int = 1, says: str = "") -> int:
        """Add someone to the cycle; mentees say something as a goal, mentors as expertise."""
        with self.deployment.transaction(SYSTEM) as tx:
            return self._person(tx.session, tx.now(), name, role, places, says)

    def _person(self, session, now, name, role, places, says) -> int:  # type: ignore[no-untyped-def]
        email = f"{uuid4().hex}@example.org"
        person = Person(reference=email, name=name, email=email, created_at=now, updated_at=now)
        session.add(person)
        session.flush()
        self.world.people[name] = person.id
        session.add(
            Membership(cycle_id=self.world.cycle_id, person_id=person.id, role=role, capacity=places, created_at=now)
        )
        if says and role is Role.MENTEE:
            session.add(Goal(person_id=person.id, text=says, created_at=now, updated_at=now))
        elif says:
            field = session.query(FieldDefinition).filter_by(key="expertise").one()
            session.add(FieldValue(person_id=person.id, field_id=field.id, value=says))
        return person.id

    def crowd(self, count: int) -> list[Pair]:
        """Add so many mentees, each with a mentor of their own, and return their pairs."""
        with self.deployment.transaction(SYSTEM) as tx:
            pairs = []
            for number in range(count):
                names = f"Mentee {number:03}", f"Mentor {number:03}"
                for name, role in zip(names, (Role.MENTEE, Role.MENTOR), strict=True):
                    self._person(tx.session, tx.now(), name, role, 2, "forecasting and sql")
                pairs.append((*names, 0.9 - number / 1000))
            return pairs

    def run(
        self,
        pairs: Sequence[Pair],
        others: Sequence[Pair] = (),
        left_over: Iterable[tuple[str, str]] = (),
        **changes: object,
    ) -> int:
        """Store a finished run that drafted ``pairs``, kept ``others`` as candidates, and left people over."""
        ids = self.world.people
        with self.deployment.transaction(SYSTEM) as tx:
            scores = sorted(score for _, _, score in pairs)
            figures = {"mentees": len(pairs), "mentors": len(pairs), "matched": len(pairs), "places": len(pairs)}
            if scores:
                figures |= {"median": scores[len(scores) // 2], "worst": scores[0]}  # type: ignore[dict-item]
            run = MatchRun(
                cycle_id=self.world.cycle_id,
                number=tx.session.query(MatchRun).count() + 1,
                state=RunState.DONE,
                created_at=tx.now(),
                created_by=ids["Ruth"],
                input_hash="9c1e77ab" * 8,
                summary={**figures, "total": sum(scores), "upper_bound": sum(scores), "seconds": {"score": 1.25}},
            )
            for key, value in changes.items():
                setattr(run, key, value)
            tx.session.add(run)
            tx.session.flush()
            kept = list(self._candidates(run.id, [*pairs, *others], set(pairs)))
            tx.session.add_all(kept)
            ranks = {(one.mentee_id, one.mentor_id): one.rank for one in kept}
            for mentee, mentor, score in pairs:
                made = {"created_at": tx.now(), "changed_at": tx.now(), "state": MatchState.DRAFTED, "score": score}
                pair = {"mentee_id": ids[mentee], "mentor_id": ids[mentor]}
                made |= {"rank": ranks[ids[mentee], ids[mentor]], "search": "forecasting\nsql"}
                made["kind"] = terms_of(run).kind
                tx.session.add(Proposal(cycle_id=run.cycle_id, run_id=run.id, **pair, **made))
            for name, cause in left_over:
                tx.session.add(Unmatched(run_id=run.id, mentee_id=ids[name], cause=cause, reason=f"Because: {cause}."))
            return run.id

    def _candidates(self, run_id: int, pairs: Sequence[Pair], chosen: set[Pair]) -> Iterable[Candidate]:
        rank: dict[str, int] = {}
        for pair in sorted(pairs, key=lambda pair: (pair[0], -pair[2])):
            mentee, mentor, score = pair
            rank[mentee] = rank.get(mentee, 0) + 1
            terms = [["forecasting", score / 2], ["sql", score / 3], ["other terms", score / 6, None, None, False]]
            yield Candidate(
                run_id=run_id,
                mentee_id=self.world.people[mentee],
                mentor_id=self.world.people[mentor],
                score=score,
                rank=rank[mentee],
                assigned=pair in chosen,
                explanation=[{"scorer": "tfidf", "weight": 1.0, "score": score, "terms": terms}],
            )

    def proposal(self, mentee: str, state: MatchState | None = None) -> int:
        """Return the id of a mentee's newest proposal, in a state if one is named."""
        with self.deployment.reading(SYSTEM) as tx:
            query = tx.session.query(Proposal).filter_by(mentee_id=self.world.people[mentee])
            found = [one.id for one in query.order_by(Proposal.id) if state in (None, one.state)]
            return found[-1]

    def states(self) -> dict[str, str]:
        """Return where each mentee's newest proposal stands."""
        names = {number: name for name, number in self.world.people.items()}
        with self.deployment.reading(SYSTEM) as tx:
            return {names[one.mentee_id]: one.state for one in tx.session.query(Proposal).order_by(Proposal.id)}

    def publish(self, run_id: int) -> None:
        with self.deployment.transaction(SYSTEM) as tx:
            publish_run(tx, run_id)
