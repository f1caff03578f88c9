import pytest
from sqlalchemy import select

from wayfellow.errors import InvalidInput, NotAllowed
from wayfellow.matching.duplicating import duplicate_programme
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.rules import LIMITS, Rules, read_rules, save_rules
from wayfellow.programmes.service import get_programme
from wayfellow.types import SYSTEM


def changes(tx) -> list[list[str]]:
    query = select(AuditEntry.details).where(AuditEntry.action == "programme.changed").order_by(AuditEntry.id)
    return [details["fields"] for details in tx.session.scalars(query)]


def test_a_programme_has_the_usual_rules_until_somebody_chooses_others(mentoring) -> None:
    with mentoring.deployment.transaction(mentoring.actor("Cora")) as tx:
        assert read_rules(get_programme(tx, mentoring.programme_id)) == Rules()
        save_rules(tx, mentoring.programme_id, {"mentees_ask": True, "answer_days": 7})
        save_rules(tx, mentoring.programme_id, {"answer_days": 7})
        assert read_rules(get_programme(tx, mentoring.programme_id)) == Rules(mentees_ask=True, answer_days=7)
        assert changes(tx) == [["answer_days", "mentees_ask"]]


@pytest.mark.parametrize(("name", "limits"), LIMITS.items())
def test_numbers_out_of_range_are_named_and_nothing_is_saved(mentoring, name, limits) -> None:
    for wrong in (limits[0] - 1, limits[1] + 1):
        with mentoring.deployment.transaction(mentoring.actor("Cora")) as tx, pytest.raises(InvalidInput) as caught:
            save_rules(tx, mentoring.programme_id, {"mentees_ask": True, name: wrong})
        assert [problem.column for problem in caught.value.problems] == [name]
    with mentoring.deployment.reading(SYSTEM) as tx:
        assert read_rules(get_programme(tx, mentoring.programme_id)) == Rules()


def test_participants_change_no_rules(mentoring) -> None:
    with mentoring.deployment.transaction(mentoring.actor("Mio")) as tx, pytest.raises(NotAllowed):
        save_rules(tx, mentoring.programme_id, {"approval": True})


def test_a_copy_of_a_programme_keeps_its_rules(mentoring) -> None:
    with mentoring.deployment.transaction(SYSTEM) as tx:
        save_rules(tx, mentoring.programme_id, {"approval": True})
        assert read_rules(duplicate_programme(tx, mentoring.programme_id, "Again")).approval
