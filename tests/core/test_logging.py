"""The log is key=value lines for people and JSON lines for programs, and holds no secrets."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from wayfellow.logging import configure_logging


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Put the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], _ = handlers, root.setLevel(level)
    structlog.reset_defaults()


def test_people_read_keys_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(environ={})
    logging.getLogger("wayfellow.x").error("plugin %s", "unloaded", extra={"plugin": "shelf"})
    structlog.get_logger("wayfellow.y").info("run done", pairs=3)
    first, second = capsys.readouterr().err.splitlines()
    assert "level='error' logger='wayfellow.x' event='plugin unloaded' plugin='shelf'" in first
    assert "level='info' logger='wayfellow.y' event='run done' pairs=3" in second


def test_programs_read_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(environ={"WAYFELLOW_LOG": "json"}, traces=False)
    try:
        raise RuntimeError("no luck")
    except RuntimeError:
        logging.getLogger("wayfellow.x").exception("failed", extra={"plugin": "shelf"})
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["plugin"], line["level"]) == ("failed", "shelf", "error")
    assert "RuntimeError: no luck" in line["exception"]
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("traces", [True, False])
def test_traces_are_for_those_who_ask(traces: bool, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(environ={}, traces=traces)
    try:
        raise RuntimeError("no luck")
    except RuntimeError:
        logging.getLogger("wayfellow.x").exception("failed")
    assert ("Traceback" in capsys.readouterr().err) == traces


@pytest.mark.parametrize("environ", [{}, {"WAYFELLOW_LOG": "json"}])
def test_secrets_are_hidden(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(environ=environ)
    given = {"password": "hush", "secret_key": "hush", "sign_in_token": "hush", "Authorization": "hush"}
    structlog.get_logger("x").info("opened", **given, url="postgresql://me:hush@host/db", cookie="hush")
    logging.getLogger("y").error("could not open postgresql://me:hush@host/db", extra=given)
    written = capsys.readouterr().err
    assert "hush" not in written
    assert "postgresql://(hidden)@host/db" in written


def test_below_the_level_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("WARNING", environ={})
    logging.getLogger("wayfellow.x").info("hello")
    assert capsys.readouterr().err == ""
