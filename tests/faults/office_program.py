"""Be a web server with a worker in it until a test kills it: ``office_program.py DATABASE_URL DATA_DIR MAIL WEB``.

``MAIL`` and ``WEB`` are ports: where mail goes, and where pages are served, 0 for a worker alone.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from waitress import serve

from wayfellow.config import default_config
from wayfellow.config_mail import MailSettings
from wayfellow.deployment import open_deployment
from wayfellow.jobs.context import JobContext
from wayfellow.jobs.worker import Worker
from wayfellow.notify import parcels
from wayfellow.privacy.audit import record
from wayfellow.types import Job
from wayfellow.worker import gather_jobs
from wayfellow_web import create_app

url, data_dir, mail_port, web_port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])


def run(context: JobContext, payload: Mapping[str, Any]) -> None:
    with context.finish({}) as tx:
        record(tx, payload["key"], "job", context.job_id)


mail = MailSettings("127.0.0.1", "Mentoring <mentoring@example.org>", mail_port, "none")
config = replace(default_config(data_dir), database_url=url, secret_key="test", mail=mail)
deployment = open_deployment(replace(config, base_url="http://127.0.0.1"), plugins=())
parcels.LEASE = timedelta(seconds=1)  # so that the test need not wait a minute for what the killed one left
jobs = [*gather_jobs(deployment), Job("fault.effect", run)]
worker = Worker(deployment, jobs, lease=timedelta(seconds=1), poll=0.05)
if web_port:
    app = create_app(deployment=deployment)
    app.config["WTF_CSRF_ENABLED"] = False
    worker.start()
    serve(app, host="127.0.0.1", port=web_port, threads=2, _quiet=True)
else:
    worker.run()
