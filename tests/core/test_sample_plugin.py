"""A plugin from outside brings all that plugins can bring, through hooks alone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect

import wayfellow_sample.plugin as sample
from wayfellow.cli import main
from wayfellow.config import load_config
from wayfellow.deployment import Deployment, open_deployment
from wayfellow.host import PluginInfo
from wayfellow.jobs.service import ask, get_job
from wayfellow.jobs.worker import Worker
from wayfellow.migrations.runner import upgrade
from wayfellow.people.models import Person
from wayfellow.types import ANONYMOUS, SYSTEM, Actor, MatchState, Role, RoleGrant, Slot
from wayfellow_sample.models import Book
from wayfellow_sample.shelf import list_books

MENTOR = Actor(1, "Ana", frozenset({RoleGrant(Role.MENTOR, 1)}))


@pytest.fixture
def site(wayfellow_deployment: Callable[..., Deployment]) -> Deployment:
    return wayfellow_deployment(sample=sample)


@pytest.fixture
def person_id(site: Deployment) -> int:
    with site.transaction(SYSTEM) as tx:
        person = Person(reference="p-1", name="Ana", created_at=tx.now(), updated_at=tx.now())
        tx.session.add(person)
        tx.session.flush()
        return person.id


def add_book(site: Deployment, title: str, person_id: int | None = None) -> None:
    with site.transaction(SYSTEM) as tx:
        tx.session.add(Book(title=title, person_id=person_id))


def titles(site: Deployment) -> list[str]:
    with site.reading(SYSTEM) as tx:
        return [book.title for book in list_books(tx.session)]


def test_it_is_loaded_and_healthy(site: Deployment) -> None:
    [info] = site.host.plugins
    assert (info.name, info.version, info.is_loaded) == ("sample", "0.3", True)
    assert Path(info.origin) == Path(str(sample.__file__))
    assert {"register_models", "list_panels", "on_match_changed"} <= set(info.hooks)
    assert isinstance(info, PluginInfo)


def test_it_brings_a_table_with_its_migration(site: Deployment) -> None:
    assert "sample_book" in inspect(site.engine).get_table_names()
    assert "alembic_version_sample" in inspect(site.engine).get_table_names()
    assert site.host.models == (Book,)


def test_it_brings_a_setting_a_field_a_permission_and_a_job(site: Deployment) -> None:
    assert site.host.settings("sample") == {"shelf_name": "Our shelf", "books_per_person": 3}
    assert [field.key for field in site.host.profile_fields] == ["sample_favourite_book"]
    assert list(site.host.permissions) == ["sample.read"]
    assert [job.kind for job in site.host.jobs] == ["sample.count"]


def test_it_brings_a_page_and_an_entry_for_those_who_may_see_it(site: Deployment) -> None:
    [(plugin, blueprint)] = site.host.blueprints()
    assert (plugin, blueprint.name) == ("sample", "sample")
    assert sorted(blueprint.jinja_loader.list_templates()) == ["sample/_books.html", "sample/index.html"]
    assert [item.endpoint for item in site.host.list_nav_items(MENTOR)] == ["sample.index"]
    assert site.host.list_nav_items(ANONYMOUS) == []


def test_it_brings_a_panel(site: Deployment, person_id: int) -> None:
    add_book(site, "Middlemarch", person_id)
    with site.reading(SYSTEM) as tx:
        [placed] = site.host.list_panels(MENTOR, Slot.PERSON_SIDE, person_id, tx.session)
        assert site.host.list_panels(MENTOR, Slot.HOME_MAIN, person_id, tx.session) == []
    assert placed.panel is not None
    assert [book.title for book in placed.panel.context["books"]] == ["Middlemarch"]


def test_it_brings_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the shell it is found by its entry point, with the operator's setting."""
    metadata = tmp_path / "site" / "wayfellow_sample-0.3.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: wayfellow-sample\nVersion: 0.3\n")
    (metadata / "entry_points.txt").write_text("[wayfellow.plugins]\nsample = wayfellow_sample.plugin\n")
    monkeypatch.syspath_prepend(str(metadata.parent))
    monkeypatch.setattr("wayfellow.logging.configure_logging", lambda *args, **options: None)
    file = tmp_path / "wayfellow.toml"
    file.write_text('[plugin.sample]\nshelf_name = "Bookcase"\n')
    site = open_deployment(load_config(file, {}))
    upgrade(site, say=str, backup=False)
    add_book(site, "Middlemarch")
    site.engine.dispose()
    assert CliRunner().invoke(main, ["--config", str(file), "sample", "books"]).output == "Bookcase: Middlemarch\n"
    listed = CliRunner().invoke(main, ["--config", str(file), "plugin", "list"]).output
    assert re.search(r"sample +0.3 +wayfellow-sample +ok +collect_person_data, ", listed)


def test_it_hears_facts_in_transactions_of_its_own(site: Deployment, person_id: int) -> None:
    with site.transaction(SYSTEM) as tx:
        tx.tell(lambda host: host.on_profile_saved(person_id, frozenset({"sample_favourite_book"})))
        tx.tell(lambda host: host.on_profile_saved(person_id, frozenset({"expertise"})))
        tx.tell(lambda host: host.on_match_changed(7, MatchState.ACCEPTED, MatchState.ACTIVE, None))
        tx.tell(lambda host: host.on_match_changed(8, MatchState.PROPOSED, MatchState.DECLINED, None))
    assert titles(site) == ["A favourite book", "A notebook for pair 7"]


def test_it_hands_over_and_erases_what_it_knows(site: Deployment, person_id: int) -> None:
    add_book(site, "Middlemarch", person_id)
    add_book(site, "The programme's own")
    with site.transaction(SYSTEM) as tx:
        assert site.host.collect_person_data(person_id, tx.session) == {"sample": {"books": ["Middlemarch"]}}
        assert site.host.erase_person_data(person_id, tx.session) == {"sample": 1}
        assert site.host.collect_person_data(person_id, tx.session) == {}
    assert titles(site) == ["The programme's own"]


def test_its_job_runs(site: Deployment) -> None:
    add_book(site, "Middlemarch")
    with site.transaction(SYSTEM) as tx:
        job_id = ask(tx, "sample.count", {}, key="count once").id
    worker: Any = Worker(site, site.host.jobs)
    while worker.run_once():
        pass
    with site.reading(SYSTEM) as tx:
        assert get_job(tx, job_id).result == {"books": 1}
