"""Let coordinators, mentees and mentors do all that there is, in any order and five times each, while time goes by."""

from collections import defaultdict
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from wayfellow.errors import WayfellowError
from wayfellow.mentorships.blocking import block_person
from wayfellow.mentorships.expiring import expire, remind
from wayfellow.mentorships.models import Asks, Mentorship, Proposal
from wayfellow.mentorships.proposals import answer_proposal, take_back
from wayfellow.mentorships.requests.asking import ask
from wayfellow.mentorships.requests.remarks import ask_more, reply
from wayfellow.mentorships.requests.withdrawing import withdraw as withdraw_request
from wayfellow.mentorships.staff.by_hand import ByHand, propose
from wayfellow.mentorships.staff.deciding import StaffReason, approve, propose_again, turn_down, withdraw
from wayfellow.mentorships.states import ALLOWED, LIVE, OCCUPYING
from wayfellow.mentorships.views import DeclineReason
from wayfellow.notify.models import Notice
from wayfellow.people.models import Block
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.models import Membership
from wayfellow.programmes.rules import save_rules
from wayfellow.types import SYSTEM, MatchState, Role

MESSAGE = "I run our demand model alone since summer, and would like to learn how you brought other teams along."
#: How often each act is repeated: people press twice, browsers send again, workers start over.
TIMES = 5
people = st.integers(0, 2)
numbers = st.integers(0, 7)


def test_whatever_is_done_by_whom_and_how_often_places_blocks_and_the_log_hold(deployment, make_world, clock):
    class Everybody(RuleBasedStateMachine):
        @initialize(
            places=st.lists(st.integers(0, 2), min_size=3, max_size=3), approval=st.booleans(), days=st.integers(2, 9)
        )
        def begin(self, places, approval, days):
            self.world = world = make_world(deployment)
            self.mentors = [world.mentor(f"Mentor {i}", count) for i, count in enumerate(places)]
            self.mentees = [world.mentee(f"Mentee {i}") for i in range(3)]
            self.ruth, self.working = world.coordinator(), set()
            rules = {"mentees_ask": True, "mentors_offer": True, "cooldown_days": 0}
            self.act(SYSTEM, lambda tx: save_rules(tx, world.programme_id, rules | {"answer_days": days}))
            self.act(SYSTEM, lambda tx: save_rules(tx, world.programme_id, {"approval": approval}))

        def act(self, actor, deed):
            """Do a deed five times: it gives or refuses the same each time, and the later times change nothing."""
            answers, worlds = [], []
            for _ in range(TIMES):
                try:
                    with self.world.deployment.transaction(actor) as tx:
                        given = deed(tx)
                        answers.append(given.id if isinstance(given, Proposal) else repr(given))
                except WayfellowError as refusal:
                    answers.append(str(refusal))
                worlds.append(self.all_there_is())
            assert worlds == worlds[:1] * TIMES
            return answers

        def same(self, actor, deed):
            answers = self.act(actor, deed)
            assert answers == answers[:1] * TIMES

        def all_there_is(self):
            with self.world.deployment.reading(SYSTEM) as tx:
                mine = select(Proposal.id, Proposal.state, Proposal.expires_at, Proposal.reminded_at)
                proposals = tx.session.execute(mine.where(Proposal.cycle_id == self.world.cycle_id)).all()
                counts = [tx.session.scalar(select(func.count()).select_from(one)) for one in (Notice, AuditEntry)]
                return sorted(map(tuple, proposals)), counts, self.at_work()

        def own(self):
            return [one for one in self.world.proposals() if one.cycle_id == self.world.cycle_id]

        def one_of(self, number):
            mine = self.own()
            return mine[number % len(mine)] if mine else None

        def actor_of(self, person):
            return self.world.actor(person, Role.MENTOR if person in self.mentors else Role.MENTEE)

        def membership(self, person):
            with self.world.deployment.reading(SYSTEM) as tx:
                return tx.session.scalars(select(Membership.id).where(Membership.person_id == person)).one()

        @rule(mentee=people, mentor=people, asks=st.sampled_from([Asks.BOTH, *Asks]))
        def propose_by_hand(self, mentee, mentor, asks):
            wanted = ByHand(self.mentees[mentee], self.mentors[mentor], asks, "" if asks == Asks.BOTH else "Because.")
            self.same(self.ruth, lambda tx: propose(tx, self.world.cycle_id, wanted))

        @rule(mentee=people, mentor=people, by_mentor=st.booleans(), in_line=st.booleans())
        def ask_somebody(self, mentee, mentor, by_mentor, in_line):
            me, other = self.mentees[mentee], self.mentors[mentor]
            me, other = (other, me) if by_mentor else (me, other)
            member = self.membership(me)
            self.same(self.actor_of(me), lambda tx: ask(tx, member, other, MESSAGE, in_line=in_line))

        @rule(number=numbers, by_mentor=st.booleans(), agrees=st.sampled_from([True, True, True, False]))
        def answer(self, number, by_mentor, agrees):
            if (one := self.one_of(number)) is not None:
                me = one.mentor_id if by_mentor else one.mentee_id
                reason = None if agrees else DeclineReason.NO_TIME
                self.same(self.actor_of(me), lambda tx: answer_proposal(tx, one.id, agrees, reason))

        @rule(number=numbers)
        def both_agree(self, number):
            self.answer(number, False, True)
            self.answer(number, True, True)

        @rule(number=numbers, by_mentor=st.booleans(), what=st.sampled_from(["take back", "withdraw", "more", "reply"]))
        def speak(self, number, by_mentor, what):
            if (one := self.one_of(number)) is not None:
                me = self.actor_of(one.mentor_id if by_mentor else one.mentee_id)
                deeds = {
                    "take back": lambda tx: take_back(tx, one.id),
                    "withdraw": lambda tx: withdraw_request(tx, one.id),
                    "more": lambda tx: ask_more(tx, one.id, MESSAGE),
                    "reply": lambda tx: reply(tx, one.id, MESSAGE),
                }
                self.act(me, deeds[what])

        @rule(number=numbers, what=st.sampled_from([approve, turn_down, withdraw, propose_again]))
        def decide(self, number, what):
            if (one := self.one_of(number)) is not None:
                reason = (StaffReason.CHANGED,) if what in (turn_down, withdraw) else ()
                self.act(self.ruth, lambda tx: what(tx, one.id if what is propose_again else [one.id], *reason))

        @rule(mentee=people, mentor=people, by_mentor=st.booleans(), end=st.booleans())
        def block(self, mentee, mentor, by_mentor, end):
            me, other = self.mentees[mentee], self.mentors[mentor]
            me, other = (other, me) if by_mentor else (me, other)
            self.act(self.actor_of(me), lambda tx: block_person(tx, other, end_mentorship=end))

        @rule(mentor=people, places=st.integers(0, 2))
        def change_places(self, mentor, places):
            self.world.change_member(self.mentors[mentor], capacity=places)

        @rule(days=st.integers(1, 5))
        def time_goes_by(self, days):
            clock.move(days=days)
            self.act(SYSTEM, lambda tx: expire(tx))
            self.act(SYSTEM, lambda tx: remind(tx))

        def at_work(self):
            with self.world.deployment.reading(SYSTEM) as tx:
                mine = select(Mentorship).where(Mentorship.cycle_id == self.world.cycle_id)
                working = tx.session.scalars(mine.where(Mentorship.state.in_(OCCUPYING)))
                return {(one.mentee_id, one.mentor_id) for one in working}

        def blocked(self):
            with self.world.deployment.reading(SYSTEM) as tx:
                rows = tx.session.execute(select(Block.person_id, Block.blocked_id)).all()
            return {frozenset(row) for row in rows}

        @invariant()
        def no_mentorship_begins_beyond_a_place_or_across_a_block(self):
            working = self.at_work()
            new, self.working = working - self.working, working
            with self.world.deployment.reading(SYSTEM) as tx:
                places = select(Membership.person_id, Membership.capacity).where(Membership.role == Role.MENTOR)
                capacity = dict(tx.session.execute(places.where(Membership.person_id.in_(self.mentors))).all())
            for mentee, mentor in new:
                assert sum(other == mentor for _, other in working) <= capacity[mentor]
                assert frozenset((mentee, mentor)) not in self.blocked()
            assert len({mentee for mentee, _ in working}) == len(working)

        @invariant()
        def nothing_is_alive_between_two_who_block(self):
            blocked = self.blocked()
            assert not [one for one in self.own() if one.state in LIVE and {one.mentee_id, one.mentor_id} in blocked]

        @invariant()
        def every_move_is_allowed_written_once_and_told_once(self):
            told = defaultdict(list)
            for proposal, before, after in self.world.plugin.changed:
                if after not in (MatchState.ENDED_EARLY,):
                    told[proposal].append((before, after))
            for one in self.own():
                states = [after for _, after in told[one.id]]
                assert [*map(str, states)] == self.world.audited(one.id)
                assert states[-1] == one.state
                assert [before for before, _ in told[one.id]] == [None, *states[:-1]]
                assert all(after in ALLOWED[before] for before, after in told[one.id] if before is not None)

        @invariant()
        def nobody_waits_for_ever(self):
            waiting = [one for one in self.own() if one.state in (MatchState.PROPOSED, MatchState.REQUESTED)]
            assert all(one.expires_at is not None and one.expires_at > clock() - timedelta(days=6) for one in waiting)

    quick = settings(max_examples=6, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Everybody, settings=quick)
