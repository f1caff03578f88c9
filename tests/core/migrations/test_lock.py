import subprocess
import sys
from pathlib import Path

import pytest

from wayfellow.errors import Conflict
from wayfellow.migrations.lock import alone
from wayfellow.migrations.runner import upgrade

PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from wayfellow.config import default_config
from wayfellow.deployment import open_deployment
from wayfellow.migrations.runner import upgrade

config = replace(default_config(Path(sys.argv[1])), database_url=sys.argv[2])
deployment = open_deployment(config, plugins=())
print("ready", flush=True)
sys.stdin.readline()
upgrade(deployment)
"""


def test_of_several_processes_one_upgrades_and_the_others_find_it_done(config, database_url: str) -> None:
    command = [sys.executable, "-c", PROGRAM, str(config.data_dir), database_url]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sum("Core: upgraded from nothing" in answer for answer in answers) == 1
    assert sum("Core: nothing to do" in answer for answer in answers) == 2


def test_who_waits_too_long_is_told(site) -> None:
    deployment = site()
    lines: list[str] = []
    with (
        alone(deployment.engine, deployment.config.data_dir, say=str),
        pytest.raises(Conflict, match="still upgrading"),
    ):
        upgrade(deployment, say=lines.append, patience=0)
    assert lines == ["Another process is upgrading this database. Waiting for it to finish."]
    assert upgrade(deployment, say=str, patience=0)
