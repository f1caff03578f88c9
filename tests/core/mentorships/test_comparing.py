import pytest

from wayfellow.errors import Conflict, NotAllowed, NotFound
from wayfellow.matching.diff import ChangeKind
from wayfellow.matching.models import MatchRun, RunState
from wayfellow.mentorships.comparing import compare_runs
from wayfellow.mentorships.drafts import replace
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.views import ChangeSort
from wayfellow.programmes.models import Cycle
from wayfellow.types import SYSTEM, MatchState, Role


@pytest.fixture
def runs(world):
    """Ann stays with Xa, Ben moves from Yo to Zoë, Cy loses Zoë, Di is not in the second run, Ed is new in it."""
    who = {name: world.mentor(name, 3) for name in ("Xa", "Yo", "Zoë")}
    who |= {name: world.mentee(name) for name in ("Ann", "Ben", "Cy", "Di", "Ed")}
    a, b, c, d, e, x, y, z = (who[name] for name in ("Ann", "Ben", "Cy", "Di", "Ed", "Xa", "Yo", "Zoë"))
    who["first"] = world.run([(a, x, 0.9), (b, y, 0.4), (c, z, 0.5), (d, z, 0.3)], [(a, y, 0.6)])
    who["second"] = world.run([(a, x, 0.9), (b, z, 0.6), (e, y, 0.7)], left_over=[c])
    return who


def compare(world, runs, **options):
    with world.deployment.reading(SYSTEM) as tx:
        return compare_runs(tx, runs["first"], runs["second"], **options)


def kinds(comparison):
    return {change.mentee.name: change.kind.value for change in comparison.changes.items}


def test_each_mentee_has_one_change(world, runs):
    found = compare(world, runs)
    assert kinds(found) == {
        "Ann": "stayed",
        "Ben": "moved",
        "Cy": "unmatched",
        "Di": "absent",
        "Ed": "matched",
    }
    assert (found.total, set(found.counts.values())) == (5, {1})
    moved = compare(world, runs, kind=ChangeKind.MOVED).changes
    assert [(one.before.name, one.after.name, one.score_before, one.score_after) for one in moved.items] == [
        ("Yo", "Zoë", pytest.approx(0.4), pytest.approx(0.6))
    ]


def test_changes_are_searched_sorted_and_paged(world, runs):
    assert set(kinds(compare(world, runs, search="zoe"))) == {"Ben", "Cy", "Di"}
    assert set(kinds(compare(world, runs, search="BEN zoe"))) == {"Ben"}
    assert set(kinds(compare(world, runs, search="ann zoe"))) == set()
    assert set(kinds(compare(world, runs, search="%"))) == set()
    assert list(kinds(compare(world, runs))) == ["Cy", "Di", "Ann", "Ben", "Ed"], "who lost most comes first"
    assert list(kinds(compare(world, runs, sort=ChangeSort.MENTEE))) == ["Ann", "Ben", "Cy", "Di", "Ed"]
    assert list(kinds(compare(world, runs, sort=ChangeSort.SCORE_ASCENDING)))[2:] == ["Ben", "Ed", "Ann"]
    assert list(kinds(compare(world, runs, sort=ChangeSort.MENTEE, page=2, size=2))) == ["Cy", "Di"]


def test_a_run_counts_as_review_left_it_and_as_computed_once_it_was_replaced(world, runs):
    ruth = world.coordinator()
    with world.deployment.transaction(ruth) as tx:
        replace(tx, world.proposals(runs["first"])[0].id, runs["Yo"])
    ann = next(one for one in compare(world, runs).changes.items if one.mentee.name == "Ann")
    assert (ann.kind, ann.before.name, ann.after.name) == ("moved", "Yo", "Xa")
    with world.deployment.transaction(SYSTEM) as tx:
        tx.session.query(Proposal).filter_by(run_id=runs["first"]).update({"state": MatchState.DISCARDED})
    assert kinds(compare(world, runs))["Ann"] == "stayed"


def test_what_the_runs_were_asked_differently(world, runs):
    with world.deployment.transaction(SYSTEM) as tx:
        run = tx.session.get_one(MatchRun, runs["second"])
        run.seed, run.settings = 7, {"match": {"weights": {"words": 2.0}}, "keep_locked_from": runs["first"]}
        run.versions = {"ortools": "9"}
    found = {one.name: (one.before, one.after) for one in compare(world, runs).inputs}
    assert found == {"seed": ("0", "7"), "match.weights.words": (None, "2.0"), "version.ortools": (None, "9")}


def test_only_runs_of_one_cycle_that_are_done_are_compared(world, runs):
    with world.deployment.transaction(SYSTEM) as tx:
        cycle = Cycle(programme_id=world.programme_id, name="Spring")
        tx.session.add(cycle)
        tx.session.flush()
        now = tx.now()
        other = MatchRun(cycle_id=cycle.id, number=1, state=RunState.DONE, created_at=now)
        failed = MatchRun(cycle_id=world.cycle_id, number=9, state=RunState.FAILED, created_at=now)
        tx.session.add_all([other, failed])
        tx.session.flush()
        ids = other.id, failed.id
    with world.deployment.reading(SYSTEM) as tx:
        with pytest.raises(NotFound, match="different cycles"):
            compare_runs(tx, ids[0], runs["second"])
        with pytest.raises(Conflict, match="Run 9 is not done, so it has no pairs"):
            compare_runs(tx, runs["first"], ids[1])
    with world.deployment.reading(world.actor(runs["Ann"], Role.MENTEE)) as tx, pytest.raises(NotAllowed):
        compare_runs(tx, runs["first"], runs["second"])


def test_statements_do_not_grow_with_the_runs(world):
    def statements(count):
        pairs = [(world.mentee(f"Mentee {i}"), world.mentor(f"Mentor {i}", 2), 0.5) for i in range(count)]
        one, other = world.run(pairs), world.run(pairs[: count // 2 + 1])
        with world.count_statements() as seen, world.deployment.reading(SYSTEM) as tx:
            compare_runs(tx, one, other, search="m", sort=ChangeSort.MENTEE, size=100)
        return len(seen)

    assert statements(1) == statements(12) <= 12
