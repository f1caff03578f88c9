"""Criteria in the database: versions that never change, who may, and runs that go by them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from wayfellow.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wayfellow.host import PluginHost
from wayfellow.matching.criteria import plugin
from wayfellow.matching.criteria.preview import preview_criteria
from wayfellow.matching.criteria.service import (
    comparable_fields,
    list_versions,
    load_set,
    newest_version,
    restore_version,
    save_set,
    stored_set,
)
from wayfellow.matching.criteria.sets import CriteriaSet, read_set
from wayfellow.people.service import save_profile
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM, Role

LANGUAGES = {"kind": "languages", "weight": 4, "hard": True}


@pytest.fixture
def programme(mentoring):
    host = PluginHost.load(mentoring.deployment.config, plugins=[("criteria", plugin)])
    mentoring.deployment = replace(mentoring.deployment, host=host)
    return mentoring


def chosen(programme, *criteria, **more):
    return read_set({"criteria": list(criteria), **more}, programme.deployment.host.criterion_kinds)


def save(programme, *criteria, based_on=None, who="Cora"):
    with programme.deployment.transaction(programme.actor(who)) as tx:
        return save_set(tx, programme.programme_id, chosen(programme, *criteria), based_on=based_on).number


def test_each_change_is_a_version_with_its_author_and_its_time(programme):
    assert save(programme, LANGUAGES) == 1
    programme.deployment.clock.move(hours=1)
    assert save(programme, LANGUAGES, {"kind": "wishes"}, based_on=1) == 2
    with programme.deployment.reading(programme.actor("Cora")) as tx:
        versions = list_versions(tx, programme.programme_id)
        assert newest_version(tx, programme.programme_id) == 2
        assert load_set(tx, programme.programme_id, 1) == chosen(programme, LANGUAGES)
        assert load_set(tx, programme.programme_id, None) == CriteriaSet()
        entries = tx.session.scalars(select(AuditEntry).where(AuditEntry.action == "criteria.saved")).all()
    assert [(v.number, v.author, v.criteria, v.hard) for v in versions] == [(2, "Cora", 2, 1), (1, "Cora", 1, 1)]
    assert versions[1].created_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert [entry.details for entry in entries] == [{"number": 1, "criteria": 1}, {"number": 2, "criteria": 2}]


def test_saving_what_holds_writes_nothing(programme):
    assert [save(programme, LANGUAGES), save(programme, LANGUAGES, based_on=1)] == [1, 1]


def test_an_earlier_version_holds_again_as_a_new_one(programme):
    save(programme, LANGUAGES)
    save(programme, {"kind": "wishes"}, based_on=1)
    with programme.deployment.transaction(programme.actor("Cora")) as tx:
        again = restore_version(tx, programme.programme_id, 1, based_on=2)
        assert (again.number, again.note) == (3, "Version 1 again")
        none = restore_version(tx, programme.programme_id, None, based_on=3)
        assert (none.number, none.note) == (4, "Without criteria again")
        assert stored_set(tx, programme.programme_id, 3) == stored_set(tx, programme.programme_id, 1)
        with pytest.raises(NotFound):
            restore_version(tx, programme.programme_id, 9, based_on=4)


def test_nobody_overwrites_what_they_did_not_see(programme):
    save(programme, LANGUAGES)
    with pytest.raises(Conflict, match="Version 1 of the criteria was saved while you changed them"):
        save(programme, based_on=None)


def test_who_may(programme):
    for name, role in (("Ada", Role.AUDITOR), ("Mona", Role.MENTOR)):
        programme.person(name, role)
    for name in ("Ada", "Mona", "Mio"):
        with pytest.raises(NotAllowed, match="change what matching goes by"):
            save(programme, LANGUAGES, who=name)
    with programme.deployment.reading(programme.actor("Ada")) as tx:
        assert list_versions(tx, programme.programme_id) == []
    with programme.deployment.reading(programme.actor("Mio")) as tx, pytest.raises(NotAllowed):
        list_versions(tx, programme.programme_id)


def test_a_field_that_nobody_has_is_refused(programme):
    with pytest.raises(
        InvalidInput, match=r"Criterion 1, field: there is no field “shoe”. Choose one of: .*department"
    ):
        save(programme, {"kind": "field", "field": "shoe"})
    with programme.deployment.reading(SYSTEM) as tx:
        assert {"department", "organisation", "location", "timezone", "skills"} <= comparable_fields(tx).keys()


def test_a_kind_that_is_gone_is_named_and_its_version_kept(programme):
    save(programme, LANGUAGES)
    bare = replace(programme.deployment, host=PluginHost.load(programme.deployment.config, plugins=()))
    with bare.reading(SYSTEM) as tx:
        with pytest.raises(
            InvalidInput, match=r"“languages” is no kind of criterion here.* plugin criteria is switched"
        ):
            load_set(tx, programme.programme_id, 1)
        assert stored_set(tx, programme.programme_id, 1)["criteria"][0]["kind"] == "languages"


def fill(programme):
    """Bo speaks a language that nobody else does, and Cy reports to the only mentor they could speak with."""
    people = {
        "Ann": (Role.MENTEE, {"languages": "German"}),
        "Bo": (Role.MENTEE, {"languages": "Basque"}),
        "Cy": (Role.MENTEE, {"languages": "Dutch", "manager": "Nia@example.org"}),
        "Max": (Role.MENTOR, {"languages": "German"}),
        "Nia": (Role.MENTOR, {"languages": "Dutch; English"}),
    }
    for name, (role, values) in people.items():
        number = programme.person(name, role)
        with programme.deployment.transaction(SYSTEM) as tx:
            save_profile(tx, number, values)


def test_the_preview_says_whom_which_rule_leaves_alone(programme, statements):
    fill(programme)
    rules = chosen(programme, {"kind": "wishes"}, LANGUAGES, {"kind": "reporting_line", "hard": True})
    with programme.deployment.reading(programme.actor("Cora")) as tx:
        statements.clear()
        effect = preview_criteria(tx, programme.cycle_id, rules)
        few = len(statements)
    assert (effect.mentees, effect.mentors, effect.unmatchable) == (4, 3, 0)
    languages, line = effect.rules
    assert (languages.row, languages.label, languages.alone, [p.name for p in languages.people]) == (
        2,
        "Languages in common",
        0,
        [],
    )
    assert (line.row, line.forbidden, line.pairs, line.alone) == (3, 1, 12, 0)
    with programme.deployment.transaction(SYSTEM) as tx:
        save_profile(tx, programme.people["Maja"], {"languages": "Welsh"})
    for number in range(12):
        programme.person(f"More {number}", Role.MENTEE)
    with programme.deployment.reading(programme.actor("Cora")) as tx:
        statements.clear()
        effect = preview_criteria(tx, programme.cycle_id, rules)
    assert len(statements) <= few + 1
    assert (effect.unmatchable, effect.together, [p.name for p in effect.people]) == (2, 1, ["Cy"])
    assert [(rule.alone, [p.name for p in rule.people]) for rule in effect.rules] == [(1, ["Bo"]), (0, [])]


def test_the_preview_of_nobody(programme):
    with programme.deployment.reading(programme.actor("Cora")) as tx:
        assert preview_criteria(tx, programme.cycle_id, CriteriaSet()).unmatchable == 0
