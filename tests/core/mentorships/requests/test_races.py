"""People act at the very same time: limits hold, and each place goes once."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from wayfellow.errors import Conflict
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.requests.asking import ask
from wayfellow.mentorships.requests.withdrawing import withdraw

ROUNDS = 5
TEXTS = (
    "I run our demand model alone since summer, and would like to learn how you brought other teams along.",
    "Your years on night wards made me think: how did you lead tired people without wearing yourself out?",
    "I want to move from sketches to whole design systems. Could we look at one of mine together sometimes?",
)


def at_once(world, *acts) -> list[str]:
    """Run (actor, act) pairs in threads that start together; return "" for each that was done, else the refusal."""
    barrier = Barrier(len(acts))

    def perform(actor, act) -> str:
        barrier.wait()
        try:
            with world.deployment.transaction(actor) as tx:
                act(tx)
        except Conflict as refusal:
            return str(refusal)
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(perform, *one) for one in acts]]


def test_requests_over_the_limit_at_once(world, asking) -> None:
    for number in range(ROUNDS):
        mio = world.mentee(f"Mio {number}")
        me, member = asking.actor(mio), asking.member(mio).id
        acts = []
        for text in TEXTS:
            mentor = world.mentor(f"Mentor of {number}")
            acts.append((me, lambda tx, mentor=mentor, text=text, member=member: ask(tx, member, mentor, text)))
        said = at_once(world, *acts)
        assert sorted(map(bool, said)) == [False, False, True], said


def test_the_same_request_at_once_is_one(world, asking) -> None:
    for number in range(ROUNDS):
        mio, maja = world.mentee(f"Mio {number}"), world.mentor(f"Maja {number}")
        act = partial(ask, membership_id=asking.member(mio).id, other_id=maja, message=TEXTS[0])
        assert at_once(world, *[(asking.actor(mio), act)] * 4) == [""] * 4
        assert asking.states()[f"Mio {number}", f"Maja {number}"] == "requested"
    assert len(asking.states()) == ROUNDS


def test_a_yes_and_a_withdrawal_at_once_come_to_one_of_the_two(world, asking) -> None:
    for number in range(ROUNDS):
        mio, maja = world.mentee(f"Mio {number}"), world.mentor(f"Maja {number}")
        request = asking.ask(mio, maja, TEXTS[0])
        yes = (asking.actor(maja), lambda tx, request=request: answer_proposal(tx, request, True))
        back = (asking.actor(mio), lambda tx, request=request: withdraw(tx, request))
        said = at_once(world, yes, back)
        state = asking.states()[f"Mio {number}", f"Maja {number}"]
        assert state == ("withdrawn" if said[0] else "accepted"), said
        assert bool(said[0]) != bool(said[1])


def test_two_mentees_with_one_place_at_once(world, asking) -> None:
    for number in range(ROUNDS):
        maja = world.mentor(f"Maja {number}", 1)
        mentees = [world.mentee(f"{name} {number}") for name in ("Mio", "Zoe")]
        requests = [asking.ask(mentee, maja, text) for mentee, text in zip(mentees, TEXTS[:2], strict=True)]
        acts = [(asking.actor(maja), lambda tx, one=one: answer_proposal(tx, one, True)) for one in requests]
        at_once(world, *acts)
        states = [asking.one(request).state for request in requests]
        assert sorted(states) == ["accepted", "superseded"]
