"""Check what a configuration file says, and name file, place and way out where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from wayfellow.errors import WayfellowError

_TYPES: Mapping[type, str] = {str: "text in quotes", bool: "true or false", int: "a whole number", dict: "a table"}
#: What is never shown, not even when it is wrong.
_SECRET = ("password", "secret_key", "client_secret")
_TRUTHS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def check_keys(path: Path | None, place: str, given: Iterable[str], known: Any) -> None:
    """Raise WayfellowError for a key that is not known, with the one that was probably meant."""
    for key in given:
        if key not in known:
            close = get_close_matches(key, known, n=1)
            way_out = f"Did you mean {close[0]}?" if close else f"Known are: {', '.join(known)}."
            raise WayfellowError(f"{path}: {place}{key} is not known here. {way_out}")


def check_type(path: Path | None, place: str, value: Any, kind: type) -> None:
    """Raise WayfellowError for a value of another kind."""
    # A bool is an int to Python, but not to the person who wrote the file.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        said = "of the wrong kind" if place.endswith(_SECRET) else repr(value)
        raise WayfellowError(f"{path}: {place} is {said}. Write {_TYPES[kind]}.")


def read_table(path: Path | None, name: str, table: Mapping[str, Any], keys: Mapping[str, type]) -> dict[str, Any]:
    """Return the values of a table after looking at its keys and their kinds. Raises WayfellowError."""
    given = dict(table)
    check_keys(path, f"[{name}] ", given, keys)
    for key, value in given.items():
        check_type(path, f"[{name}] {key}", value, keys[key])
    return given


def read_variables(prefix: str, keys: Mapping[str, type], environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that environment variables give to keys; an empty one says nothing. Raises WayfellowError."""
    found: dict[str, Any] = {}
    for key, kind in keys.items():
        name = f"{prefix}{key.upper()}"
        if text := environ.get(name, ""):
            found[key] = _parsed(name, text, kind)
    return found


def read_secret(path: Path | None, table: str, key: str, given: Mapping[str, Any]) -> str | None:
    """Return a secret that stands in a table under ``key``, or in the file that ``<key>_file`` names; None without.

    Raises WayfellowError for both at once, and for a file that can't be read or is empty.
    """
    if f"{key}_file" not in given:
        return given.get(key)
    if key in given:
        raise wrong(path, f"[{table}] has both {key} and {key}_file. Keep one of them.")
    file = Path(given[f"{key}_file"]).expanduser()
    try:
        text = ((path.parent if path else Path()) / file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise wrong(path, f"[{table}] {key}_file {file} can't be read: {why}. Check its name and rights.") from error
    if not text:
        raise wrong(path, f"[{table}] {key}_file {file} is empty. Write the {key.replace('_', ' ')} into it.")
    return text


def wrong(path: Path | None, sentence: str) -> WayfellowError:
    """Return the error that a sentence about the configuration makes, with the file's name where there is one."""
    return WayfellowError(f"{path}: {sentence}" if path else sentence)


def _parsed(name: str, text: str, kind: type) -> Any:
    if kind is bool:
        if text.lower() not in _TRUTHS:
            raise WayfellowError(f"The environment variable {name} is {text!r}. Write true or false.")
        return _TRUTHS[text.lower()]
    if kind is int:
        if not (text.isascii() and text.isdigit()):
            raise WayfellowError(f"The environment variable {name} is {text!r}. Write a whole number.")
        return int(text)
    return text
