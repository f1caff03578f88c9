"""A coordinator proposes pairs by hand, decides on those that agreed, and takes proposals back."""

import pytest
from sqlalchemy import select

from wayfellow.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wayfellow.matching.exclusions import add_exclusion
from wayfellow.mentorships.home import get_my_proposal, list_my_mentorships
from wayfellow.mentorships.models import Asks, Mentorship, Proposal
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.staff.by_hand import ByHand, look_at_pair, preview_letters, propose
from wayfellow.mentorships.staff.deciding import StaffReason, approve, propose_again, turn_down, withdraw
from wayfellow.mentorships.staff.listing import Wanted, count_tabs, export_proposals, list_proposals
from wayfellow.mentorships.views import DeclineReason
from wayfellow.notify.models import Notice
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.rules import save_rules
from wayfellow.types import SYSTEM, MatchState, Role


class Office:
    """Be a coordinator of a world with Ada, who has one place, and Cy."""

    def __init__(self, world):
        self.world = world
        self.ada, self.cy = world.mentor("Ada", 1, expertise="sql"), world.mentee("Cy", "Learn sql")
        self.ruth = world.coordinator()

    def does(self, function, *arguments, actor=None):
        with self.world.deployment.transaction(actor or self.ruth) as tx:
            return function(tx, *arguments)

    def propose(self, **changes):
        wanted = ByHand(**({"mentee_id": self.cy, "mentor_id": self.ada} | changes))
        return self.does(propose, self.world.cycle_id, wanted)

    def answers(self, person_id, role, proposal_id, agrees=True):
        reason = None if agrees else DeclineReason.NO_TIME
        return self.does(answer_proposal, proposal_id, agrees, reason, actor=self.world.actor(person_id, role))

    def both_agree(self, proposal_id):
        one = self.does(lambda tx: tx.session.get(Proposal, proposal_id))
        self.answers(one.mentee_id, Role.MENTEE, proposal_id)
        return self.answers(one.mentor_id, Role.MENTOR, proposal_id).state

    def letters(self, person_id):
        mine = select(Notice).where(Notice.person_id == person_id).order_by(Notice.id)
        return self.does(lambda tx: [(one.subject, one.body) for one in tx.session.scalars(mine)], actor=SYSTEM)

    def at_work(self):
        pairs = select(Mentorship.mentee_id, Mentorship.mentor_id).where(Mentorship.state == "active")
        return self.does(lambda tx: [tuple(row) for row in tx.session.execute(pairs)], actor=SYSTEM)


@pytest.fixture
def office(world):
    return Office(world)


def test_both_read_the_note_and_two_yeses_make_the_pair(office):
    before = office.does(preview_letters, office.world.cycle_id, ByHand(office.cy, office.ada, note="You both ski."))
    proposal = office.propose(note="You both ski.")
    assert [letter.subject for letter in before] == ["We found a mentor for you: Ada", "We found a mentee for you: Cy"]
    assert [office.letters(one)[0] for one in (office.cy, office.ada)] == [(one.subject, one.body) for one in before]
    assert "You both ski." in before[0].body
    mine = office.does(get_my_proposal, proposal.id, actor=office.world.actor(office.cy, Role.MENTEE))
    assert (mine.staff_note, mine.is_asked, str(mine.answer_until)) == ("You both ski.", True, "2026-12-07")
    assert office.both_agree(proposal.id) is MatchState.ACCEPTED
    assert office.world.audited(proposal.id) == ["proposed", "accepted"]


def test_the_same_five_times_is_one_proposal(office):
    ids = {office.propose(note="You both ski.").id for _ in range(5)}
    assert len(ids) == 1
    assert len(office.letters(office.cy)) == 1
    with pytest.raises(Conflict, match="on their way to each other already"):
        office.propose(asks=Asks.NOBODY, reason="The board decided.")


def test_two_are_shown_side_by_side(office):
    seen = office.does(look_at_pair, office.world.cycle_id, office.cy, office.ada)
    assert (seen.mentee_texts, seen.mentor_texts) == ({"Goals": "Learn sql"}, {"Expertise": "sql"})
    assert (seen.places.free, seen.why_not, seen.terms) == (1, "", ())
    office.world.run([(office.cy, office.ada, 0.8)])
    assert office.does(look_at_pair, office.world.cycle_id, office.cy, office.ada).terms == ("care", "sql")


@pytest.mark.parametrize(
    ("bar", "sentence"),
    [
        ("block", "This pair is not possible."),
        ("exclude", "A coordinator excluded this pair."),
        ("full", "The mentor has no place left."),
        ("busy", "The mentee has a mentor, or another proposal, by now."),
        ("pause", "The mentor is not taking part any more."),
    ],
)
@pytest.mark.parametrize("asks", [Asks.BOTH, Asks.NOBODY])
def test_what_bars_a_pair_bars_it_by_hand_and_by_override_too(office, bar, sentence, asks):
    world = office.world
    if bar == "block":
        world.block(office.ada, office.cy)
    if bar == "exclude":
        office.does(add_exclusion, world.programme_id, office.cy, office.ada)
    if bar == "full":
        office.propose(mentee_id=world.mentee("Di"))
    if bar == "busy":
        office.propose(mentor_id=world.mentor("Bo"))
    if bar == "pause":
        world.change_member(office.ada, state="paused")
    assert office.does(look_at_pair, world.cycle_id, office.cy, office.ada).why_not == sentence
    with pytest.raises(Conflict) as refused:
        office.propose(asks=asks, reason="The board decided.")
    assert str(refused.value) == f"Cy and Ada can't be proposed to each other. {sentence} Choose somebody else."
    assert "block" not in str(refused.value)


def test_nobody_is_asked_only_for_a_reason_that_is_kept_and_audited(office):
    with pytest.raises(InvalidInput, match="Nothing was proposed"):
        office.propose(asks=Asks.NOBODY, reason=" ")
    proposal = office.propose(asks=Asks.NOBODY, reason="Cy asked for it on the phone.", note="As we said.")
    assert office.propose(asks=Asks.NOBODY, reason="Cy asked for it on the phone.").id == proposal.id
    assert office.at_work() == [(office.cy, office.ada)]
    assert [subject for subject, _ in office.letters(office.ada)] == ["You and Cy are a pair"]
    assert "arranged that you and Cy are a pair.\n\nAs we said." in office.letters(office.ada)[0][1]
    assert office.world.audited(proposal.id) == ["proposed", "accepted"]
    entries = select(AuditEntry).where(AuditEntry.action == "proposal.overridden")
    [entry] = office.does(lambda tx: list(tx.session.scalars(entries)), actor=SYSTEM)
    assert (entry.actor_id, entry.subject_id, entry.details) == (office.ruth.person_id, proposal.id, {"asks": "nobody"})
    mine = office.does(list_my_mentorships, actor=office.world.actor(office.cy, Role.MENTEE))
    assert mine[0].other.name == "Ada"


def test_only_one_is_asked_and_the_other_may_still_say_no(office):
    proposal = office.propose(asks=Asks.MENTOR, reason="Cy said yes on the phone.")
    assert [subject for subject, _ in office.letters(office.cy)] == ["Your coordinator proposes you and Ada"]
    mine = office.does(get_my_proposal, proposal.id, actor=office.world.actor(office.cy, Role.MENTEE))
    assert (mine.is_asked, mine.may_answer) == (False, True)
    assert office.answers(office.cy, Role.MENTEE, proposal.id, False).state is MatchState.DECLINED
    again = office.propose(asks=Asks.MENTOR, reason="They talked.")
    assert office.answers(office.ada, Role.MENTOR, again.id).state is MatchState.ACCEPTED


def test_only_coordinators_of_the_programme_may_and_only_with_its_people(office):
    wanted = ByHand(office.cy, office.ada)
    for function in (lambda tx: propose(tx, office.world.cycle_id, wanted),):
        with pytest.raises(NotAllowed):
            office.does(function, actor=office.world.actor(office.ada, Role.MENTOR))
    with pytest.raises(NotFound, match="Choose a mentee and a mentor"):
        office.propose(mentee_id=office.ada, mentor_id=office.cy)
    for notes in ({"note": "x" * 2001}, {"reason": "x" * 2001}):
        with pytest.raises(InvalidInput):
            office.propose(**notes)


def test_where_a_coordinator_has_the_last_word_two_yeses_wait_for_it(office):
    office.does(save_rules, office.world.programme_id, {"approval": True})
    proposal = office.propose()
    assert office.both_agree(proposal.id) is MatchState.AWAITING_ADMIN
    assert office.at_work() == []
    assert office.letters(office.cy)[-1][0] == "Both of you said yes: you and Ada"
    with pytest.raises(Conflict, match="no place left"):  # it reserves the place
        office.propose(mentee_id=office.world.mentee("Di"))
    assert [office.does(approve, [proposal.id]) for _ in range(5)] == [(1, 0)] + [(0, 0)] * 4
    assert office.at_work() == [(office.cy, office.ada)]
    assert office.world.audited(proposal.id) == ["proposed", "awaiting_admin", "accepted"]
    assert office.letters(office.cy)[-1][0] == "You and Ada are a pair"


def test_what_does_not_hold_any_more_is_not_approved(office):
    office.does(save_rules, office.world.programme_id, {"approval": True})
    proposal = office.propose()
    office.both_agree(proposal.id)
    office.world.change_member(office.ada, capacity=0)
    assert office.does(approve, [proposal.id]) == (0, 1)
    assert office.at_work() == []
    assert office.letters(office.cy)[-1][0] == "No place left: you and Ada"


def test_a_coordinator_turns_pairs_down_with_a_reason_and_a_kind_word(office):
    office.does(save_rules, office.world.programme_id, {"approval": True})
    proposal = office.propose()
    office.both_agree(proposal.id)
    with pytest.raises(InvalidInput):
        office.does(turn_down, [proposal.id], None)
    for moved in (1, 0):
        assert office.does(turn_down, [proposal.id], StaffReason.CHANGED, "Let us talk.") == moved
    subject, body = office.letters(office.ada)[-1]
    assert subject == "This pair does not go ahead: you and Cy"
    assert body.endswith("Let us talk.")
    with pytest.raises(Conflict, match="Something has become of one of these"):
        office.does(approve, [proposal.id])


def test_proposals_are_taken_back_once_and_come_back_as_new_ones(office):
    proposal = office.propose()
    office.answers(office.cy, Role.MENTEE, proposal.id)
    for moved in (1, 0):
        assert office.does(withdraw, [proposal.id], StaffReason.MISTAKE) == moved
    for person, other in ((office.cy, "Ada"), (office.ada, "Cy")):
        assert office.letters(person)[-1][0] == f"A proposal was taken back: you and {other}"
    with pytest.raises(Conflict, match="was taken back"):
        office.answers(office.ada, Role.MENTOR, proposal.id)
    new = office.does(propose_again, proposal.id)
    assert office.world.audited(proposal.id) == ["proposed", "withdrawn"]
    assert office.both_agree(new.id) is MatchState.ACCEPTED
    for function in (lambda tx: withdraw(tx, [new.id], StaffReason.OTHER), lambda tx: propose_again(tx, new.id)):
        with pytest.raises(Conflict):
            office.does(function)


def test_the_list_holds_every_origin_but_no_drafts(office):
    world = office.world
    world.run([(world.mentee("Di"), world.mentor("Bo"), 0.5)])
    run = world.run([(world.mentee("Eli"), world.mentor("Flo"), 0.5)], state=MatchState.PROPOSED)
    gone = office.propose()
    office.does(withdraw, [gone.id], StaffReason.OTHER)
    office.propose()

    def names(**wanted):
        found = office.does(list_proposals, world.cycle_id, Wanted(**({"sort": "mentee"} | wanted)))
        return [(one.mentee.name, one.state.value, one.origin.value) for one in found.items]

    cy = [("Cy", "withdrawn", "hand"), ("Cy", "proposed", "hand")]
    assert names() == [*cy, ("Eli", "proposed", "run")]
    assert names(tab="waiting") == [cy[1], ("Eli", "proposed", "run")]
    assert names(origin="run") == [("Eli", "proposed", "run")]
    assert names(search="ÁDA", tab="ended") == cy[:1]
    assert names(sort="-mentor")[0] == ("Eli", "proposed", "run")
    counts = office.does(count_tabs, world.cycle_id, Wanted(search="ada"))
    assert (counts[""], counts["waiting"], counts["ended"]) == (2, 1, 1)
    assert len(office.does(export_proposals, world.cycle_id, Wanted())) == 3
    assert world.proposals(run)[0].run_id == run


def test_the_list_takes_no_more_statements_for_more_rows(office):
    def statements():
        with office.world.count_statements() as seen:
            office.does(list_proposals, office.world.cycle_id, Wanted())
        return len(seen)

    office.propose()
    before = statements()
    world = office.world
    world.run([(world.mentee(f"M {i}"), world.mentor(f"T {i}"), 0.5) for i in range(9)], state=MatchState.PROPOSED)
    assert statements() == before <= 8
