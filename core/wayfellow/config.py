"""Read the configuration: one TOML file, with environment variables over it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from wayfellow.config_checks import check_keys, check_type, read_table, read_variables
from wayfellow.config_mail import MailSettings, read_mail
from wayfellow.config_oidc import OidcSettings, read_oidc
from wayfellow.errors import WayfellowError
from wayfellow.words import ENGLISH, languages

FILE_NAME = "wayfellow.toml"

_KEYS: Mapping[str, type] = {
    "database_url": str,
    "data_dir": str,
    "organisation": str,
    "secret_key": str,
    "base_url": str,
    "strict": bool,
    "keep_jobs_days": int,
    "proxies": int,
    "language": str,
    "timezone": str,
    "sender_name": str,
}


@dataclass(frozen=True, slots=True)
class Config:
    """Hold what an operator decides.

    ``data_dir`` holds uploads, backups and the embedded database. ``disabled_plugins`` are installed but not loaded.
    ``plugin_priority`` puts plugins before (negative) or after others of the same hook; the rest goes by name.
    ``plugin_settings`` holds a table of values per plugin. ``strict`` raises plugins' errors instead of isolating them.
    ``keep_jobs_days`` is how long jobs that ended are kept. ``mail`` says how mail is sent, None when it isn't,
    ``oidc`` which provider signs people in, None when none does.
    ``proxies`` is how many web servers stand in front and pass on, in ``X-Forwarded-For``, who asks.
    ``language`` is what people read who say nothing of theirs, ``timezone`` what new programmes and people begin with,
    ``sender_name`` whom mails come from, "" for what ``mail`` says. ``fixed`` holds the settings that the file or a
    variable names, as ``<plugin>.<key>`` or ``wayfellow.<key>``: the browser can't change them.
    ``path`` is the file that says so, None when there is none.
    """

    data_dir: Path
    database_url: str = field(repr=False)
    organisation: str = "Our organisation"
    secret_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    strict: bool = False
    keep_jobs_days: int = 30
    proxies: int = 0
    language: str = ENGLISH
    timezone: str = "UTC"
    sender_name: str = ""
    fixed: frozenset[str] = frozenset()
    disabled_plugins: frozenset[str] = frozenset()
    plugin_priority: Mapping[str, int] = field(default_factory=dict)
    plugin_settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    mail: MailSettings | None = None
    oidc: OidcSettings | None = None
    path: Path | None = None


def default_config(data_dir: Path) -> Config:
    """Return the configuration of a folder: an embedded SQLite file in it, every installed plugin on."""
    data_dir = data_dir.resolve()
    return Config(data_dir=data_dir, database_url=f"sqlite:///{data_dir / 'wayfellow.sqlite'}")


def load_config(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """Read the configuration, and let ``WAYFELLOW_*`` variables override its tables, but those of plugins.

    Without ``path`` the file is the one that ``WAYFELLOW_CONFIG`` names, else ``wayfellow.toml`` in the working
    directory, else in the data folder (``WAYFELLOW_DATA_DIR``, else ``var``), else there is none. Raises
    WayfellowError with a sentence that names file and key.
    """
    environ = os.environ if environ is None else environ
    path = find_file(path, environ)
    tables = _read(path) if path else {}
    values = read_table(path, "wayfellow", tables.get("wayfellow", {}), _KEYS)
    values |= read_variables("WAYFELLOW_", _KEYS, environ)
    folder = _data_dir(path, tables, environ)
    values.pop("data_dir", None)
    fixed = frozenset(f"wayfellow.{key}" for key in values)
    database_url = _anchored(values.pop("database_url", "sqlite:///wayfellow.sqlite"), folder)
    if values.get("keep_jobs_days", 1) < 1:
        raise WayfellowError(f"{path}: [wayfellow] keep_jobs_days is {values['keep_jobs_days']}. Write 1 or more.")
    if values.get("proxies", 0) < 0:
        raise WayfellowError(f"{path}: [wayfellow] proxies is {values['proxies']}. Write 0 or more.")
    if values.get("language", ENGLISH) not in languages():
        known = ", ".join(languages())
        raise WayfellowError(f"{path}: [wayfellow] language is {values['language']!r}. Write one of these: {known}.")
    if values.get("timezone", "UTC") not in available_timezones():
        raise WayfellowError(
            f"{path}: [wayfellow] timezone is {values['timezone']!r}. Write it like Europe/Berlin, or UTC."
        )
    mail = read_mail(path, tables.get("mail", {}), environ, values.get("base_url"))
    oidc = read_oidc(path, tables.get("oidc", {}), environ, values.get("base_url"))
    values |= _plugins(path, tables) | {"mail": mail, "oidc": oidc}
    fixed |= {f"{plugin}.{key}" for plugin, table in values["plugin_settings"].items() for key in table}
    return Config(data_dir=folder, database_url=database_url, path=path, fixed=fixed, **values)


def _data_dir(path: Path | None, tables: Mapping[str, Any], environ: Mapping[str, str]) -> Path:
    """Return the data folder; what the file says is relative to the file, what the environment says to where we are."""
    if environ.get("WAYFELLOW_DATA_DIR"):
        return Path(environ["WAYFELLOW_DATA_DIR"]).expanduser().resolve()
    if path is None:
        return Path("var").resolve()
    beside = "." if path.parent == Path("var").resolve() else "var"
    return (path.parent / Path(tables.get("wayfellow", {}).get("data_dir", beside)).expanduser()).resolve()


def find_file(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the configuration file, None when there is none; raise WayfellowError when a named one is missing."""
    named = path or (Path(environ["WAYFELLOW_CONFIG"]) if environ.get("WAYFELLOW_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            raise WayfellowError(f"There is no configuration file {named}. Check the name, or write it: wayfellow init")
        return named.resolve()
    for folder in (Path(), Path(environ.get("WAYFELLOW_DATA_DIR") or "var")):
        if (folder / FILE_NAME).is_file():
            return (folder / FILE_NAME).resolve()
    return None


def _read(path: Path) -> dict[str, Any]:
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WayfellowError(f"{path} can't be read as TOML: {error}. Mend that place and try again.") from error
    check_keys(path, "", tables, ("wayfellow", "mail", "oidc", "plugins", "plugin"))
    for name, table in tables.items():
        check_type(path, f"[{name}]", table, dict)
    return tables


def _plugins(path: Path | None, tables: Mapping[str, Any]) -> dict[str, Any]:
    table, settings = tables.get("plugins", {}), tables.get("plugin", {})
    check_keys(path, "[plugins] ", table, ("disabled", "priority"))
    disabled, priority = table.get("disabled", []), table.get("priority", {})
    if not isinstance(disabled, list) or not all(isinstance(name, str) for name in disabled):
        raise WayfellowError(f'{path}: [plugins] disabled is {disabled!r}. Write a list of names, such as ["surveys"].')
    check_type(path, "[plugins] priority", priority, dict)
    for name, number in priority.items():
        check_type(path, f"[plugins] priority.{name}", number, int)
    for name, values in settings.items():
        check_type(path, f"[plugin.{name}]", values, dict)
    return {"disabled_plugins": frozenset(disabled), "plugin_priority": priority, "plugin_settings": settings}


def _anchored(url: str, folder: Path) -> str:
    """Let a relative SQLite path mean the data folder, so that every process opens the same file wherever it starts."""
    prefix, _, name = url.partition(":///")
    if prefix.partition("+")[0] != "sqlite" or not name or name.startswith((":memory:", "file:")):
        return url
    return f"{prefix}:///{folder / name}"
