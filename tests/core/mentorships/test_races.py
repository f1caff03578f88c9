"""Let people act at the very same time, on connections of their own: one wins, the others are told why."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from wayfellow.errors import Conflict
from wayfellow.matching.runs import start_run
from wayfellow.mentorships.drafts import exclude, lock, replace
from wayfellow.mentorships.models import Mentorship
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.publishing import publish_run
from wayfellow.mentorships.tries import use_try
from wayfellow.mentorships.views import DeclineReason
from wayfellow.notify.models import Notice
from wayfellow.people.models import Block
from wayfellow.types import SYSTEM, MatchState, Role

ROUNDS = 20


def at_once(world, *acts):
    """Run (actor, act) pairs in threads that start together; return what each gave, or the sentence it got."""
    barrier = Barrier(len(acts))

    def perform(actor, act: Callable) -> object:
        barrier.wait()
        try:
            with world.deployment.transaction(actor) as tx:
                return act(tx)
        except Conflict as refusal:
            return str(refusal)

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(perform, *act) for act in acts]]


def say(proposal_id, agrees=True):
    reason = None if agrees else DeclineReason.NO_TIME
    return lambda tx: answer_proposal(tx, proposal_id, agrees, reason)


def proposals_for(world, mentor, mentees):
    """Propose a mentor to many mentees, and let the mentor agree to all; return (actor, proposal id) per mentee."""
    run = world.run([(mentee, mentor, 0.5) for mentee in mentees], state=MatchState.PROPOSED)
    found = world.proposals(run)
    for one in found:
        with world.deployment.transaction(world.actor(mentor, Role.MENTOR)) as tx:
            answer_proposal(tx, one.id, True)
    return [(world.actor(one.mentee_id, Role.MENTEE), one.id) for one in found]


def count(world, model, *where):
    with world.deployment.reading(SYSTEM) as tx:
        return tx.session.scalar(select(func.count()).select_from(model).where(*where))


def test_two_mentees_accepted_for_one_place_at_once(world):
    for number in range(ROUNDS):
        mentor = world.mentor(f"Mentor {number}", 1)
        asked = proposals_for(world, mentor, [world.mentee(f"{name} {number}") for name in ("Cy", "Di")])
        views = at_once(world, *((actor, say(proposal)) for actor, proposal in asked))
        assert sorted(view.state for view in views) == [MatchState.ACCEPTED, MatchState.SUPERSEDED]
        assert count(world, Mentorship, Mentorship.mentor_id == mentor) == 1
        loser = next(actor for (actor, _), view in zip(asked, views, strict=True) if view.state == "superseded")
        assert count(world, Notice, Notice.person_id == loser.person_id, Notice.subject.startswith("No place")) == 1


def test_fifty_accept_three_places_at_once(world):
    """Three win; the others are told why on the page and by a notice, each once."""
    mentor = world.mentor("Ada", 3)
    asked = proposals_for(world, mentor, [world.mentee(f"Mentee {i}") for i in range(50)])
    views = at_once(world, *((actor, say(proposal)) for actor, proposal in asked))
    assert sorted(view.state for view in views) == [MatchState.ACCEPTED] * 3 + [MatchState.SUPERSEDED] * 47
    assert count(world, Mentorship, Mentorship.mentor_id == mentor) == 3
    assert {tuple(world.audited(proposal)) for _, proposal in asked} == {("accepted",), ("superseded",)}
    lost = [actor.person_id for (actor, _), view in zip(asked, views, strict=True) if view.state == "superseded"]
    assert {view.outcome for view in views if view.state == "superseded"} == {
        "This pair can't go ahead. Your notices say why, and your coordinator will look for another way."
    }
    told = (Notice.person_id.in_(lost), Notice.subject == "No place left: you and Ada")
    assert count(world, Notice, *told) == 47


def test_both_sides_say_yes_at_once(world):
    for number in range(ROUNDS):
        mentor, mentee = world.mentor(f"Mentor {number}", 1), world.mentee(f"Mentee {number}")
        run = world.run([(mentee, mentor, 0.5)], state=MatchState.PROPOSED)
        proposal = world.proposals(run)[0].id
        at_once(
            world,
            (world.actor(mentor, Role.MENTOR), say(proposal)),
            (world.actor(mentee, Role.MENTEE), say(proposal)),
            (world.actor(mentee, Role.MENTEE), say(proposal)),
        )
        assert world.audited(proposal) == ["accepted"]
        assert count(world, Mentorship, Mentorship.mentor_id == mentor) == 1


def test_a_block_and_the_last_yes_at_once(world):
    """Whichever comes first holds: a mentorship never starts after the block."""
    for number in range(ROUNDS):
        mentor, mentee = world.mentor(f"Mentor {number}", 1), world.mentee(f"Mentee {number}")
        [(actor, proposal)] = proposals_for(world, mentor, [mentee])

        def block(tx, mentor=mentor, mentee=mentee):
            found = tx.session.scalar(
                select(func.count()).select_from(Mentorship).where(Mentorship.mentor_id == mentor)
            )
            tx.session.add(Block(person_id=mentor, blocked_id=mentee, created_at=tx.now()))
            tx.session.flush()
            after = select(func.count()).select_from(Mentorship).where(Mentorship.mentor_id == mentor)
            return found, tx.session.scalar(after)

        (_, before_commit), _ = at_once(world, (SYSTEM, block), (actor, say(proposal)))
        assert count(world, Mentorship, Mentorship.mentor_id == mentor) == before_commit


def test_two_coordinators_publish_at_once(world):
    ruth, olu = world.coordinator("Ruth Adeyemi"), world.coordinator("Olu Bello")
    for number in range(ROUNDS):
        pairs = [(world.mentee(f"Cy {number}.{i}"), world.mentor(f"Ada {number}.{i}", 1), 0.5) for i in range(3)]
        run = world.run(pairs)
        answers = at_once(world, *((actor, lambda tx, run=run: publish_run(tx, run)) for actor in (ruth, olu)))
        [told] = [answer for answer in answers if isinstance(answer, str)]
        winner = olu if answers.index(told) == 0 else ruth
        assert told == f"{winner.name} published run {number + 1} on Monday 23 November at 09:00 UTC."
        people = [person for mentee, mentor, _ in pairs for person in (mentee, mentor)]
        assert count(world, Notice, Notice.person_id.in_(people)) == 6
        assert [world.audited(one.id) for one in world.proposals(run)] == [["proposed"]] * 3


def test_two_runs_with_the_same_people_published_at_once(world):
    """The second finds the mentees taken; no mentor is proposed to more people than there are places."""
    mentor, mentee = world.mentor("Ada", 1), world.mentee("Cy")
    other = world.mentee("Di")
    runs = [world.run([(person, mentor, 0.5)]) for person in (mentee, other)]
    answers = at_once(world, *((SYSTEM, lambda tx, run=run: publish_run(tx, run)) for run in runs))
    [told] = [answer for answer in answers if isinstance(answer, str)]
    assert "The mentor has no place left" in told
    assert sorted(one.state for one in world.proposals()) == [MatchState.DRAFTED, MatchState.PROPOSED]


def test_review_and_publishing_at_once(world):
    """An exclusion comes wholly before publishing or is refused after it."""
    for number in range(ROUNDS):
        run = world.run([(world.mentee(f"Cy {number}.{i}"), world.mentor(f"Ada {number}.{i}"), 0.5) for i in range(2)])
        first = world.proposals(run)[0].id
        excluded, _ = at_once(
            world,
            (SYSTEM, lambda tx, first=first: exclude(tx, first)),
            (SYSTEM, lambda tx, run=run: publish_run(tx, run)),
        )
        expected = ["proposed"] if isinstance(excluded, str) else ["discarded"]
        assert world.audited(first) == expected


def test_two_coordinators_give_one_place_away_at_once(world):
    for number in range(ROUNDS):
        mentees = [world.mentee(f"Cy {number}.{i}") for i in range(2)]
        wanted = world.mentor(f"Flo {number}", 1)
        pairs = [(mentee, world.mentor(f"Ada {number}"), 0.8) for mentee in mentees]
        run = world.run(pairs, [(mentee, wanted, 0.5) for mentee in mentees])
        drafts = [one.id for one in world.proposals(run)]
        answers = at_once(
            world, *((SYSTEM, lambda tx, one=one, wanted=wanted: replace(tx, one, wanted)) for one in drafts)
        )
        assert sum(isinstance(answer, str) for answer in answers) == 1
        drafted = [one for one in world.proposals(run) if one.state == MatchState.DRAFTED]
        assert sum(one.mentor_id == wanted for one in drafted) == 1
        assert len(drafted) == 2


def test_two_coordinators_start_a_run_at_once(world):
    answers = at_once(world, *((SYSTEM, lambda tx: start_run(tx, world.cycle_id).number) for _ in range(4)))
    assert sorted(map(str, answers))[0] == "1"
    assert (
        sum(answer == "Run 1 is still waiting. Wait until it has ended, or stop it first." for answer in answers) == 3
    )


def test_a_try_is_used_while_its_run_is_published_or_reviewed(world):
    """Either the run is published and the try stays one, or the try is used and the run has nothing to publish."""
    for number in range(6):
        mentor, mentee = (
            world.mentor(f"Ada {number}", 1, expertise=f"sql {number}"),
            world.mentee(f"Cy {number}", "sql"),
        )
        first = world.run([(mentee, mentor, 0.5)])
        with world.deployment.transaction(SYSTEM) as tx:
            tried = start_run(tx, world.cycle_id, try_out_of=first).id
        world.work()
        [pair] = world.proposals(first)
        answers = at_once(
            world,
            (SYSTEM, lambda tx, tried=tried: use_try(tx, tried).sentence),
            (SYSTEM, lambda tx, tried=tried: use_try(tx, tried).sentence),
            (SYSTEM, lambda tx, first=first: publish_run(tx, first).pairs),
            (SYSTEM, lambda tx, pair=pair: lock(tx, pair.id, True).sentence),
        )
        used, published = any("in place of" in str(one) for one in answers[:2]), answers[2] == 1
        assert used + published == 1, answers
        assert world.proposals(first)[0].state == ("proposed" if published else "discarded")
        assert all(one.state == "drafted" for one in world.proposals(tried))
        world.change_member(mentor, state="withdrawn")
        world.change_member(mentee, state="withdrawn")


def test_two_mentors_accepted_at_once_for_a_mentee_who_gets_one(world):
    for _ in range(ROUNDS):
        mentee, mentors = world.mentee("Cy"), [world.mentor(name) for name in ("Ada", "Bo")]
        found = []
        for mentor in mentors:
            (one,) = world.proposals(world.run([(mentee, mentor, 0.5)], state=MatchState.PROPOSED))
            with world.deployment.transaction(world.actor(mentee, Role.MENTEE)) as tx:
                answer_proposal(tx, one.id, True)
            found.append((world.actor(mentor, Role.MENTOR), say(one.id)))
        outcomes = at_once(world, *found)
        (refused,) = [outcome for outcome in outcomes if isinstance(outcome, str)]
        (view,) = [outcome for outcome in outcomes if not isinstance(outcome, str)]
        assert refused.startswith("This proposal has ended")
        assert view.state is MatchState.ACCEPTED
        assert count(world, Mentorship, Mentorship.mentee_id == mentee) == 1
