from collections.abc import Callable

import pytest
from sqlalchemy import inspect, select, text

from wayfellow.deployment import Deployment
from wayfellow.errors import Conflict, WayfellowError
from wayfellow.migrations import revisions
from wayfellow.migrations.owners import CORE, find_owners
from wayfellow.migrations.runner import look, upgrade
from wayfellow.people.fields import BUILT_IN
from wayfellow.people.models import FieldDefinition, Person
from wayfellow.types import SYSTEM

NEWEST = "0013"


def run(deployment: Deployment, expected: bool = True) -> list[str]:
    lines: list[str] = []
    assert upgrade(deployment, say=lines.append) is expected
    return lines


def tables(deployment: Deployment) -> set[str]:
    return set(inspect(deployment.engine).get_table_names())


def migrate(deployment: Deployment, owner: str, target: str) -> None:
    owners = find_owners(deployment.host.migrations)
    revisions.migrate(deployment.engine, owners[owner], owners, target)


def test_an_empty_database_gets_all_tables_and_says_so(site, shelf) -> None:
    deployment = site(shelf=shelf)
    lines = run(deployment)
    assert f"Core: upgraded from nothing to {NEWEST}." in lines
    assert lines[-1] == "Plugin shelf: upgraded from nothing to 0001."
    assert {"person", "job", "alembic_version", "shelf_book", "alembic_version_shelf"} <= tables(deployment)


def test_the_second_time_there_is_nothing_to_do(site, shelf) -> None:
    deployment = site(shelf=shelf)
    run(deployment)
    lines = run(deployment)
    assert lines[0] == f"Core: nothing to do, at revision {NEWEST}."
    assert all("nothing to do" in line for line in lines)
    assert not any(standing.is_due for standing in look(deployment.engine, find_owners(deployment.host.migrations)))
    assert not (deployment.config.data_dir / "backups").exists()


def test_down_and_up_again(site, shelf) -> None:
    deployment = site(shelf=shelf)
    run(deployment)
    before = tables(deployment)
    migrate(deployment, "shelf", "base")
    assert before - tables(deployment) == {"shelf_book"}
    for owner in reversed(find_owners(deployment.host.migrations).installed):
        migrate(deployment, owner.name, "base")
    assert all(table.startswith("alembic_version") for table in tables(deployment))
    run(deployment)
    assert tables(deployment) == before


def test_each_revision_of_core_goes_down_and_up(site) -> None:
    deployment = site()
    run(deployment)
    for number in range(int(NEWEST) - 1, 0, -1):
        migrate(deployment, CORE, f"{number:04}")
        migrate(deployment, CORE, "head")
        migrate(deployment, CORE, f"{number:04}")
    assert look(deployment.engine, find_owners({}))[0].at == "0001"
    run(deployment)


def test_a_removed_plugin_leaves_the_rest_upgradable(site, shelf, plugin: Callable) -> None:
    other = plugin("other")
    other.revision(1, 'op.create_table("other_thing", sa.Column("id", sa.Integer))')
    run(site(shelf=shelf, other=other))
    other.revision(2, 'op.add_column("other_thing", sa.Column("name", sa.Text))')
    deployment = site(other=other)
    assert run(deployment)[-1] == "Plugin other: upgraded from 0001 to 0002."
    assert "shelf_book" in tables(deployment)


def test_a_failing_plugin_is_named_leaves_nothing_and_holds_nobody_up(site, shelf, plugin: Callable) -> None:
    broken = plugin("broken")
    broken.revision(1, 'op.create_table("broken_first", sa.Column("id", sa.Integer))')
    broken.revision(2, 'op.create_table("broken_more", sa.Column("id", sa.Integer))\nraise KeyError("no such shelf")')
    deployment = site(broken=broken, shelf=shelf)
    lines = run(deployment, expected=False)
    (failure,) = (line for line in lines if "broken" in line)
    assert "Plugin broken: the upgrade from nothing to 0002 failed and nothing of it was kept: KeyError" in failure
    assert lines[-1] == "Plugin shelf: upgraded from nothing to 0001."
    assert "person" in tables(deployment)
    assert not [table for table in tables(deployment) if table.startswith("broken")]
    broken.revision(2, "pass")
    assert "Plugin broken: upgraded from nothing to 0002." in run(site(broken=broken, shelf=shelf))


@pytest.mark.parametrize("text", ["this is not Python", "revision = 'x'\ndown_revision = 'missing'"])
def test_revisions_that_cannot_be_read_hold_nobody_up(site, shelf, plugin: Callable, text: str) -> None:
    broken = plugin("broken")
    broken.revision(1, "pass")
    (broken.directory / "x.py").write_text(text)
    lines = run(site(broken=broken, shelf=shelf), expected=False)
    assert [line.partition(".")[0] for line in lines if "broken" in line] == ["Plugin broken: left alone"]
    assert lines[-1] == "Plugin shelf: upgraded from nothing to 0001."


def set_revision(deployment: Deployment, table: str, revision: str) -> None:
    with deployment.transaction(SYSTEM) as tx:
        tx.session.execute(text(f"UPDATE {table} SET version_num = :revision"), {"revision": revision})


def test_a_database_that_is_newer_than_the_program_is_refused(site, shelf) -> None:
    deployment = site(shelf=shelf)
    run(deployment)
    set_revision(deployment, "alembic_version_shelf", "0099")
    lines = run(deployment, expected=False)
    assert "newer than this program: Plugin shelf is at revision 0099, known here up to 0001" in lines[-1]
    set_revision(deployment, "alembic_version", "0099")
    with pytest.raises(Conflict, match=f"newer than this program: Core is at revision 0099, known here up to {NEWEST}"):
        upgrade(deployment, say=lines.append)


def test_changing_a_table_keeps_the_rows_that_point_to_it(site, shelf) -> None:
    run(site(shelf=shelf))
    shelf.revision(
        2,
        """
        op.create_table(
            "shelf_page",
            sa.Column("book_id", sa.Integer, sa.ForeignKey("shelf_book.id", name="fk_page", ondelete="CASCADE")),
        )
        op.execute("INSERT INTO shelf_book (id) VALUES (1)")
        op.execute("INSERT INTO shelf_page (book_id) VALUES (1)")
        """,
    )
    run(site(shelf=shelf))
    shelf.revision(
        3,
        """
        with op.batch_alter_table("shelf_book") as batch:
            batch.alter_column("id", type_=sa.BigInteger)
            batch.add_column(sa.Column("title", sa.Text, nullable=False, server_default=""))
        """,
    )
    deployment = site(shelf=shelf)
    run(deployment)
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.execute(text("SELECT book_id, title FROM shelf_page JOIN shelf_book ON true")).all() == [
            (1, "")
        ]
    with pytest.raises(Exception, match=r"(?i)foreign key"), deployment.transaction(SYSTEM) as tx:
        tx.session.execute(text("INSERT INTO shelf_page (book_id) VALUES (7)"))


def test_a_revision_that_orphans_rows_is_refused(site, shelf) -> None:
    run(site(shelf=shelf))
    shelf.revision(2, 'op.execute("INSERT INTO shelf_book (id, person_id) VALUES (1, 77)")')
    deployment = site(shelf=shelf)
    lines = run(deployment, expected=False)
    assert "Plugin shelf: the upgrade from 0001 to 0002 failed and nothing of it was kept" in lines[-1]
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.execute(text("SELECT count(*) FROM shelf_book")).scalar() == 0


def test_a_data_folder_that_cannot_be_made_gets_a_sentence(site) -> None:
    deployment = site()
    deployment.config.data_dir.rmdir()
    deployment.config.data_dir.write_text("in the way")
    with pytest.raises(WayfellowError, match=r"data folder .* can't be made"):
        upgrade(deployment, say=str)


def test_upgrading_keeps_what_is_there(site, shelf, add_ada) -> None:
    deployment = site()
    run(deployment)
    migrate(deployment, CORE, "0001")
    with deployment.transaction(SYSTEM) as tx:
        add_ada(tx)
    run(site(shelf=shelf))
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.get_one(Person, 1).name == "Ada"


def test_the_fields_of_profiles_are_there_afterwards(site) -> None:
    deployment = site()
    run(deployment)
    with deployment.reading(SYSTEM) as tx:
        assert set(tx.session.scalars(select(FieldDefinition.key))) == {field.key for field in BUILT_IN}
