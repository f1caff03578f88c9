"""What administrators set in the browser counts, unless the configuration names it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from wayfellow.deployment import Deployment
from wayfellow.errors import InvalidInput, NotAllowed, NotFound
from wayfellow.host import PluginHost
from wayfellow.people.service import create_person
from wayfellow.privacy.models import AuditEntry
from wayfellow.settings.known import HOUSE
from wayfellow.settings.models import SettingRow
from wayfellow.settings.service import list_settings, refresh, save_settings
from wayfellow.settings.texts import from_text, to_text
from wayfellow.testing.plugins import make_plugin
from wayfellow.types import SYSTEM, Actor, Role, RoleGrant, Setting

DEEP = (
    Setting("depth", "Depth", 3, least=1, most=9),
    Setting("weight", "Weight", 0.5),
    Setting("mode", "Mode", "fast", options=("fast", "slow")),
    Setting("stem", "Stem", True),
    Setting("words", "Words", ["a"]),
    Setting("key", "Key", "", secret=True),
)
GOOD = {"depth": "7", "weight": "0,25", "mode": "slow", "stem": "off", "words": '["b, c"]', "key": "s3cret"}


@pytest.fixture
def house(deployment: Deployment) -> Deployment:
    return with_plugin(deployment, DEEP)


def with_plugin(deployment: Deployment, settings: tuple[Setting, ...], **config: Any) -> Deployment:
    """Return the deployment as another process would open it, with a plugin of some settings."""
    made = replace(deployment.config, **{"plugin_settings": {}} | config)
    plugin = make_plugin(register_settings=lambda: list(settings))
    return replace(deployment, config=made, host=PluginHost.load(made, plugins=(("deep", plugin),)))


def save(house: Deployment, owner: str, texts: dict[str, str], actor: Actor = SYSTEM) -> dict[str, str]:
    with house.transaction(actor) as tx:
        former = save_settings(tx, owner, texts)
    refresh(house)
    return former


def test_what_is_set_counts_here_and_in_every_other_process(house: Deployment) -> None:
    other = with_plugin(house, DEEP)
    assert save(house, HOUSE, {"organisation": " Open Bridges ", "timezone": "europe/berlin"}) == {
        "organisation": "Our organisation",
        "timezone": "UTC",
    }
    save(house, "deep", GOOD)
    refresh(other)
    for here in (house, other):
        assert (here.config.organisation, here.config.timezone) == ("Open Bridges", "Europe/Berlin")
        assert here.host.settings("deep") == {
            "depth": 7,
            "weight": 0.25,
            "mode": "slow",
            "stem": False,
            "words": ["b, c"],
            "key": "s3cret",
        }
    with house.transaction(SYSTEM) as tx:
        assert create_person(tx, None, name="Mia", email="mia@example.org").timezone == "Europe/Berlin"


def test_saving_the_same_again_changes_and_records_nothing(house: Deployment) -> None:
    save(house, "deep", GOOD)
    assert save(house, "deep", GOOD) == {}
    with house.reading(SYSTEM) as tx:
        entries = tx.session.scalars(select(AuditEntry).where(AuditEntry.action == "setting.changed")).all()
    assert {entry.details["setting"] for entry in entries} == {f"deep.{key}" for key in GOOD}
    depth = next(entry.details for entry in entries if entry.details["setting"] == "deep.depth")
    assert (depth["before"], depth["after"]) == (3, 7)


def test_a_secret_is_kept_encrypted_and_never_told_again(house: Deployment) -> None:
    assert "key" not in save(house, "deep", GOOD)
    with house.reading(SYSTEM) as tx:
        shown = {one.setting.key: one for one in list_settings(tx, "deep")}
        assert (shown["key"].text, shown["key"].is_set) == ("", True)
        kept = "".join(str(row.value) for row in tx.session.scalars(select(SettingRow)))
        told = "".join(str(entry.details) for entry in tx.session.scalars(select(AuditEntry)))
    assert "s3cret" not in kept + told
    save(house, "deep", {"key": "", "depth": "4"})
    assert house.host.settings("deep")["key"] == "s3cret", "an empty field keeps it"
    stranger = with_plugin(house, DEEP, secret_key="another key")
    refresh(stranger)
    assert stranger.host.settings("deep")["key"] in ("s3cret", ""), "nothing breaks"


@pytest.mark.parametrize(
    ("owner", "text", "sentence"),
    [
        (HOUSE, {"organisation": " "}, "name"),
        (HOUSE, {"timezone": "Mars"}, "no time zone that is known"),
        (HOUSE, {"language": "xx"}, "Choose one of"),
        (HOUSE, {"sender_name": "two\nlines"}, "one line"),
        ("deep", {"depth": "deep"}, "is no number"),
        ("deep", {"depth": "2.5"}, "Write a value like 3"),
        ("deep", {"depth": "0"}, "Write 1 or more"),
        ("deep", {"depth": "10"}, "Write 9 or less"),
        ("deep", {"weight": "NaN"}, "is no number"),
        ("deep", {"mode": "medium"}, "Choose one of: fast, slow"),
        ("deep", {"words": "b, c"}, "can't be read as JSON"),
        ("deep", {"words": '{"b": 1}'}, "Write a value like"),
    ],
)
def test_what_is_wrong_stands_with_its_field_and_nothing_is_saved(
    house: Deployment, owner: str, text: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        save(house, owner, {"organisation": "Other", "mode": "slow"} | text)
    [problem] = refusal.value.problems
    assert problem.column == next(iter(text))
    assert sentence in problem.message
    refresh(house)
    assert house.config.organisation == "Our organisation"
    assert house.host.settings("deep")["mode"] == "fast"


def test_what_the_configuration_names_stays(house: Deployment) -> None:
    save(house, HOUSE, {"organisation": "By browser"})
    save(house, "deep", {"depth": "5"})
    fixed = with_plugin(
        house,
        DEEP,
        organisation="By file",
        plugin_settings={"deep": {"depth": 2}},
        fixed=frozenset({"wayfellow.organisation", "deep.depth"}),
    )
    refresh(fixed)
    assert (fixed.config.organisation, fixed.host.settings("deep")["depth"]) == ("By file", 2)
    assert save(fixed, HOUSE, {"organisation": "Again"}) == {}
    with fixed.reading(SYSTEM) as tx:
        assert [one.setting.key for one in list_settings(tx, HOUSE) if one.is_fixed] == ["organisation"]


def test_what_a_newer_plugin_does_not_take_is_left_out(house: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    save(house, "deep", GOOD)
    newer = with_plugin(house, (Setting("depth", "Depth", 3, most=5), Setting("mode", "Mode", "fast")))
    refresh(newer)
    assert newer.host.settings("deep") == {"depth": 3, "mode": "slow"}
    assert "deep.depth is 7. Write 5 or less" in caplog.text


def test_only_administrators_see_and_change_them(house: Deployment) -> None:
    ruth = Actor(1, "Ruth", frozenset({RoleGrant(Role.COORDINATOR)}))
    with house.reading(ruth) as tx, pytest.raises(NotAllowed):
        list_settings(tx, HOUSE)
    with pytest.raises(NotAllowed):
        save(house, HOUSE, {"organisation": "x"}, ruth)
    with house.reading(SYSTEM) as tx, pytest.raises(NotFound, match="no such plugin"):
        list_settings(tx, "nothing")


VALUES = {
    "depth": some.integers(1, 9),
    "weight": some.floats(allow_nan=False, allow_infinity=False),
    "mode": some.sampled_from(("fast", "slow")),
    "stem": some.booleans(),
    "words": some.lists(some.text()),
    "key": some.text(min_size=1),
}


@given(some.fixed_dictionaries(VALUES))
def test_every_value_comes_back_from_its_text(values: dict[str, Any]) -> None:
    for setting in DEEP:
        value = values[setting.key]
        assert from_text("deep", setting, to_text(setting, value)) == value
