import pytest

from wayfellow.errors import Conflict, NotAllowed, NotFound
from wayfellow.matching.exclusions import add_exclusion, list_exclusions
from wayfellow.mentorships.drafts import exclude, lock, propose_unmatched, replace
from wayfellow.mentorships.leftovers import group_unmatched, list_unmatched, load_per_mentor, score_histogram
from wayfellow.mentorships.pairs import alternatives, alternatives_for, get_pair
from wayfellow.mentorships.publishing import publish_run
from wayfellow.mentorships.queries import count_drafts, list_drafts
from wayfellow.mentorships.undo import undo
from wayfellow.mentorships.views import DraftFilter, DraftSort
from wayfellow.types import SYSTEM, MatchState, Role


@pytest.fixture
def board(world):
    """Cy and Ada, Di and Bo are drafted; Ed is left over; Flo has a free place, and Gus none."""
    who = {name: world.mentor(name, 1, job_title=f"{name}'s job", expertise="sql") for name in ("Ada", "Bo", "Flo")}
    who["Gus"] = world.mentor("Gus", 0)
    who |= {name: world.mentee(name, "learn sql") for name in ("Cy", "Di", "Ed")}
    who["run"] = world.run(
        [(who["Cy"], who["Ada"], 0.8), (who["Di"], who["Bo"], 0.3)],
        [
            (who["Cy"], who["Bo"], 0.9),
            (who["Cy"], who["Flo"], 0.5),
            (who["Cy"], who["Gus"], 0.4),
            (who["Ed"], who["Flo"], 0.6),
            (who["Ed"], who["Ada"], 0.2),
        ],
        left_over=[who["Ed"]],
    )
    who["Cy+Ada"], who["Di+Bo"] = (one.id for one in world.proposals())
    who["Ruth"] = world.coordinator()
    return who


def drafted(world):
    return {(one.mentee_id, one.mentor_id) for one in world.proposals() if one.state == MatchState.DRAFTED}


def review(world, board, act, *arguments):
    with world.deployment.transaction(board["Ruth"]) as tx:
        return act(tx, *arguments)


def left_over(world, board):
    with world.deployment.reading(board["Ruth"]) as tx:
        return {view.mentee.name: view.cause for view in list_unmatched(tx, board["run"]).items}


def test_the_board_shows_each_pair_with_its_reasons_and_places(world, board):
    with world.deployment.reading(board["Ruth"]) as tx:
        page = list_drafts(tx, board["run"])
        counts = count_drafts(tx, board["run"])
    first, second = page.items
    assert (page.total, first.mentee.name, first.mentor.name, first.rank) == (2, "Cy", "Ada", 2)
    assert first.mentor.job_title == "Ada's job"
    assert (first.places.capacity, first.places.taken, first.places.drafted, first.places.free) == (1, 0, 1, 0)
    assert first.terms == ("care", "sql")
    assert sum(part.points for part in first.parts) == pytest.approx(first.score)
    assert sum(term.share for part in first.parts for term in part.terms) == pytest.approx(first.score)
    assert (first.look_closer, second.look_closer) == ((), ())
    assert (counts.all, counts.locked, counts.look_closer) == (2, 0, 0)


def test_the_board_is_filtered_searched_sorted_and_paged(world, board):
    review(world, board, lock, board["Di+Bo"], True)

    def names(**options):
        with world.deployment.reading(board["Ruth"]) as tx:
            return [pair.mentee.name for pair in list_drafts(tx, board["run"], **options).items]

    assert names(filter=DraftFilter.LOCKED) == ["Di"]
    assert names(search="ADA") == ["Cy"]
    assert names(search="cy ada") == ["Cy"]
    assert names(search="%") == []
    assert names(sort=DraftSort.SCORE_ASCENDING) == ["Di", "Cy"]
    assert names(sort=DraftSort.MENTOR) == ["Cy", "Di"]
    assert names(page=2, size=1) == ["Di"]


def test_weak_pairs_and_late_choices_deserve_a_closer_look(world):
    mentors = [world.mentor(f"Mentor {i:02}", 1) for i in range(13)]
    ann, ben, cat = (world.mentee(name) for name in ("Ann", "Ben", "Cat"))
    others = [(ann, mentor, 0.95) for mentor in mentors[3:]]
    run = world.run([(ann, mentors[0], 0.8), (ben, mentors[1], 0.2), (cat, mentors[2], 0.8)], others)
    with world.deployment.reading(SYSTEM) as tx:
        closer = list_drafts(tx, run, filter=DraftFilter.LOOK_CLOSER).items
        assert count_drafts(tx, run).look_closer == 2
    assert {pair.mentee.name: pair.look_closer for pair in closer} == {
        "Ann": ("10 other mentors fit Ann better.",),
        "Ben": ("The score is below half of this run's median.",),
    }


def test_statements_do_not_grow_with_the_board(world):
    def statements(count):
        pairs = [(world.mentee(f"Mentee {i}"), world.mentor(f"Mentor {i}", 2), 0.5) for i in range(count)]
        run = world.run(pairs, left_over=[world.mentee(f"Left {i}") for i in range(count)])
        with world.count_statements() as seen, world.deployment.reading(SYSTEM) as tx:
            pair = list_drafts(tx, run, size=100).items[0]
            count_drafts(tx, run)
            list_unmatched(tx, run, size=100)
            group_unmatched(tx, run)
            score_histogram(tx, run)
            load_per_mentor(tx, run)
            get_pair(tx, pair.proposal_id)
        return len(seen)

    assert statements(1) == statements(12) <= 70


def test_a_locked_pair_can_be_unlocked_and_the_lock_taken_back(world, board):
    act = review(world, board, lock, board["Cy+Ada"], True)
    assert act.sentence == "Cy and Ada are locked."
    assert world.proposals()[0].locked
    review(world, board, undo, act.act_id)
    review(world, board, undo, act.act_id)
    assert not world.proposals()[0].locked


def test_an_excluded_pair_is_discarded_for_good_and_can_come_back(world, board):
    act = review(world, board, exclude, board["Cy+Ada"], "They work together")
    assert drafted(world) == {(board["Di"], board["Bo"])}
    assert left_over(world, board) == {"Ed": "all_full", "Cy": "excluded_in_review"}
    with world.deployment.reading(board["Ruth"]) as tx:
        listed = list_exclusions(tx, world.programme_id).items
        others = {one.mentor.name: one.why_not for one in alternatives_for(tx, board["run"], board["Cy"])}
    assert [(one.mentee.name, one.mentor.name, one.reason) for one in listed] == [("Cy", "Ada", "They work together")]
    assert others["Ada"] == "Excluded by a coordinator."
    for _ in range(2):
        assert review(world, board, undo, act.act_id) == "The pair is back in the run, and may be matched again."
        assert drafted(world) == {(board["Cy"], board["Ada"]), (board["Di"], board["Bo"])}
        assert left_over(world, board) == {"Ed": "all_full"}
    assert world.audited(board["Cy+Ada"]) == ["discarded", "drafted"]


def test_an_exclusion_is_not_taken_back_into_a_place_that_is_gone(world, board):
    act = review(world, board, exclude, board["Cy+Ada"])
    review(world, board, propose_unmatched, board["run"], board["Ed"], board["Ada"])
    with pytest.raises(Conflict, match="Ada can't be chosen any more"):
        review(world, board, undo, act.act_id)
    with world.deployment.reading(board["Ruth"]) as tx:
        assert list_exclusions(tx, world.programme_id).total == 1


def test_undo_leaves_an_exclusion_that_was_there_before(world, board):
    with world.deployment.transaction(SYSTEM) as tx:
        add_exclusion(tx, world.programme_id, board["Cy"], board["Ada"])
    act = review(world, board, exclude, board["Cy+Ada"])
    with pytest.raises(Conflict, match="Excluded by a coordinator"):
        review(world, board, undo, act.act_id)


def test_a_mentor_is_replaced_and_comes_back(world, board):
    new, act = review(world, board, replace, board["Cy+Ada"], board["Flo"])
    assert act.sentence == "Cy is paired with Flo instead of Ada."
    assert drafted(world) == {(board["Cy"], board["Flo"]), (board["Di"], board["Bo"])}
    assert [one.score for one in world.proposals() if one.id == new] == [0.5]
    review(world, board, undo, act.act_id)
    review(world, board, undo, act.act_id)
    assert drafted(world) == {(board["Cy"], board["Ada"]), (board["Di"], board["Bo"])}
    assert (world.audited(new), world.audited(board["Cy+Ada"])) == (["drafted", "discarded"], ["discarded", "drafted"])
    assert [change for change in world.plugin.changed if change[0] == new] == [
        (new, None, MatchState.DRAFTED),
        (new, MatchState.DRAFTED, MatchState.DISCARDED),
    ]


def test_a_mentor_can_only_be_replaced_by_one_who_is_free_and_possible(world, board):
    def refusal(mentor):
        with pytest.raises(Conflict) as refused:
            review(world, board, replace, board["Cy+Ada"], board[mentor])
        return str(refused.value)

    assert refusal("Bo") == "Bo can't be chosen. Full: of 1 place, 0 taken already and 1 by pairs of this run."
    assert refusal("Gus") == "Gus can't be chosen. Offers no places."
    assert "not among those" in refusal("Ed")
    world.block(board["Flo"], board["Cy"])
    assert refusal("Flo") == "Flo can't be chosen. Not possible for this pair."
    world.change_member(board["Flo"], state="paused")
    assert "Not possible for this pair" in refusal("Flo")
    assert drafted(world) == {(board["Cy"], board["Ada"]), (board["Di"], board["Bo"])}


def test_who_is_left_over_gets_a_free_mentor(world, board):
    with pytest.raises(Conflict, match="Ada can't be chosen"):
        review(world, board, propose_unmatched, board["run"], board["Ed"], board["Ada"])
    with pytest.raises(NotFound, match="not among those whom the run left over"):
        review(world, board, propose_unmatched, board["run"], board["Cy"], board["Flo"])
    _, act = review(world, board, propose_unmatched, board["run"], board["Ed"], board["Flo"])
    assert (board["Ed"], board["Flo"]) in drafted(world)
    assert left_over(world, board) == {}
    with pytest.raises(Conflict, match="another draft"):
        review(world, board, propose_unmatched, board["run"], board["Ed"], board["Flo"])
    review(world, board, undo, act.act_id)
    assert left_over(world, board) == {"Ed": "all_full"}


def test_who_else_and_why_not(world, board):
    world.block(board["Cy"], board["Flo"])
    with world.deployment.reading(board["Ruth"]) as tx:
        found = {one.mentor.name: (one.possible, one.note) for one in alternatives(tx, board["Cy+Ada"])}
    assert found == {
        "Bo": (False, "Full: of 1 place, 0 taken already and 1 by pairs of this run."),
        "Flo": (False, "Not possible for this pair."),
        "Gus": (False, "Offers no places."),
    }


def test_the_page_of_a_pair(world, board):
    with world.deployment.reading(board["Ruth"]) as tx:
        page = get_pair(tx, board["Cy+Ada"])
        last = get_pair(tx, board["Di+Bo"])
    assert (page.position, page.of, page.previous_id, page.next_id) == (1, 2, None, board["Di+Bo"])
    assert (last.position, last.previous_id, last.next_id) == (2, board["Cy+Ada"], None)
    assert (page.rank_for_mentor, page.candidates_of_mentor) == (1, 2)
    assert page.mentee_texts == {"Goals": "learn sql"}
    assert page.mentor_texts == {"Expertise": "sql", "Job title": "Ada's job"}
    assert [(one.mentor.name, one.note) for one in page.alternatives if one.possible] == [
        ("Flo", "Free, 30 points lower.")
    ]
    assert (page.editable, page.run_number) == (True, 1)


def test_the_left_over_are_grouped_by_cause(world, board):
    review(world, board, exclude, board["Cy+Ada"])
    review(world, board, exclude, board["Di+Bo"])
    with world.deployment.reading(board["Ruth"]) as tx:
        groups = group_unmatched(tx, board["run"], first=1)
        only = list_unmatched(tx, board["run"], cause="excluded_in_review", search="DI")
    assert [(group.label, group.count, [one.mentee.name for one in group.people]) for group in groups] == [
        ("A coordinator excluded the proposed pair", 2, ["Cy"]),
        ("Every mentor who fits is full", 1, ["Ed"]),
    ]
    assert [one.mentee.name for one in only.items] == ["Di"]


def test_scores_and_mentees_are_counted(world, board):
    with world.deployment.reading(board["Ruth"]) as tx:
        bands = score_histogram(tx, board["run"], bands=10)
        load = load_per_mentor(tx, board["run"])
    assert [(band.low, band.pairs) for band in bands if band.pairs] == [(0.3, 1), (0.8, 1)]
    assert len(bands) == 6
    assert [(one.mentees, one.mentors) for one in load] == [(0, 2), (1, 2)]


def test_a_run_without_pairs_has_empty_lists(world):
    run = world.run([])
    with world.deployment.reading(SYSTEM) as tx:
        assert list_drafts(tx, run).items == []
        assert score_histogram(tx, run) == []
        assert load_per_mentor(tx, run) == []
        assert group_unmatched(tx, run) == []


def test_review_ends_with_publishing(world, board):
    act = review(world, board, lock, board["Cy+Ada"], True)
    review(world, board, publish_run, board["run"])
    for deed in (lambda tx: lock(tx, board["Cy+Ada"], False), lambda tx: undo(tx, act.act_id)):
        with pytest.raises(Conflict, match="Run 1 is published"):
            review(world, board, deed)


def test_a_discarded_pair_cannot_be_reviewed_again(world, board):
    review(world, board, exclude, board["Cy+Ada"])
    with pytest.raises(Conflict, match="taken out of the run meanwhile"):
        review(world, board, lock, board["Cy+Ada"], True)


def test_only_coordinators_of_the_programme_review(world, board):
    mentee = world.actor(board["Cy"], Role.MENTEE)
    for deed in (
        lambda tx: lock(tx, board["Cy+Ada"], True),
        lambda tx: list_drafts(tx, board["run"]),
        lambda tx: get_pair(tx, board["Cy+Ada"]),
    ):
        with pytest.raises(NotAllowed), world.deployment.transaction(mentee) as tx:
            deed(tx)
    with pytest.raises(NotFound):
        review(world, board, undo, 10_000)
