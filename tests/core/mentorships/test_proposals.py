import pytest
from sqlalchemy import select

from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.matching.exclusions import add_exclusion
from wayfellow.mentorships.home import get_my_proposal, list_my_mentorships, list_my_proposals
from wayfellow.mentorships.models import Consent, Mentorship
from wayfellow.mentorships.proposals import answer_proposal, take_back
from wayfellow.mentorships.views import DeclineReason
from wayfellow.notify.models import Notice
from wayfellow.types import SYSTEM, MatchState, Role


@pytest.fixture
def pair(world):
    """Cy was proposed to Ada, who has one place."""
    ada, cy = world.mentor("Ada", 1, job_title="Head of data"), world.mentee("Cy")
    world.run([(cy, ada, 0.8)], state=MatchState.PROPOSED)
    return {
        "id": world.proposals()[0].id,
        "Ada": world.actor(ada, Role.MENTOR),
        "Cy": world.actor(cy, Role.MENTEE),
    }


def answer(world, actor, proposal_id, agrees, *more):
    with world.deployment.transaction(actor) as tx:
        return answer_proposal(tx, proposal_id, agrees, *more)


def mentorships(world):
    with world.deployment.reading(SYSTEM) as tx:
        return [(one.mentee_id, one.mentor_id, one.state) for one in tx.session.scalars(select(Mentorship))]


def notices(world, actor):
    with world.deployment.reading(SYSTEM) as tx:
        mine = select(Notice).where(Notice.person_id == actor.person_id).order_by(Notice.id)
        return [(one.subject, one.body) for one in tx.session.scalars(mine)]


def test_both_see_their_proposal_without_a_score_or_an_address(world, pair):
    with world.deployment.reading(pair["Cy"]) as tx:
        mine = list_my_proposals(tx)
    assert [(one.other.name, one.other.job_title, one.side, one.terms) for one in mine] == [
        ("Ada", "Head of data", Role.MENTEE, ("care", "sql"))
    ]
    assert (mine[0].other_email, mine[0].may_answer, mine[0].outcome) == (
        None,
        True,
        "Neither of you has answered yet.",
    )
    assert not hasattr(mine[0], "score")


def test_two_yeses_make_a_mentorship_and_show_addresses(world, pair):
    first = answer(world, pair["Ada"], pair["id"], True)
    assert (first.state, first.outcome) == (MatchState.PROPOSED, "You said yes. Now it is up to Cy.")
    assert mentorships(world) == []
    with world.deployment.reading(pair["Cy"]) as tx:
        assert get_my_proposal(tx, pair["id"]).outcome == "Ada said yes. Now it is up to you."
    second = answer(world, pair["Cy"], pair["id"], True)
    assert (second.state, second.other_email) == (MatchState.ACCEPTED, f"p1@{world.domain}")
    assert mentorships(world) == [(pair["Cy"].person_id, pair["Ada"].person_id, "active")]
    assert world.audited(pair["id"]) == ["accepted"]
    assert world.plugin.changed == [(pair["id"], MatchState.PROPOSED, MatchState.ACCEPTED)]
    for one, other in (("Ada", "Cy"), ("Cy", "Ada")):
        assert [subject for subject, _ in notices(world, pair[one])] == [f"You and {other} are a pair"]
        with world.deployment.reading(pair[one]) as tx:
            assert [(m.other.name, m.state) for m in list_my_mentorships(tx)] == [(other, MatchState.ACTIVE)]


def test_the_same_answer_again_changes_nothing(world, pair):
    for _ in range(2):
        answer(world, pair["Ada"], pair["id"], True)
    for _ in range(2):
        assert answer(world, pair["Cy"], pair["id"], True).state is MatchState.ACCEPTED
    assert len(mentorships(world)) == 1
    assert world.audited(pair["id"]) == ["accepted"]
    assert len(notices(world, pair["Ada"])) == 1


def test_a_no_ends_it_kindly_and_its_note_stays_with_the_coordinators(world, pair):
    answer(world, pair["Ada"], pair["id"], True)
    view = answer(world, pair["Cy"], pair["id"], False, DeclineReason.OTHER, "I dislike the firm")
    assert (view.state, view.outcome, view.mine) == (MatchState.DECLINED, "You said no.", False)
    assert answer(world, pair["Cy"], pair["id"], False, DeclineReason.NO_TIME).state is MatchState.DECLINED
    [(subject, body)] = notices(world, pair["Ada"])
    assert subject == "Not this time: Cy"
    assert "dislike" not in body
    assert notices(world, pair["Cy"]) == []
    assert world.audited(pair["id"]) == ["declined"]
    with world.deployment.reading(SYSTEM) as tx:
        said = tx.session.scalars(select(Consent).where(Consent.agrees.is_(False))).one()
        assert (said.reason, said.note) == ("other", "I dislike the firm")
    with world.deployment.reading(pair["Ada"]) as tx:
        theirs = get_my_proposal(tx, pair["id"])
        assert (theirs.outcome, theirs.theirs) == ("Cy can't take this on now.", None)


def test_a_no_needs_a_reason_and_a_short_note(world, pair):
    with pytest.raises(InvalidInput) as refused:
        answer(world, pair["Cy"], pair["id"], False, None, "x" * 2001)
    assert [problem.column for problem in refused.value.problems] == ["reason", "note"]
    with world.deployment.reading(pair["Cy"]) as tx:
        assert get_my_proposal(tx, pair["id"]).mine is None


def test_another_answer_is_refused_once_it_has_ended(world, pair):
    answer(world, pair["Cy"], pair["id"], False, DeclineReason.NO_TIME)
    with pytest.raises(Conflict, match=r"This proposal has ended, so the answer can't change\. You said no\."):
        answer(world, pair["Cy"], pair["id"], True)
    with pytest.raises(Conflict, match="Cy can't take this on now"):
        answer(world, pair["Ada"], pair["id"], True)


def test_a_yes_can_be_changed_or_taken_back_until_the_other_answers(world, pair):
    answer(world, pair["Ada"], pair["id"], True)
    with world.deployment.transaction(pair["Ada"]) as tx:
        assert take_back(tx, pair["id"]).mine is None
    with world.deployment.transaction(pair["Ada"]) as tx:
        assert take_back(tx, pair["id"]).may_answer
    assert answer(world, pair["Cy"], pair["id"], True).state is MatchState.PROPOSED
    assert answer(world, pair["Cy"], pair["id"], False, DeclineReason.NO_TIME).state is MatchState.DECLINED
    with pytest.raises(Conflict), world.deployment.transaction(pair["Cy"]) as tx:
        take_back(tx, pair["id"])


def test_nobody_else_can_see_or_answer_it(world, pair):
    other = world.actor(world.mentee("Mallory"), Role.MENTEE)
    for act in (
        lambda tx: answer_proposal(tx, pair["id"], True),
        lambda tx: get_my_proposal(tx, pair["id"]),
        lambda tx: take_back(tx, pair["id"]),
    ):
        with pytest.raises(NotFound), world.deployment.transaction(other) as tx:
            act(tx)
    with pytest.raises(NotFound):
        answer(world, SYSTEM, pair["id"], True)


def test_drafts_do_not_exist_for_participants(world):
    ada, cy = world.mentor("Ada", 1), world.mentee("Cy")
    world.run([(cy, ada, 0.8)])
    mentee = world.actor(cy, Role.MENTEE)
    with world.deployment.reading(mentee) as tx:
        assert list_my_proposals(tx) == []
    with pytest.raises(NotFound):
        answer(world, mentee, world.proposals()[0].id, True)


def test_the_last_place_goes_once_and_the_other_is_told_why(world):
    ada, cy, di = world.mentor("Ada", 1), world.mentee("Cy"), world.mentee("Di")
    world.run([(cy, ada, 0.8), (di, ada, 0.7)], state=MatchState.PROPOSED)
    first, second = world.proposals()
    mentor, loser = world.actor(ada, Role.MENTOR), world.actor(di, Role.MENTEE)
    for actor, proposal in ((mentor, first), (mentor, second), (world.actor(cy, Role.MENTEE), first)):
        answer(world, actor, proposal.id, True)
    view = answer(world, loser, second.id, True)
    assert view.state is MatchState.SUPERSEDED
    assert answer(world, loser, second.id, True).state is MatchState.SUPERSEDED
    [(subject, body)] = notices(world, loser)
    assert subject == "No place left: you and Ada"
    assert "the last place with Ada was taken before both of you had said yes" in body
    assert "all your places were taken before you and Di" in notices(world, mentor)[-1][1]
    assert mentorships(world) == [(cy, ada, "active")]


def test_what_changed_meanwhile_is_checked_again(world, pair):
    """A pair that was ruled out ends with the same words for both, which never say why."""
    ada, cy = pair["Ada"].person_id, pair["Cy"].person_id
    answer(world, pair["Ada"], pair["id"], True)
    world.block(ada, cy)
    with world.deployment.reading(pair["Cy"]) as tx:
        assert list_my_proposals(tx) == []
    assert answer(world, pair["Cy"], pair["id"], True).state is MatchState.SUPERSEDED
    assert mentorships(world) == []
    for actor, other in ((pair["Ada"], "Cy"), (pair["Cy"], "Ada")):
        [(subject, body)] = notices(world, actor)
        assert subject == f"This pair can't go ahead: you and {other}"
        assert "block" not in body


@pytest.mark.parametrize("change", ["exclude", "withdraw"])
def test_a_pair_that_does_not_hold_any_more_never_starts(world, pair, change):
    ada, cy = pair["Ada"].person_id, pair["Cy"].person_id
    answer(world, pair["Ada"], pair["id"], True)
    if change == "exclude":
        with world.deployment.transaction(SYSTEM) as tx:
            add_exclusion(tx, world.programme_id, cy, ada)
    if change == "withdraw":
        world.change_member(cy, state="withdrawn")
    assert answer(world, pair["Cy"], pair["id"], True).state is MatchState.SUPERSEDED
    assert (cy, ada, "active") not in mentorships(world)


def test_a_mentorship_ends_what_else_was_proposed_to_the_mentee(world, pair):
    """Whoever waits for an answer hears at once that it is not needed any more, and hears it once."""
    answer(world, pair["Ada"], pair["id"], True)
    other = world.mentor("Bo", 1)
    world.run([(pair["Cy"].person_id, other, 0.5)], state=MatchState.PROPOSED)
    for actor in (world.actor(other, Role.MENTOR), pair["Cy"]):
        answer(world, actor, world.proposals()[-1].id, True)
    assert mentorships(world) == [(pair["Cy"].person_id, other, "active")]
    assert [one.state for one in world.proposals()] == ["superseded", "accepted"]
    assert [subject for subject, _ in notices(world, pair["Ada"])] == ["Cy has found somebody else"]
    with pytest.raises(Conflict, match="has ended"):
        answer(world, pair["Cy"], pair["id"], True)


def test_a_cycle_that_has_ended_takes_no_answers(world, pair):
    world.set_cycle("completed")
    with pytest.raises(Conflict, match="The cycle Winter is completed"):
        answer(world, pair["Ada"], pair["id"], True)


def test_statements_do_not_grow_with_the_list(world, pair):
    def statements():
        with world.count_statements() as seen, world.deployment.reading(pair["Ada"]) as tx:
            list_my_proposals(tx)
            list_my_mentorships(tx)
        return len(seen)

    before = statements()
    for i in range(6):
        world.run([(world.mentee(f"Mentee {i}"), pair["Ada"].person_id, 0.5)], state=MatchState.PROPOSED)
    assert statements() == before <= 12
