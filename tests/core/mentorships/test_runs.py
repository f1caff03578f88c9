from dataclasses import replace

import pytest
from sqlalchemy import func, select

from wayfellow.errors import Conflict, NotAllowed, NotFound
from wayfellow.host import PluginHost
from wayfellow.jobs.models import JobRow, JobState
from wayfellow.jobs.service import ask_to_cancel
from wayfellow.markers import hookimpl
from wayfellow.matching.explanations import read_parts
from wayfellow.matching.models import Candidate, MatchRun, Unmatched
from wayfellow.matching.runs import cancel_run, get_run, list_runs, start_run
from wayfellow.matching.settings import MatchSettings
from wayfellow.mentorships.drafts import lock
from wayfellow.mentorships.publishing import publish_run
from wayfellow.types import SYSTEM, MatchState, Role


@pytest.fixture
def pool(world):
    """Two mentors and three mentees; Ada's places go round only once."""
    return {
        "Ada": world.mentor("Ada", 1, expertise="sql forecasting demand", job_title="Head of data"),
        "Bo": world.mentor("Bo", 1, expertise="design portfolio"),
        "Cy": world.mentee("Cy", "sql forecasting"),
        "Di": world.mentee("Di", "portfolio design\nsql"),
        "Ed": world.mentee("Ed", "forecasting"),
    }


def matched(world, run_id, state=MatchState.DRAFTED):
    return {(one.mentee_id, one.mentor_id) for one in world.proposals(run_id) if one.state == state}


def start(world, actor, **options):
    with world.deployment.transaction(actor) as tx:
        return start_run(tx, world.cycle_id, **options).id


def test_a_run_stores_pairs_reasons_and_what_it_takes_to_repeat_it(world, pool):
    ruth = world.coordinator()
    run_id = start(world, ruth, seed=7)
    with world.deployment.reading(ruth) as tx:
        assert get_run(tx, run_id).state == "waiting"
    world.work()
    with world.deployment.reading(ruth) as tx:
        run = get_run(tx, run_id)
        left = tx.session.scalars(select(Unmatched)).all()
        chosen = tx.session.scalars(select(Candidate).where(Candidate.assigned)).all()
    assert (run.number, run.state, run.seed, run.created_by, run.error) == (1, "done", 7, "Ruth Adeyemi", None)
    assert matched(world, run_id) == {(pool["Cy"], pool["Ada"]), (pool["Di"], pool["Bo"])}
    assert (run.summary.matched, run.summary.mentees, run.summary.places, run.summary.places_used) == (2, 3, 2, 2)
    assert run.summary.worst <= run.summary.median
    assert set(run.summary.seconds) >= {"score", "assign", "explain"}
    assert len(run.input_hash) == 64
    assert run.versions["wayfellow"]
    assert [(one.mentee_id, one.cause) for one in left] == [(pool["Ed"], "all_full")]
    for one in chosen:
        assert sum(term.share for part in read_parts(one.explanation) for term in part.terms) == pytest.approx(
            one.score, abs=1e-5
        )


def test_the_same_people_give_the_same_run_again(world, pool):
    first, second = start(world, SYSTEM), None
    world.work()
    second = start(world, SYSTEM)
    world.work()
    with world.deployment.reading(SYSTEM) as tx:
        assert get_run(tx, first).input_hash == get_run(tx, second).input_hash
        assert [run.number for run in list_runs(tx, world.cycle_id)] == [2, 1]
    assert matched(world, first) == matched(world, second)


def test_one_run_at_a_time(world, pool):
    start(world, SYSTEM)
    with pytest.raises(Conflict, match="Run 1 is still waiting"):
        start(world, SYSTEM)


def test_a_run_is_asked_for_only_where_people_may_be_matched_and_by_those_who_may(world, pool):
    with pytest.raises(NotAllowed):
        start(world, world.actor(pool["Cy"], Role.MENTEE))
    with world.deployment.transaction(SYSTEM) as tx, pytest.raises(NotFound):
        start_run(tx, 999)
    world.set_cycle("completed")
    with pytest.raises(Conflict, match="The cycle Winter is completed"):
        start(world, SYSTEM)


def test_a_waiting_run_is_cancelled_at_once_and_makes_room(world, pool):
    run_id = start(world, SYSTEM)
    with world.deployment.transaction(SYSTEM) as tx:
        cancel_run(tx, run_id)
    world.work()
    with world.deployment.reading(SYSTEM) as tx:
        assert get_run(tx, run_id).state == "cancelled"
    with world.deployment.transaction(SYSTEM) as tx, pytest.raises(Conflict, match="has ended already"):
        cancel_run(tx, run_id)
    start(world, SYSTEM)
    assert world.proposals() == []


class Meddler:
    """Do something from outside in the middle of a run: the scorer is where the run is at work."""

    def __init__(self, deed):
        self.deed = deed

    @hookimpl
    def score_matches(self, problem):
        self.deed()


def meddle(world, deed):
    host = PluginHost.load(world.deployment.config, plugins=(("meddler", Meddler(deed)), ("words", world.plugin)))
    world.deployment = replace(world.deployment, host=host)


def stored(world):
    with world.deployment.reading(SYSTEM) as tx:
        return [tx.session.scalar(select(func.count()).select_from(model)) for model in (Candidate, Unmatched)]


def test_a_running_run_that_is_cancelled_keeps_nothing(world, pool):
    run_id = start(world, SYSTEM)

    def cancel():
        with world.deployment.transaction(SYSTEM) as tx:
            cancel_run(tx, run_id)

    meddle(world, cancel)
    world.work()
    with world.deployment.reading(SYSTEM) as tx:
        run = get_run(tx, run_id)
        assert (run.state, run.error) == ("cancelled", None)
    assert (stored(world), world.proposals()) == ([0, 0], [])
    start(world, SYSTEM)


def test_a_run_that_fails_says_why_and_keeps_nothing(world, pool):
    with world.deployment.transaction(SYSTEM) as tx:
        run_id = start_run(tx, world.cycle_id, MatchSettings(alternatives=1)).id
    lenient = replace(world.deployment.config, strict=False)
    world.deployment = replace(world.deployment, host=PluginHost.load(lenient, plugins=(("bad", Bad()),)))
    world.work()
    with world.deployment.reading(SYSTEM) as tx:
        run = get_run(tx, run_id)
    assert run.state == "failed"
    assert "The plugin 'bad' failed" in run.error
    assert (stored(world), world.proposals()) == ([0, 0], [])
    start(world, SYSTEM)


class Bad:
    """Fail at what may never be guessed."""

    @hookimpl
    def forbid_matches(self, problem):
        raise RuntimeError("out of order")


def test_a_run_whose_worker_gave_up_does_not_bar_the_next(world, pool):
    run_id = start(world, SYSTEM)
    with world.deployment.transaction(SYSTEM) as tx:
        job = tx.session.scalars(select(JobRow)).one()
        job.state, job.error = JobState.FAILED, "The work was given up."
    with world.deployment.reading(SYSTEM) as tx:
        assert (get_run(tx, run_id).state, get_run(tx, run_id).error) == ("failed", "The work was given up.")
    start(world, SYSTEM)
    with world.deployment.reading(SYSTEM) as tx:
        assert tx.session.get_one(MatchRun, run_id).state == "failed"


def test_cancelling_the_job_itself_cancels_the_run(world, pool):
    run_id = start(world, SYSTEM)
    with world.deployment.transaction(SYSTEM) as tx:
        ask_to_cancel(tx, tx.session.scalars(select(JobRow.id)).one())
    with world.deployment.reading(SYSTEM) as tx:
        assert get_run(tx, run_id).state == "cancelled"
    start(world, SYSTEM)


def test_running_again_keeps_locked_pairs_and_discards_the_old_drafts(world, pool):
    ruth = world.coordinator()
    first = world.run([(pool["Ed"], pool["Ada"], 0.2), (pool["Cy"], pool["Bo"], 0.1)])
    kept, loose = world.proposals(first)
    with world.deployment.transaction(ruth) as tx:
        lock(tx, kept.id, True)
    second = start(world, ruth, keep_locked_from=first)
    world.work()
    assert matched(world, second) == {(pool["Ed"], pool["Ada"]), (pool["Di"], pool["Bo"])}
    assert [one.mentee_id for one in world.proposals(second) if one.locked] == [pool["Ed"]]
    assert {one.state for one in world.proposals(first)} == {MatchState.DISCARDED}
    assert world.audited(loose.id) == ["discarded"]
    with world.deployment.reading(ruth) as tx:
        assert get_run(tx, second).kept_from == first


def test_a_locked_pair_that_was_ruled_out_is_let_go(world, pool):
    first = world.run([(pool["Ed"], pool["Ada"], 0.2)])
    with world.deployment.transaction(SYSTEM) as tx:
        lock(tx, world.proposals()[0].id, True)
    world.block(pool["Ada"], pool["Ed"])
    second = start(world, SYSTEM, keep_locked_from=first)
    world.work()
    assert matched(world, second) == {(pool["Cy"], pool["Ada"]), (pool["Di"], pool["Bo"])}


def test_keeping_the_locks_of_another_cycle_is_refused(world, pool):
    with world.deployment.transaction(SYSTEM) as tx, pytest.raises(NotFound):
        start_run(tx, world.cycle_id, keep_locked_from=123)


def test_what_is_settled_takes_no_part(world, pool):
    """A place that is proposed is taken, and its mentee needs no other; people who paused are left out."""
    first = world.run([(pool["Cy"], pool["Ada"], 0.7)])
    with world.deployment.transaction(SYSTEM) as tx:
        publish_run(tx, first)
    world.change_member(pool["Di"], state="paused")
    second = start(world, SYSTEM)
    world.work()
    assert matched(world, second) == set()
    with world.deployment.reading(SYSTEM) as tx:
        summary = get_run(tx, second).summary
        assert (summary.mentees, summary.places) == (1, 1)


def test_what_publishing_left_out_is_matched_anew(world, pool):
    first = world.run([(pool["Cy"], pool["Bo"], 0.1), (pool["Di"], pool["Ada"], 0.1)])
    world.block(pool["Di"], pool["Ada"])
    with world.deployment.transaction(SYSTEM) as tx:
        publish_run(tx, first, leave_out_failing=True)
    second = start(world, SYSTEM)
    world.work()
    assert [one.state for one in world.proposals(first)] == [MatchState.PROPOSED, MatchState.DISCARDED]
    assert matched(world, second) == {(pool["Ed"], pool["Ada"])}


def test_blocked_and_excluded_pairs_are_never_drafted(world, pool):
    world.block(pool["Cy"], pool["Ada"])
    world.block(pool["Bo"], pool["Di"])
    run_id = start(world, SYSTEM)
    world.work()
    assert not matched(world, run_id) & {(pool["Cy"], pool["Ada"]), (pool["Di"], pool["Bo"])}
