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
_HEADER = re.compile(r"^[ \t]*\[plugins\][ \t]*(?:#[^\r\n]*)?(?=\r?$)", re.MULTILINE)
_NEXT_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)


def write_disabled(config: Config, disabled: Iterable[str]) -> Path:
    """Write which plugins are switched off, and return the file; where there is none, it is made in the data folder.

    Raises WayfellowError, naming the line to write, when the file is written in a way that can't be edited safely.
    """
    path = config.path or config.data_dir / FILE_NAME
    before = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    line = f"disabled = {_array(sorted(disabled))}"
    after = _edited(before, line)
    if not _says_the_same(before, after, sorted(disabled)):
        raise WayfellowError(f"{path} is written in a way that can't be edited safely. Write below [plugins]: {line}")
    _replace(path, after)
    return path


def _array(names: list[str]) -> str:
    # TOML's strings are JSON's, but for surrogate pairs, which it lacks, and DEL, which it wants escaped.
    return json.dumps(names, ensure_ascii=False).replace("\x7f", "\\u007f")


def _edited(text: str, line: str) -> str:
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    header = _HEADER.search(text)
    if header is None:
        gap = "" if not text else end_of_line if text.endswith("\n") else end_of_line * 2
        return f"{text}{gap}[plugins]{end_of_line}{line}{end_of_line}"
    following = _NEXT_HEADER.search(text, header.end())
    end = following.start() if following else len(text)
    array = _ARRAY.search(text, header.end(), end)
    if array is None:
        return f"{text[: header.end()]}{end_of_line}{line}{text[header.end() :]}"
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
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o600)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
