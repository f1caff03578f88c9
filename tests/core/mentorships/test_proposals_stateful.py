"""Let people answer, change their minds, block and change places in any order."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from wayfellow.errors import Conflict
from wayfellow.mentorships.models import Mentorship
from wayfellow.mentorships.proposals import answer_proposal, take_back
from wayfellow.mentorships.views import DeclineReason
from wayfellow.types import SYSTEM, MatchState, Role

numbers = st.integers(0, 5)
sides = st.sampled_from([Role.MENTOR, Role.MENTEE])


def test_places_blocks_and_the_log_hold_whatever_people_do(deployment, make_world):
    class People(RuleBasedStateMachine):
        @initialize(places=st.lists(st.integers(0, 2), min_size=2, max_size=2))
        def begin(self, places):
            self.world = make_world(deployment)
            self.places = {self.world.mentor(f"Mentor {i}", count): count for i, count in enumerate(places)}
            mentees = [self.world.mentee(f"Mentee {i}") for i in range(3)]
            for mentor in self.places:  # a run gives a mentee one mentor, so each mentor's proposals are a run
                self.world.run([(mentee, mentor, 0.5) for mentee in mentees], state=MatchState.PROPOSED)
            self.pairs = [(one.id, one.mentee_id, one.mentor_id) for one in self.own_proposals()]
            self.blocked = set()

        def own_proposals(self):
            return [one for one in self.world.proposals() if one.cycle_id == self.world.cycle_id]

        def act(self, number, side, deed):
            proposal, mentee, mentor = self.pairs[number]
            actor = self.world.actor(mentor if side is Role.MENTOR else mentee, side)
            try:
                with self.world.deployment.transaction(actor) as tx:
                    return deed(tx, proposal)
            except Conflict:
                return None

        @rule(number=numbers, side=sides, agrees=st.sampled_from([True, True, True, False]))
        def answer(self, number, side, agrees):
            def deed(tx, proposal):
                return answer_proposal(tx, proposal, agrees, None if agrees else DeclineReason.NO_TIME)

            before = {pair for pair, _ in self.at_work()}
            view = self.act(number, side, deed)
            assert view is None or self.act(number, side, deed) == view
            for _, mentee, mentor in (self.pairs[number],):
                if (mentee, mentor) in {pair for pair, _ in self.at_work()} - before:
                    assert sum(other == mentor for (_, other), _ in self.at_work()) <= self.places[mentor]
                    assert frozenset((mentee, mentor)) not in self.blocked

        @rule(number=numbers, side=sides)
        def take_back(self, number, side):
            self.act(number, side, take_back)

        @rule(number=numbers, by_mentor=st.booleans())
        def block(self, number, by_mentor):
            _, mentee, mentor = self.pairs[number]
            if frozenset((mentee, mentor)) not in self.blocked:
                self.world.block(*((mentor, mentee) if by_mentor else (mentee, mentor)))
                self.blocked.add(frozenset((mentee, mentor)))

        @rule(number=numbers, places=st.integers(0, 2))
        def change_places(self, number, places):
            mentor = self.pairs[number][2]
            self.world.change_member(mentor, capacity=places)
            self.places[mentor] = places

        def at_work(self):
            with self.world.deployment.reading(SYSTEM) as tx:
                mine = select(Mentorship).where(Mentorship.cycle_id == self.world.cycle_id)
                return [((one.mentee_id, one.mentor_id), one.proposal_id) for one in tx.session.scalars(mine)]

        @invariant()
        def every_move_is_written_and_told_once(self):
            told = {}
            for proposal, before, after in self.world.plugin.changed:
                told.setdefault(proposal, []).append((before, after))
            for one in self.own_proposals():
                moves = [] if one.state == MatchState.PROPOSED else [one.state]
                assert self.world.audited(one.id) == moves
                assert told.get(one.id, []) == [(MatchState.PROPOSED, after) for after in moves]

        @invariant()
        def a_mentorship_stands_for_each_accepted_proposal(self):
            accepted = {one.id for one in self.own_proposals() if one.state == MatchState.ACCEPTED}
            working = self.at_work()
            assert {proposal for _, proposal in working} == accepted
            assert len(working) == len(accepted) == len({mentee for (mentee, _), _ in working})

    quick = settings(max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(People, settings=quick)
