"""Print what a scan at the door takes: scans a second, milliseconds, CPU of the server and SQL statements.

    python tests/benchmarks/door.py [--scans N] [--gates 1,8] [--postgresql URL]

The server is a process of its own, as shipped, on SQLite and, where one answers, on PostgreSQL; gates are connections
that scan one ticket after the other over the loopback.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from run import heading, table
from sqlalchemy import create_engine, text

from wayfellow.config import Config, default_config
from wayfellow.deployment import Deployment, open_deployment
from wayfellow.migrations.runner import upgrade
from wayfellow.people.fields import sync_fields
from wayfellow.people.models import Person
from wayfellow.programmes.service import create_programme
from wayfellow.types import SYSTEM
from wayfellow_events.door.devices import code_of as link_code
from wayfellow_events.door.devices import enrol, invite_device
from wayfellow_events.door.points import save_point
from wayfellow_events.events.facts import EventFacts
from wayfellow_events.events.models import Event
from wayfellow_events.events.saving import create_event
from wayfellow_events.events.ticket_types import list_types
from wayfellow_events.registration.models import Registration
from wayfellow_events.tickets.issuing import code_of, issue_ticket

TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Scan on each database with each number of gates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scans", type=int, default=500, help="tickets for each number of gates")
    parser.add_argument("--gates", default="1,8")
    parser.add_argument(
        "--postgresql", default=os.environ.get("WAYFELLOW_TEST_POSTGRESQL", "postgresql+psycopg:///postgres")
    )
    options = parser.parse_args()
    heading(f"Door: {options.scans:,} tickets scanned once, milliseconds as a gate sees them")
    gates = [int(number) for number in options.gates.split(",")]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        rows += on("SQLite", default_config(Path(folder) / "sqlite"), gates, options.scans)
        with spare_database(options.postgresql) as url:
            if url:
                config = replace(default_config(Path(folder) / "postgresql"), database_url=url)
                rows += on("PostgreSQL", config, gates, options.scans)
    table(("database", "gates", "scans/s", "median", "p95", "p99", "CPU ms", "verdicts"), rows)


def on(name: str, config: Config, gates: Sequence[int], scans: int) -> Iterator[tuple[str, ...]]:
    """Yield a row for each number of gates."""
    config.data_dir.mkdir(parents=True)
    deployment = open_deployment(replace(config, secret_key="benchmark"))
    upgrade(deployment, say=str, backup=False)
    codes, tokens = make_event(deployment, scans * (len(gates) + 1), max(gates))
    with served(deployment) as (port, pid):
        measure(port, pid, tokens[:1], codes[-50:])  # to warm up
        for at, number in enumerate(gates):
            mine = codes[at * scans : (at + 1) * scans]
            yield name, str(number), *measure(port, pid, tokens[:number], mine)
    deployment.engine.dispose()


def make_event(deployment: Deployment, people: int, gates: int) -> tuple[list[str], list[str]]:
    """Return the codes of tickets and the tokens of devices."""
    with deployment.transaction(SYSTEM) as tx:
        sync_fields(tx)
        now = tx.now()
        facts = EventFacts("Gathering", now - timedelta(hours=1), now + timedelta(hours=9), "Europe/London")
        event = create_event(tx, create_programme(tx, "Bridges").id, facts)
        kind = list_types(tx, event.id)[0]
        guests = [Person(reference=f"p{n}", name=f"Guest {n}", created_at=now, updated_at=now) for n in range(people)]
        tx.session.add_all(guests)
        tx.session.flush()
        codes = [add_ticket(tx, event, kind.id, guest.id) for guest in guests]
        point = save_point(tx, event.id, None, {"name": "Main door"}, ())
        return codes, [add_device(tx, event.id, point.id, number) for number in range(gates)]


def add_ticket(tx, event: Event, type_id: int, person_id: int) -> str:  # type: ignore[no-untyped-def]
    """Register a person without a letter and return the code of their ticket."""
    row = {"event_id": event.id, "type_id": type_id, "person_id": person_id, "state": "confirmed", "link_seed": ""}
    moments = {"created_at": tx.now(), "state_since": tx.now(), "link_hash": uuid.uuid4().hex}
    registration = Registration(**row, **moments)
    tx.session.add(registration)
    tx.session.flush()
    return code_of(tx, issue_ticket(tx, registration)) or ""


def add_device(tx, event_id: int, point_id: int, number: int) -> str:  # type: ignore[no-untyped-def]
    """Enrol a device and return its token."""
    device = invite_device(tx, event_id, {"name": f"Gate {number}", "point": str(point_id)}, ())
    return enrol(tx, link_code(tx, event_id, device.id)[1])[1]


@contextmanager
def served(deployment: Deployment) -> Iterator[tuple[int, int]]:
    """Start the server as an operator does, and give its port and process."""
    config = deployment.config
    environment = os.environ | {"WAYFELLOW_DATA_DIR": str(config.data_dir), "WAYFELLOW_SECRET_KEY": "benchmark"}
    environment |= {"WAYFELLOW_DATABASE_URL": config.database_url}
    port = free_port()
    command = [sys.executable, "-m", "wayfellow", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server listens, and stop where it does not start."""
    while server.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.2)
    sys.exit("The server did not start.")


def measure(port: int, pid: int, tokens: Sequence[str], codes: Sequence[str]) -> tuple[str, ...]:
    """Scan the codes at as many gates as there are tokens; return what is told of it."""
    shares = [codes[at :: len(tokens)] for at in range(len(tokens))]
    begun, used = time.perf_counter(), cpu_of(pid)
    with ThreadPoolExecutor(len(tokens)) as pool:
        answers = [
            one for gate in pool.map(lambda pair: scan(port, *pair), zip(tokens, shares, strict=True)) for one in gate
        ]
    wall, used = time.perf_counter() - begun, cpu_of(pid) - used
    times = [taken for taken, _ in answers]
    cuts = statistics.quantiles(times, n=100)
    verdicts = ", ".join(sorted({verdict for _, verdict in answers}))
    figures = [len(codes) / wall, statistics.median(times), cuts[94], cuts[98], 1000 * used / len(codes)]
    return *(f"{number:.1f}" for number in figures), verdicts


def scan(port: int, token: str, codes: Sequence[str]) -> list[tuple[float, str]]:
    """Scan codes one after the other on one connection; return milliseconds and verdict of each."""
    connection, answers = http.client.HTTPConnection("127.0.0.1", port), []
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for code in codes:
        body = json.dumps({"key": str(uuid.uuid4()), "code": code})
        begun = time.perf_counter()
        connection.request("POST", "/events/api/v1/scan", body, head)
        answer = json.loads(connection.getresponse().read())
        answers.append((1000 * (time.perf_counter() - begun), answer.get("verdict", str(answer))))
    connection.close()
    return answers


def cpu_of(pid: int) -> float:
    """Return the CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@contextmanager
def spare_database(server: str) -> Iterator[str]:
    """Give a new database on a PostgreSQL server, "" where none answers."""
    name = f"wayfellow_door_{uuid.uuid4().hex[:8]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except Exception as error:
        print(f"PostgreSQL is left out: {error}")
        yield ""
        return
    yield engine.url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


if __name__ == "__main__":
    main()
