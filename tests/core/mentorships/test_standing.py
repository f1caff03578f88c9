"""Moving members takes with it what hangs on their place: once, kindly, and never more than their own."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from wayfellow.errors import Conflict, InvalidInput, NotAllowed
from wayfellow.mentorships.models import Mentorship, Proposal
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.standing import leave, pause, restore, resume, set_states
from wayfellow.notify.models import Notice
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.models import Membership, MembershipState, RejectReason
from wayfellow.programmes.standing import ALLOWED, Who, Why
from wayfellow.types import SYSTEM, MatchState, Role

S = MembershipState


def member_of(world, person_id) -> Membership:
    with world.deployment.reading(SYSTEM) as tx:
        mine = (Membership.person_id == person_id, Membership.cycle_id == world.cycle_id)
        return tx.session.scalars(select(Membership).where(*mine)).one()


def staff(world, function, *arguments):
    with world.deployment.transaction(world.actor(world.person("Cora"), Role.COORDINATOR)) as tx:
        return function(tx, *arguments)


def self_does(world, person_id, role, function, *arguments):
    with world.deployment.transaction(world.actor(person_id, role)) as tx:
        return function(tx, member_of(world, person_id).id, *arguments)


def subjects(world, person_id) -> list[str]:
    with world.deployment.reading(SYSTEM) as tx:
        mine = select(Notice.subject).where(Notice.person_id == person_id).order_by(Notice.id)
        return list(tx.session.scalars(mine))


@pytest.fixture
def pair(world):
    """Give a mentor, a mentee and their proposal that waits for an answer."""
    mentor, mentee = world.mentor("Tom"), world.mentee("Mia")
    world.run([(mentee, mentor, 0.5)], state=MatchState.PROPOSED)
    return mentor, mentee


def proposal_states(world) -> list[str]:
    with world.deployment.reading(SYSTEM) as tx:
        return list(tx.session.scalars(select(Proposal.state).where(Proposal.cycle_id == world.cycle_id)))


def test_a_rejection_ends_the_proposals_and_its_undo_does_not_bring_them_back(world, pair) -> None:
    mentor, mentee = pair
    ids = [member_of(world, mentee).id]
    assert staff(world, set_states, ids, S.REJECTED, Why(RejectReason.FULL, "See you in autumn.")) == 1
    assert proposal_states(world) == ["superseded"]
    assert subjects(world, mentor)[-1] == "This pair can't go ahead: you and Mia"
    assert staff(world, restore, ids) == 1
    member = member_of(world, mentee)
    assert (member.state, member.reason, member.note) == ("approved", None, "")
    assert proposal_states(world) == ["superseded"]
    assert len(subjects(world, mentor)) == 1


def test_the_rejection_letter_holds_the_reason_and_the_note(world, pair) -> None:
    _, mentee = pair
    staff(world, set_states, [member_of(world, mentee).id], S.REJECTED, Why(RejectReason.FULL, "See you in autumn."))
    with world.deployment.reading(SYSTEM) as tx:
        body = tx.session.scalars(select(Notice.body).where(Notice.person_id == mentee)).one()
    assert "More people applied than there are places." in body
    assert "See you in autumn." in body
    assert "{" not in body


def test_leaving_ends_the_mentorship_and_pausing_does_not(world, pair) -> None:
    mentor, mentee = pair
    for person, role in ((mentor, Role.MENTOR), (mentee, Role.MENTEE)):
        with world.deployment.transaction(world.actor(person, role)) as tx:
            answer_proposal(tx, tx.session.scalars(select(Proposal.id)).first(), True)

    def states():
        with world.deployment.reading(SYSTEM) as tx:
            return list(tx.session.scalars(select(Mentorship.state).where(Mentorship.cycle_id == world.cycle_id)))

    self_does(world, mentor, Role.MENTOR, pause, None)
    assert states() == ["active"]
    self_does(world, mentor, Role.MENTOR, leave)
    assert states() == ["ended_early"]


def test_a_pause_remembers_the_day_and_ends_with_it(world, pair) -> None:
    mentor, _ = pair
    today = world.deployment.clock().date()
    with pytest.raises(InvalidInput, match="after today"):
        self_does(world, mentor, Role.MENTOR, pause, today)
    self_does(world, mentor, Role.MENTOR, pause, today + timedelta(days=9))
    assert (member_of(world, mentor).state, member_of(world, mentor).back_on) == ("paused", today + timedelta(days=9))
    self_does(world, mentor, Role.MENTOR, resume)
    assert (member_of(world, mentor).state, member_of(world, mentor).back_on) == ("approved", None)


def test_nobody_moves_somebody_else(world, pair) -> None:
    mentor, mentee = pair
    with world.deployment.transaction(world.actor(mentee, Role.MENTEE)) as tx, pytest.raises(NotAllowed):
        leave(tx, member_of(world, mentor).id)
    with world.deployment.transaction(world.actor(mentee, Role.MENTEE)) as tx, pytest.raises(NotAllowed):
        set_states(tx, [member_of(world, mentor).id], S.REJECTED)


def test_of_many_all_move_or_none(world) -> None:
    ids = [member_of(world, world.mentee(f"Mentee {number}")).id for number in range(3)]
    staff(world, set_states, ids[:2], S.WAITLISTED)
    with pytest.raises(Conflict):
        staff(world, set_states, ids, S.PAUSED)
    assert [member_of(world, person).state for person in _people(world, ids)] == ["waitlisted"] * 2 + ["approved"]


def _people(world, ids) -> list[int]:
    with world.deployment.reading(SYSTEM) as tx:
        return list(
            tx.session.scalars(select(Membership.person_id).where(Membership.id.in_(ids)).order_by(Membership.id))
        )


@pytest.mark.parametrize("state", [S.REJECTED, S.WAITLISTED])
def test_many_take_few_statements(world, statements, state) -> None:
    ids = [member_of(world, world.mentee(f"Mentee {number}")).id for number in range(40)]
    actor = world.actor(world.person("Cora"), Role.COORDINATOR)
    statements.clear()
    with world.deployment.transaction(actor) as tx:
        assert set_states(tx, ids, state) == 40
    assert len(statements) <= 25


def test_members_hold_the_table_whatever_is_tried(deployment, make_world) -> None:
    class Members(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            self.world = make_world(deployment)
            self.people = [self.world.mentee(f"Mentee {number}") for number in range(2)]
            self.expected = [S.APPROVED] * 2
            self.moves = [0, 0]

        def try_move(self, number, who, to, deed):
            before, allowed = self.expected[number], ALLOWED[who].get(self.expected[number], frozenset())
            try:
                deed()
            except Conflict:
                assert to not in allowed
                assert to is not before
            else:
                assert to in allowed or to is before
                self.expected[number] = to
                self.moves[number] += to is not before

        @rule(number=st.integers(0, 1), to=st.sampled_from(list(S)))
        def staff_moves(self, number, to):
            ids = [member_of(self.world, self.people[number]).id]
            self.try_move(number, Who.STAFF, to, lambda: staff(self.world, set_states, ids, to))

        @rule(number=st.integers(0, 1), deed=st.sampled_from([(leave, S.WITHDRAWN), (resume, S.APPROVED)]))
        def moves_themselves(self, number, deed):
            act, to = deed
            self.try_move(number, Who.SELF, to, lambda: self_does(self.world, self.people[number], Role.MENTEE, act))

        @rule(number=st.integers(0, 1))
        def pauses(self, number):
            person = self.people[number]
            self.try_move(number, Who.SELF, S.PAUSED, lambda: self_does(self.world, person, Role.MENTEE, pause, None))

        @invariant()
        def each_move_is_written_once_and_told_at_most_once(self):
            with self.world.deployment.reading(SYSTEM) as tx:
                for person, state, moves in zip(self.people, self.expected, self.moves, strict=True):
                    assert member_of(self.world, person).state == state
                    mine = (AuditEntry.action == "member.moved", AuditEntry.subject_id == person)
                    assert len(tx.session.scalars(select(AuditEntry.id).where(*mine)).all()) == moves
                    assert len(subjects(self.world, person)) <= moves

    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    run_state_machine_as_test(
        Members,
        settings=settings(max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=checks),
    )
