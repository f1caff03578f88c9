"""Be a worker process that tests kill: ``worker_program.py DATABASE_URL DATA_DIR MARKS``.

A job whose payload says so leaves a mark and hangs the first time that it runs, so that the kill hits it in the middle.
"""

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from wayfellow.config import default_config
from wayfellow.deployment import open_deployment
from wayfellow.jobs.context import JobContext
from wayfellow.jobs.worker import Worker
from wayfellow.migrations.tables import Base
from wayfellow.privacy.audit import record
from wayfellow.types import Job

assert "person" in Base.metadata.tables  # a foreign key of jobs points there
url, data_dir, marks = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])


def hang_once(key: str) -> None:
    mark = marks / key
    if not mark.exists():
        mark.with_suffix(".new").write_text(str(os.getpid()))
        mark.with_suffix(".new").rename(mark)
        time.sleep(3600)


def run(context: JobContext, payload: Mapping[str, Any]) -> None:
    context.progress("Working")
    if payload["hangs"] == "before":
        hang_once(payload["key"])
    with context.finish({}) as tx:
        record(tx, payload["key"], "job", context.job_id)
        if payload["hangs"] == "within":
            tx.session.flush()
            hang_once(payload["key"])


deployment = open_deployment(replace(default_config(data_dir), database_url=url), plugins=())
Worker(deployment, [Job("fault.effect", run)], lease=timedelta(seconds=1), poll=0.05).run()
