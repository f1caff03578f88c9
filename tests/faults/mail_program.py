"""Be a worker that sends mail until a test kills it: ``mail_program.py DATABASE_URL DATA_DIR PORT``."""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from wayfellow.config import default_config
from wayfellow.config_mail import MailSettings
from wayfellow.deployment import open_deployment
from wayfellow.jobs.worker import Worker
from wayfellow.migrations.tables import Base
from wayfellow.notify import parcels
from wayfellow.notify.sending import JOBS

assert "person" in Base.metadata.tables  # a foreign key of jobs points there
url, data_dir, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
mail = MailSettings("127.0.0.1", "Mentoring <mentoring@example.org>", port, "none")
config = replace(default_config(data_dir), database_url=url, mail=mail, base_url="https://mentors.example.org")
parcels.LEASE = timedelta(seconds=1)  # so that the test need not wait a minute for what the killed worker left
Worker(open_deployment(config, plugins=()), JOBS, lease=timedelta(seconds=1), poll=0.05).run()
