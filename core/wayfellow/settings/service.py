"""Show and change what an organisation may set in the browser, and let it count.

One rule: what the configuration file or a variable says counts and can't be changed here; all else can.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from wayfellow.config import Config
from wayfellow.deployment import Deployment, Transaction
from wayfellow.errors import InvalidInput, Problem, WayfellowError
from wayfellow.host import PluginHost
from wayfellow.host.settings import check_value
from wayfellow.privacy.audit import record
from wayfellow.secret import seal, unseal
from wayfellow.settings.known import HOUSE, settings_of
from wayfellow.settings.models import SettingRow
from wayfellow.settings.texts import from_text, to_text
from wayfellow.types import JSON, Setting
from wayfellow.words import gettext

PERMISSION = "settings.edit"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """Be one setting on a page; ``text`` is "" for a secret, ``is_fixed`` tells that the configuration names it."""

    setting: Setting
    text: str
    is_set: bool
    is_fixed: bool


def list_settings(tx: Transaction, owner: str) -> list[Shown]:
    """Return what may be set of a plugin, or of Wayfellow itself (:data:`HOUSE`). Raises NotAllowed and NotFound."""
    tx.require(PERMISSION)
    shown = []
    for setting in settings_of(tx.host, owner):
        value = _now(tx, owner, setting)
        text = "" if setting.secret else to_text(setting, value)
        shown.append(Shown(setting, text, bool(value), f"{owner}.{setting.key}" in tx.config.fixed))
    return shown


def save_settings(tx: Transaction, owner: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Keep what some texts say, and return the former texts of what changed, secrets left out.

    Unknown and fixed keys are passed over, and so is an empty text for a secret, whose form can't show it. It counts
    once :func:`refresh` was called. Raises NotAllowed, NotFound, and InvalidInput with a problem for each field.
    """
    tx.require(PERMISSION)
    wanted, problems = [], []
    for setting in settings_of(tx.host, owner):
        text = texts.get(setting.key)
        if text is None or f"{owner}.{setting.key}" in tx.config.fixed or (setting.secret and not text):
            continue
        try:
            wanted.append((setting, from_text(owner, setting, text)))
        except (ValueError, WayfellowError) as error:
            problems.append(Problem(str(error), column=setting.key))
    if problems:
        raise InvalidInput(gettext("The settings are not saved yet."), tuple(problems))
    former = {}
    for setting, value in wanted:
        before = _now(tx, owner, setting)
        if value != before:
            _keep(tx, owner, setting, value)
            told = (None, None) if setting.secret else (before, value)
            name = f"{owner}.{setting.key}"
            record(tx, "setting.changed", "setting", None, setting=name, before=told[0], after=told[1])
            if not setting.secret:
                former[setting.key] = to_text(setting, before)
    return former


def refresh(deployment: Deployment) -> None:
    """Let all count that is kept by now; each process does so by itself."""
    with Session(deployment.engine) as session:
        kept = _read(session, deployment.config)
    deployment.adopt(_in_effect(deployment.host, deployment.config, kept))


def _now(tx: Transaction, owner: str, setting: Setting) -> JSON:
    if owner == HOUSE:
        value: JSON = getattr(tx.config, setting.key)
        return value
    return tx.host.settings(owner)[setting.key]


def _keep(tx: Transaction, owner: str, setting: Setting, value: JSON) -> None:
    row = tx.session.get(SettingRow, (owner, setting.key)) or SettingRow(owner=owner, key=setting.key)
    text = json.dumps(value, ensure_ascii=False)
    row.value, row.is_sealed, row.changed_at = text, setting.secret, tx.now()
    if setting.secret:
        row.value = seal(tx.config, text)
    tx.session.add(row)


def _read(session: Session, config: Config) -> dict[str, dict[str, JSON]]:
    """Return what is kept, by owner and key, without what the configuration names."""
    kept: dict[str, dict[str, JSON]] = defaultdict(dict)
    for row in session.scalars(select(SettingRow)):
        if f"{row.owner}.{row.key}" in config.fixed:
            continue
        text = unseal(config, row.value) if row.is_sealed else row.value
        if text is None:
            log.error("the setting %s.%s can't be decrypted with this secret key: set it anew", row.owner, row.key)
        else:
            kept[row.owner][row.key] = json.loads(text)
    return kept


def _in_effect(host: PluginHost, config: Config, kept: Mapping[str, Mapping[str, JSON]]) -> Config:
    """Return a configuration with what is kept; what a newer version of a plugin would not take is left out."""
    house = {field.name for field in fields(config)}
    own = {key: value for key, value in kept.get(HOUSE, {}).items() if key in house}
    plugins = {name: dict(values) for name, values in config.plugin_settings.items()}
    for info in host.plugins:
        for setting in host.described_settings(info.name):
            if setting.key not in kept.get(info.name, {}):
                continue
            value = kept[info.name][setting.key]
            try:
                check_value(f"{info.name}.{setting.key}", setting, value)
            except WayfellowError as error:
                log.error("a setting of before is left out: %s", error)
            else:
                plugins.setdefault(info.name, {})[setting.key] = value
    return replace(config, plugin_settings=plugins, **own)  # type: ignore[arg-type]  # what was kept was checked
