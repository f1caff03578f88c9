"""Turn errors into the sentences that people see on the command line."""

from __future__ import annotations

import tempfile
import traceback

import click

from wayfellow.errors import InvalidInput, WayfellowError

#: So many problems of an input are listed; more would push the first out of sight.
LISTED = 20


class Refusal(click.ClickException):
    """Say what the person can mend."""

    exit_code = 2


class Breakdown(click.ClickException):
    """Say that Wayfellow itself is at fault."""

    exit_code = 1


def report(error: Exception) -> click.ClickException:
    """Return what to show for an error, with its exit code."""
    if isinstance(error, InvalidInput):
        return Refusal(_listed(error))
    if isinstance(error, WayfellowError):
        return Refusal(str(error))
    if isinstance(error, OSError) and error.filename and error.strerror:
        return Refusal(f"{error.filename}: {error.strerror}. Check the name and the rights of that file.")
    return Breakdown(
        f"Something went wrong in Wayfellow itself ({type(error).__name__}). What happened is written down in "
        f"{_write_down(error)}: send it along when you report this."
    )


def _listed(error: InvalidInput) -> str:
    # The sentence may name the first problem itself; it is not said twice.
    listed = [str(problem) for problem in error.problems[:LISTED] if str(problem) not in str(error)]
    lines = [str(error), *(f"  {problem}" for problem in listed)]
    if len(error.problems) > LISTED:
        lines.append(f"  and {len(error.problems) - LISTED} more")
    return "\n".join(lines)


def _write_down(error: Exception) -> str:
    with tempfile.NamedTemporaryFile(
        "w", prefix="wayfellow-error-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.writelines(traceback.format_exception(error))
    return file.name
