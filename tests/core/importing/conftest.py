import io

import pytest

from wayfellow.importing.service import stage_upload, start_import
from wayfellow.jobs.models import JobRow
from wayfellow.types import Role
from wayfellow.worker import make_worker


class Importing:
    """Import files into a programme's cycle as its coordinator does, with a real worker."""

    def __init__(self, mentoring) -> None:
        self.mentoring, self.deployment = mentoring, mentoring.deployment
        self.actor = mentoring.actor("Cora")

    def stage(self, content: str | bytes, role: Role = Role.MENTOR, name: str = "people.csv") -> int:
        stream = io.BytesIO(content if isinstance(content, bytes) else content.encode())
        with self.deployment.transaction(self.actor) as tx:
            return stage_upload(tx, self.mentoring.cycle_id, role, name, stream).id

    def start(self, batch_id: int) -> JobRow:
        """Start a batch, let a worker do all there is to do, and give the job as it ended."""
        with self.deployment.transaction(self.actor) as tx:
            job_id = start_import(tx, batch_id).id
        worker = make_worker(self.deployment)
        while worker.run_once():
            pass
        with self.deployment.reading(self.actor) as tx:
            job = tx.session.get(JobRow, job_id)
            assert job is not None
            return job

    def take(self, content: str | bytes, role: Role = Role.MENTOR) -> dict:
        """Import a file and give its counts."""
        job = self.start(self.stage(content, role))
        assert job.error is None
        return job.result

    def uploads(self) -> list[str]:
        folder = self.deployment.config.data_dir / "uploads"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def importing(mentoring) -> Importing:
    return Importing(mentoring)
