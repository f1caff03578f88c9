import csv
import io
import os
import time

import pytest
from sqlalchemy import select

from wayfellow.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wayfellow.importing import service
from wayfellow.importing.models import ImportBatch, ImportState
from wayfellow.people.models import Person
from wayfellow.tabular.limits import UPLOAD
from wayfellow.types import SYSTEM, Role

MENTORS = """person_id,name,e-mail,Places,Job title,Skills,Why I mentor,Shoe size
m-1,Zoë,zoe@example.org,2,CTO,"Go; SQL",I like it,42
m-2,Bo,bo@example.org,,Nurse,,,
"""


def look(importing, batch_id: int):
    with importing.deployment.reading(importing.actor) as tx:
        return service.preview(tx, batch_id)


def test_a_preview_says_what_would_happen_and_nothing_does(importing) -> None:
    shown = look(importing, importing.stage(MENTORS, name="C:\\lists\\mentors.csv"))
    assert shown.batch.filename == "mentors.csv"
    assert (shown.new, shown.changed, shown.unchanged, shown.rows, shown.ready) == (2, 0, 0, 2, True)
    assert [planned.heading for planned in shown.plan.unknown] == ["Why I mentor", "Shoe size"]
    assert [planned.column.label for planned in shown.plan.used][:4] == ["ID", "Name", "E-mail", "Places"]
    assert [change.row.name for change in shown.sample] == ["Zoë", "Bo"]
    with importing.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(Person.name).where(Person.reference.startswith("m-"))).all() == []


def test_a_preview_tells_new_from_changed_from_unchanged(importing) -> None:
    importing.take(MENTORS)
    shown = look(importing, importing.stage(MENTORS.replace("CTO", "CEO") + "m-3,Cy,,,,,,\n"))
    assert (shown.new, shown.changed, shown.unchanged) == (1, 1, 1)
    assert shown.sample[0].changed == {"job_title"}


def test_a_preview_names_problems_by_row_and_column(importing) -> None:
    batch_id = importing.stage("id,Places,name\n1,-1,A\n2,x,\n3,1,C\n")
    shown = look(importing, batch_id)
    assert (shown.ready, shown.problem_count, shown.rows) == (False, 3, 1)
    assert [(p.row, p.column) for p in shown.problems] == [(2, "Places"), (3, "name"), (3, "Places")]
    with importing.deployment.reading(importing.actor) as tx:
        content = b"".join(service.export_problems(tx, batch_id)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0] == ["Row", "Column", "Problem", "Value"]
    assert rows[1][0::3] == ["2", "'-1"]
    assert len(rows) == 4


def test_a_preview_keeps_a_hundred_problems_and_counts_all(importing) -> None:
    batch_id = importing.stage("id,Places\n" + "".join(f"{n},many\n" for n in range(150)))
    shown = look(importing, batch_id)
    assert (len(shown.problems), shown.problem_count) == (100, 150)
    with importing.deployment.reading(importing.actor) as tx:
        assert b"".join(service.export_problems(tx, batch_id)).count(b"\r\n") == 151


def test_columns_can_be_left_out(importing) -> None:
    batch_id = importing.stage(MENTORS)
    with importing.deployment.transaction(importing.actor) as tx:
        service.choose_columns(tx, batch_id, ["Shoe size", "skills"])
    shown = look(importing, batch_id)
    assert [p.heading for p in shown.plan.used if p.unknown] == ["Why I mentor"]
    assert shown.plan.text_fields == ("job_title", "why_i_mentor")
    with (
        pytest.raises(InvalidInput, match="who each person is"),
        importing.deployment.transaction(importing.actor) as tx,
    ):
        service.choose_columns(tx, batch_id, ["person_id", "e-mail"])


def test_what_is_no_table_is_refused_and_not_kept(importing) -> None:
    with pytest.raises(InvalidInput, match=r"picture\.csv is a binary file"):
        importing.stage(b"\x89PNG\0\0", name="picture.csv")
    with pytest.raises(InvalidInput, match=r"big\.csv has more than 32 MB\. Split it"):
        importing.stage(b"id\n" + b"x" * UPLOAD.bytes, name="big.csv")
    with pytest.raises(InvalidInput, match="mentors or mentees"):
        importing.stage(MENTORS, Role.COORDINATOR)
    assert importing.uploads() == []


def test_uploads_have_names_that_nobody_guesses(importing) -> None:
    importing.stage(MENTORS, name="../../etc/passwd\n.csv")
    (name,) = importing.uploads()
    assert len(name) == 32
    assert set(name) <= set("0123456789abcdef")


def test_imports_are_for_staff_of_the_programme(importing, mentoring) -> None:
    batch_id = importing.stage(MENTORS)
    mine = mentoring.actor("Maja")
    with mentoring.deployment.transaction(mine) as tx:
        for act in (service.preview, service.start_import, service.discard, service.get_import):
            with pytest.raises(NotAllowed):
                act(tx, batch_id)
        with pytest.raises(NotAllowed):
            service.stage_upload(tx, mentoring.cycle_id, Role.MENTOR, "x.csv", io.BytesIO(b"id\n"))
        with pytest.raises(NotAllowed):
            service.list_imports(tx, mentoring.cycle_id)


def test_a_discarded_upload_is_gone(importing, mentoring) -> None:
    batch_id = importing.stage(MENTORS)
    with importing.deployment.transaction(importing.actor) as tx:
        assert [batch.id for batch in service.list_imports(tx, mentoring.cycle_id)] == [batch_id]
        service.discard(tx, batch_id)
    assert importing.uploads() == []
    with importing.deployment.reading(importing.actor) as tx, pytest.raises(NotFound, match="Upload the file again"):
        service.preview(tx, batch_id)


def test_forgotten_uploads_are_swept_out_when_the_next_one_comes(importing, clock) -> None:
    importing.stage(MENTORS)
    stray = importing.deployment.config.data_dir / "uploads" / "stray"
    stray.write_bytes(b"x")
    os.utime(stray, (time.time() - 100_000,) * 2)
    clock.move(hours=25)
    kept = importing.stage(MENTORS)
    with importing.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(ImportBatch.id)).all() == [kept]
    assert len(importing.uploads()) == 1


def test_starting_twice_is_starting_once(importing) -> None:
    batch_id = importing.stage(MENTORS)
    with importing.deployment.transaction(importing.actor) as tx:
        first = service.start_import(tx, batch_id).id
        assert service.start_import(tx, batch_id).id == first
        with pytest.raises(Conflict, match="is being imported"):
            service.discard(tx, batch_id)
    importing.start(batch_id)
    with importing.deployment.transaction(importing.actor) as tx:
        assert service.get_import(tx, batch_id).state == ImportState.DONE
        for act in (service.start_import, service.preview, service.discard):
            with pytest.raises(Conflict, match=r"is imported already\. Upload it again"):
                act(tx, batch_id)
