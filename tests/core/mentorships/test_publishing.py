from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from wayfellow.errors import Conflict, NotAllowed
from wayfellow.matching.exclusions import add_exclusion
from wayfellow.matching.runs import get_run
from wayfellow.mentorships.drafts import lock
from wayfellow.mentorships.publishing import publish_preview, publish_run
from wayfellow.notify.models import Notice
from wayfellow.types import SYSTEM, MatchState, Role


@pytest.fixture
def drafts(world):
    """Three mentees drafted with two mentors, Ada with two places and Bo with one."""
    who = {"Ada": world.mentor("Ada", 2, job_title="Head of data"), "Bo": world.mentor("Bo", 1)}
    who |= {name: world.mentee(name) for name in ("Cy", "Di", "Ed")}
    pairs = [(who["Cy"], who["Ada"], 0.9), (who["Di"], who["Ada"], 0.5), (who["Ed"], who["Bo"], 0.4)]
    who["run"], who["Ruth"] = world.run(pairs), world.coordinator()
    return who


def publish(world, drafts, **options):
    with world.deployment.transaction(drafts["Ruth"]) as tx:
        return publish_run(tx, drafts["run"], **options)


def states(world):
    return [one.state for one in world.proposals()]


def notices(world):
    with world.deployment.reading(SYSTEM) as tx:
        return tx.session.scalar(select(func.count()).select_from(Notice))


def test_publishing_proposes_tells_and_records(world, drafts):
    done = publish(world, drafts)
    assert (done.pairs, done.notices, done.left_out) == (3, 6, ())
    assert states(world) == [MatchState.PROPOSED] * 3
    ids = [one.id for one in world.proposals()]
    assert world.plugin.proposed == [ids]
    assert world.plugin.changed == [(number, MatchState.DRAFTED, MatchState.PROPOSED) for number in ids]
    assert [world.audited(number) for number in ids] == [["proposed"]] * 3
    with world.deployment.reading(drafts["Ruth"]) as tx:
        run = get_run(tx, drafts["run"])
        to_cy = tx.session.scalars(select(Notice).where(Notice.person_id == drafts["Cy"])).one()
    assert (run.published_by, run.published_at) == ("Ruth Adeyemi", world.deployment.clock())
    assert to_cy.subject == "We found a mentor for you: Ada"
    assert "Ada, Head of data. You two fit because you both speak of care and sql." in to_cy.body
    assert "0.9" not in to_cy.body


def test_the_second_to_publish_is_told_who_was_first(world, drafts):
    world.deployment.clock.now = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)
    publish(world, drafts)
    drafts["Ruth"] = world.coordinator("Olu Bello")
    with pytest.raises(Conflict, match=r"^Ruth Adeyemi published run 1 on Monday 23 November at 10:42 UTC\.$"):
        publish(world, drafts)
    assert notices(world) == 6


def break_pairs(world, drafts):
    """Let each of Ada's pairs fail in another way, and leave Bo's."""
    world.block(drafts["Cy"], drafts["Ada"])
    with world.deployment.transaction(SYSTEM) as tx:
        add_exclusion(tx, world.programme_id, drafts["Di"], drafts["Ada"])


def test_pairs_that_do_not_hold_stop_it_and_are_named(world, drafts):
    break_pairs(world, drafts)
    with pytest.raises(Conflict) as refused:
        publish(world, drafts)
    assert str(refused.value) == (
        "2 pairs do not hold any more, and nothing was published: Cy and Ada (This pair is not possible); "
        "Di and Ada (A coordinator excluded this pair). Replace them, or publish the others."
    )
    assert states(world) == [MatchState.DRAFTED] * 3
    assert notices(world) == 0
    with world.deployment.reading(SYSTEM) as tx:
        assert get_run(tx, drafts["run"]).published_at is None


def test_the_others_can_be_published(world, drafts):
    break_pairs(world, drafts)
    done = publish(world, drafts, leave_out_failing=True)
    assert (done.pairs, done.notices, len(done.left_out)) == (1, 2, 2)
    assert states(world) == [MatchState.DRAFTED, MatchState.DRAFTED, MatchState.PROPOSED]


def test_places_that_are_gone_fail_the_weakest_unlocked_pair(world, drafts):
    world.change_member(drafts["Ada"], capacity=1)
    with world.deployment.transaction(drafts["Ruth"]) as tx:
        assert [pair.mentee.name for pair in publish_preview(tx, drafts["run"]).failing] == ["Di"]
        lock(tx, world.proposals()[1].id, True)
        failing = publish_preview(tx, drafts["run"]).failing
    assert [(pair.mentee.name, pair.reason) for pair in failing] == [("Cy", "The mentor has no place left.")]


def test_people_who_left_or_were_proposed_elsewhere_fail(world, drafts):
    world.change_member(drafts["Bo"], state="withdrawn")
    world.change_member(drafts["Di"], state="paused")
    world.run([(drafts["Cy"], world.mentor("Flo"), 0.9)], state=MatchState.PROPOSED)
    with world.deployment.reading(drafts["Ruth"]) as tx:
        failing = {pair.mentee.name: pair.reason for pair in publish_preview(tx, drafts["run"]).failing}
    assert failing == {
        "Cy": "The mentee has a mentor, or another proposal, by now.",
        "Di": "The mentee is not taking part any more.",
        "Ed": "The mentor is not taking part any more.",
    }
    with pytest.raises(Conflict, match="no pairs to publish"):
        publish(world, drafts, leave_out_failing=True)


def test_a_cycle_that_has_ended_publishes_nothing(world, drafts):
    world.set_cycle("cancelled")
    with pytest.raises(Conflict, match="The cycle Winter is cancelled"):
        publish(world, drafts)


def test_the_preview_shows_the_letters_and_counts(world, drafts):
    with world.deployment.reading(drafts["Ruth"]) as tx:
        preview = publish_preview(tx, drafts["run"])
    assert (preview.pairs, preview.mentees, preview.mentors, preview.notices) == (3, 3, 2, 6)
    assert preview.failing == ()
    assert preview.mentee_letter.to.name == "Cy"
    assert preview.mentor_letter.subject == "We found a mentee for you: Cy"
    publish(world, drafts)
    with world.deployment.reading(SYSTEM) as tx:
        sent = set(tx.session.scalars(select(Notice.body)))
    assert {preview.mentee_letter.body, preview.mentor_letter.body} <= sent


def test_statements_do_not_grow_with_the_pairs(world):
    def statements(count):
        pairs = [(world.mentee(f"Mentee {i}"), world.mentor(f"Mentor {i}"), 0.5) for i in range(count)]
        run = world.run(pairs)
        with world.count_statements() as seen, world.deployment.transaction(SYSTEM) as tx:
            publish_preview(tx, run)
            publish_run(tx, run)
        return len(seen)

    assert statements(2) == statements(30) <= 60


def test_only_those_who_may_publish_do(world, drafts):
    drafts["Ruth"] = world.actor(drafts["Ada"], Role.MENTOR)
    with pytest.raises(NotAllowed):
        publish(world, drafts)
