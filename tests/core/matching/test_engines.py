"""The same pairs, whoever does the work: this process, threads, other processes, or a cluster."""

import hashlib
import pickle
import threading
from pathlib import Path

import joblib
import pytest
from scorers import Fails, Learns

import wayfellow_tfidf.plugin as tfidf
from wayfellow.config import Config, default_config
from wayfellow.errors import WayfellowError
from wayfellow.host import PluginFailed, PluginHost
from wayfellow.markers import hookimpl
from wayfellow.matching.output import write_tables
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.settings import MatchSettings

WORDS = ("data", "sql", "model", "teaching", "chess", "garden", "music", "law", "physics", "nursing", "design")


@pytest.fixture(autouse=True)
def many_small_blocks(monkeypatch):
    monkeypatch.setattr("wayfellow.matching.gather.BLOCK_ROWS", 16)


def run_in_processes(problem, host, progress=None):
    with joblib.parallel_config(backend="loky", n_jobs=2):
        return run_match(problem, host, progress=progress)


@pytest.fixture(scope="module")
def problem(make_problem):
    def text(number):
        digits = hashlib.sha256(str(number).encode()).digest()
        return " ".join(WORDS[digit % len(WORDS)] for digit in digits[:8])

    mentees = {f"e{i:03}": text(i) for i in range(100)}
    mentors = {f"r{j:03}": (text(-1 - j), 1 + j % 3) for j in range(40)}
    return make_problem(mentees, mentors, excluded=[("e001", "r001")], locked=[("e050", "r002")])


def load(*plugins):
    """Load plugins, or the matcher that is shipped where none are given."""
    named = [(type(plugin).__name__.lower(), plugin) for plugin in plugins]
    return PluginHost.load(default_config(Path("unused")), plugins=named or [("tfidf", tfidf)])


def files(result, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    write_tables(result, folder, top=10)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def serially(problem, tmp_path):
    return files(run_match(problem, load()), tmp_path / "serially")


def test_processes_give_the_same_bytes(problem, serially, tmp_path):
    assert files(run_in_processes(problem, load()), tmp_path / "processes") == serially


def test_threads_give_the_same_bytes(problem, serially, tmp_path):
    assert files(run_match(problem, load(), MatchSettings(workers=4)), tmp_path / "threads") == serially


@pytest.mark.cluster
def test_a_dask_cluster_gives_the_same_bytes(problem, serially, tmp_path):
    distributed = pytest.importorskip("distributed")
    here = {"host": "127.0.0.1", "dashboard_address": None, "local_directory": str(tmp_path / "dask")}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, **here) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        found = run_match(problem, load())
    assert files(found, tmp_path / "cluster") == serially


def test_what_is_learnt_once_is_learnt_by_the_process_that_asks(problem):
    found = run_in_processes(problem, load(Learns()))
    assert len(set(found.candidates.micro.tolist())) == 1


def test_a_scorer_that_fails_elsewhere_counts_as_if_it_had_failed_here(problem, tmp_path):
    here, there = (run(problem, load(Learns(), Fails(at=48))) for run in (run_match, run_in_processes))
    assert files(there, tmp_path / "there") == files(here, tmp_path / "here")
    assert there.weights == here.weights == {"learns": 1.0}
    assert there.degraded == here.degraded


def test_what_stops_a_run_travels_as_its_sentence():
    packed = pickle.dumps(PluginFailed("rules", "which pairs must never be matched", ValueError("no")))
    failed = pickle.loads(packed)  # noqa: S301 - our own bytes
    assert failed.plugin == "rules"
    assert "'rules' failed while it was asked which pairs must never be matched (ValueError: no)" in str(failed)


def test_a_plugin_that_cannot_be_sent_is_a_sentence_with_a_way_out(problem):
    class HoldsALock:
        lock = None

        def __init__(self):
            self.lock = threading.Lock()

        @hookimpl
        def score_matches(self, problem):
            return None

    with pytest.raises(WayfellowError, match=r"can't be sent to other processes .* Score with one worker"):
        run_in_processes(problem, load(HoldsALock()))
    assert run_match(problem, load(HoldsALock())).quality.matched == 1


def test_progress_may_stop_processes_at_any_block(problem):
    told = []

    def stop(stage, done, total):
        told.append((stage, done))
        if done == 48:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        run_in_processes(problem, load(Learns()), stop)
    assert told == [("score", 16), ("score", 32), ("score", 48)]


def test_a_host_travels_without_secrets():
    config = Config(data_dir=Path("unused"), database_url="postgresql://me:hush@there/db", secret_key="hush")
    packed = pickle.dumps(PluginHost.load(config, plugins=(("tfidf", tfidf),)))
    assert b"hush" not in packed
    assert [info.name for info in pickle.loads(packed).plugins] == ["tfidf"]  # noqa: S301 - our own bytes
