"""Give these tests a programme with people, and runs whose pairs a test names itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import uuid4

import numpy as np
import pytest
from scipy.sparse import csr_array
from sqlalchemy import event, insert, select

from wayfellow.config import Config
from wayfellow.deployment import Deployment
from wayfellow.goals.models import Goal
from wayfellow.host import PluginHost
from wayfellow.markers import hookimpl
from wayfellow.matching.models import Candidate, MatchRun, RunState, Unmatched
from wayfellow.mentorships.models import Proposal
from wayfellow.people.models import Block, FieldDefinition, FieldValue, Person
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.models import Cycle, Membership, Programme
from wayfellow.types import SYSTEM, Actor, Contribution, Explanation, MatchProblem, MatchState, Role, RoleGrant
from wayfellow.worker import make_worker


class Words:
    """Score by shared words, explain by them, and remember what was told."""

    def __init__(self) -> None:
        self.changed: list[tuple[int, str | None, str]] = []
        self.proposed: list[list[int]] = []

    @hookimpl
    def score_matches(self, problem: MatchProblem) -> csr_array:
        mentors = [_words(texts) for texts in problem.mentors.documents()]
        mentees = [_words(texts) for texts in problem.mentees.documents(problem.rows)]
        rows = [[len(a & b) / max(1, len(a | b)) for b in mentors] for a in mentees]
        return csr_array(np.array(rows, dtype=np.float32).reshape(problem.shape))

    @hookimpl
    def explain_matches(self, problem: MatchProblem, pairs: np.ndarray) -> list[Explanation]:
        mentees, mentors = problem.mentees.documents(), problem.mentors.documents()
        return [_explain(_words(mentees[i]), _words(mentors[j])) for i, j in pairs]

    @hookimpl
    def on_match_changed(self, match_id: int, before: MatchState | None, after: MatchState) -> None:
        self.changed.append((match_id, before, after))

    @hookimpl
    def on_matches_proposed(self, match_ids: np.ndarray) -> None:
        self.proposed.append(match_ids.tolist())


def _words(texts: list[str]) -> set[str]:
    return set(" ".join(texts).lower().split())


def _explain(a: set[str], b: set[str]) -> Explanation:
    share = 1 / max(1, len(a | b))
    return Explanation(share * len(a & b), tuple(Contribution(word, share) for word in sorted(a & b)))


@dataclass
class World:
    """Be a programme that a test fills with people; each call writes at once."""

    deployment: Deployment
    plugin: Words
    programme_id: int
    cycle_id: int
    fields: dict[str, int]
    domain: str
    _count: int = field(default=0)

    def person(self, name: str, **values: str) -> int:
        self._count += 1
        with self.deployment.transaction(SYSTEM) as tx:
            now = tx.now()
            email = f"p{self._count}@{self.domain}"
            one = Person(
                reference=f"p-{self._count:04}@{self.domain}", name=name, email=email, created_at=now, updated_at=now
            )
            tx.session.add(one)
            tx.session.flush()
            for key, value in values.items():
                tx.session.add(FieldValue(person_id=one.id, field_id=self.fields[key], value=value))
            return one.id

    def mentor(self, name: str, places: int = 1, **values: str) -> int:
        number = self.person(name, **values)
        self.join(number, Role.MENTOR, places)
        return number

    def mentee(self, name: str, goals: str = "") -> int:
        number = self.person(name)
        self.join(number, Role.MENTEE)
        with self.deployment.transaction(SYSTEM) as tx:
            now = tx.now()
            for position, text in enumerate(goals.splitlines()):
                tx.session.add(Goal(person_id=number, text=text, position=position, created_at=now, updated_at=now))
        return number

    def crowd(self, people: Sequence[tuple[str, int, str]], role: Role) -> list[int]:
        """Add many people (name, places, what they say) at once; return their ids."""
        with self.deployment.transaction(SYSTEM) as tx:
            now, made = tx.now(), []
            for name, places, says in people:
                self._count += 1
                email = f"p{self._count}@{self.domain}"
                one = Person(reference=email, name=name, email=email, created_at=now, updated_at=now)
                tx.session.add(one)
                tx.session.flush()
                here = {"cycle_id": self.cycle_id, "role": role, "capacity": places, "created_at": now}
                tx.session.add(Membership(person_id=one.id, **here))
                if role is Role.MENTEE:
                    tx.session.add(Goal(person_id=one.id, text=says, created_at=now, updated_at=now))
                else:
                    tx.session.add(FieldValue(person_id=one.id, field_id=self.fields["expertise"], value=says))
                made.append(one.id)
            return made

    def join(self, person_id: int, role: Role, places: int = 1) -> None:
        with self.deployment.transaction(SYSTEM) as tx:
            tx.session.add(
                Membership(cycle_id=self.cycle_id, person_id=person_id, role=role, capacity=places, created_at=tx.now())
            )

    def change_member(self, person_id: int, **values: object) -> None:
        with self.deployment.transaction(SYSTEM) as tx:
            for member in tx.session.scalars(select(Membership).where(Membership.person_id == person_id)):
                for key, value in values.items():
                    setattr(member, key, value)

    def block(self, one: int, other: int) -> None:
        with self.deployment.transaction(SYSTEM) as tx:
            tx.session.add(Block(person_id=one, blocked_id=other, created_at=tx.now()))

    def set_cycle(self, state: str) -> None:
        with self.deployment.transaction(SYSTEM) as tx:
            tx.session.get_one(Cycle, self.cycle_id).state = state

    def actor(self, person_id: int, role: Role) -> Actor:
        with self.deployment.reading(SYSTEM) as tx:
            name = tx.session.get_one(Person, person_id).name
        return Actor(person_id, name, frozenset({RoleGrant(role, self.programme_id)}))

    def coordinator(self, name: str = "Ruth Adeyemi") -> Actor:
        return self.actor(self.person(name), Role.COORDINATOR)

    def run(
        self,
        pairs: Sequence[tuple[int, int, float]],
        others: Sequence[tuple[int, int, float]] = (),
        left_over: Iterable[int] = (),
        *,
        state: MatchState = MatchState.DRAFTED,
    ) -> int:
        """Store a finished run that chose ``pairs`` (mentee, mentor, score), with ``others`` as candidates too."""
        with self.deployment.transaction(SYSTEM) as tx:
            number = len(tx.session.scalars(select(MatchRun.id)).all()) + 1
            scores = [score for _, _, score in pairs]
            run = MatchRun(
                cycle_id=self.cycle_id,
                number=number,
                state=RunState.DONE,
                created_at=tx.now(),
                summary={"matched": len(pairs), "median": float(np.median(scores)) if scores else None},
            )
            tx.session.add(run)
            tx.session.flush()
            ranks = self._candidates(tx.session, run.id, pairs, others)
            for mentee, mentor, score in pairs:
                tx.session.add(
                    Proposal(
                        cycle_id=self.cycle_id,
                        run_id=run.id,
                        mentee_id=mentee,
                        mentor_id=mentor,
                        state=state,
                        score=score,
                        rank=ranks[mentee, mentor],
                        search="care\nsql",
                        created_at=tx.now(),
                        changed_at=tx.now(),
                    )
                )
            tx.session.add_all(
                Unmatched(run_id=run.id, mentee_id=mentee, cause="all_full", reason="All are full.")
                for mentee in left_over
            )
            return run.id

    def _candidates(self, session, run_id, pairs, others) -> dict[tuple[int, int], int]:
        """Store candidates and return the rank of each (mentee, mentor)."""
        rows, chosen = sorted([*pairs, *others], key=lambda pair: (pair[0], -pair[2])), set(pairs)
        rank: dict[int, int] = {}
        found: dict[tuple[int, int], int] = {}
        for pair in rows:
            mentee, mentor, score = pair
            rank[mentee] = found[mentee, mentor] = rank.get(mentee, 0) + 1
            half = score / 2
            said = {"scorer": "words", "weight": 1.0, "score": score, "terms": [["sql", half], ["care", half]]}
            session.execute(
                insert(Candidate).values(
                    run_id=run_id,
                    mentee_id=mentee,
                    mentor_id=mentor,
                    score=score,
                    rank=rank[mentee],
                    assigned=pair in chosen,
                    explanation=[said],
                )
            )
        return found

    def proposals(self, run_id: int | None = None) -> list[Proposal]:
        with self.deployment.reading(SYSTEM) as tx:
            query = select(Proposal).order_by(Proposal.id)
            return list(tx.session.scalars(query if run_id is None else query.where(Proposal.run_id == run_id)))

    def audited(self, proposal_id: int) -> list[str]:
        """Return the states that the log says a proposal went through."""
        with self.deployment.reading(SYSTEM) as tx:
            query = select(AuditEntry.action).where(
                AuditEntry.subject_kind == "proposal", AuditEntry.subject_id == proposal_id
            )
            actions = tx.session.scalars(query.order_by(AuditEntry.id))
            states = {state.value for state in MatchState}
            return [action.removeprefix("proposal.") for action in actions if action.split(".")[1] in states]

    def work(self) -> None:
        """Run every job that is due."""
        worker = make_worker(self.deployment)
        while worker.run_once():
            pass

    @contextmanager
    def count_statements(self) -> Iterator[list[str]]:
        seen: list[str] = []

        def note(connection, cursor, statement, *rest) -> None:
            seen.append(statement)

        event.listen(self.deployment.engine, "before_cursor_execute", note)
        yield seen
        event.remove(self.deployment.engine, "before_cursor_execute", note)


@pytest.fixture
def make_world(config: Config) -> Callable[[Deployment], World]:
    def make(deployment: Deployment) -> World:
        plugin = Words()
        deployment = replace(deployment, host=PluginHost.load(config, plugins=(("words", plugin),)))
        with deployment.transaction(SYSTEM) as tx:
            programme = Programme(slug=f"bridges-{uuid4().hex}", name="Career Bridges", created_at=tx.now())
            tx.session.add(programme)
            tx.session.flush()
            cycle = Cycle(programme_id=programme.id, name="Winter")
            tx.session.add(cycle)
            tx.session.flush()
            fields = {
                key: number for number, key in tx.session.execute(select(FieldDefinition.id, FieldDefinition.key))
            }
            return World(deployment, plugin, programme.id, cycle.id, fields, f"example{programme.id}.org")

    return make


@pytest.fixture
def world(deployment: Deployment, make_world: Callable[[Deployment], World]) -> World:
    return make_world(deployment)
