"""Switch plugins on and off in the configuration file, leaving all else in it as it was."""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

from wayfellow.config import FILE_NAME, Config
from wayfellow.errors import WayfellowError

_ARRAY = re.compile(r"^[ \t]*disabled[ \t]*=[ \t]*\[[^\[\]#]*\]", re.MULTILINE)
_HEADER = re.compile(r"^[ \t]*\[plugins\][ \t]*(#.*)?$", re.MULTILINE)
_NEXT_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)


def write_disabled(config: Config, disabled: Iterable[str]) -> Path:
    """Write which plugins are switched off, and return the file; where there is none, it is made in the data folder.

    Raises WayfellowError, naming the line to write, when the file is written in a way that can't be edited safely.
    """
    path = config.path or config.data_dir / FILE_NAME
    before = path.read_text("utf-8-sig") if path.exists() else ""
    line = f"disabled = {json.dumps(sorted(disabled))}"
    after = _edited(before, line)
    if not _says_the_same(before, after, sorted(disabled)):
        raise WayfellowError(f"{path} is written in a way that can't be edited safely. Write below [plugins]: {line}")
    _replace(path, after)
    return path


def _edited(text: str, line: str) -> str:
    header = _HEADER.search(text)
    if header is None:
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}[plugins]\n{line}\n"
    following = _NEXT_HEADER.search(text, header.end())
    end = following.start() if following else len(text)
    array = _ARRAY.search(text, header.end(), end)
    if array is None:
        return f"{text[: header.end()]}\n{line}{text[header.end() :]}"
    return f"{text[: array.start()]}{line}{text[array.end() :]}"


def _says_the_same(before: str, after: str, disabled: list[str]) -> bool:
    expected = tomllib.loads(before)
    expected.setdefault("plugins", {})["disabled"] = disabled
    try:
        return tomllib.loads(after) == expected
    except tomllib.TOMLDecodeError:
        return False


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all, with the rights that it had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o600)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
