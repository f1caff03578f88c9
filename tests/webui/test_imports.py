"""Bring people in: upload, look, leave a column out, start, see the result."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from wayfellow.deployment import Deployment
from wayfellow.worker import make_worker

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignIn = Callable[[str], FlaskClient]
IMPORTS = "/p/bridges/imports/"
GOOD = "name;email;capacity;Shoe size\nZoë Ng;zoe@example.org;3;38\nTom Example;tom@example.org;4;44\n"


@pytest.fixture
def ruth(sign_in: SignIn) -> FlaskClient:
    return sign_in("Ruth")


def upload(client: FlaskClient, text: str | bytes, name: str = "people.csv", role: str = "mentor") -> str:
    content = text.encode() if isinstance(text, str) else text
    answer = client.post(IMPORTS, data={"role": role, "file": (io.BytesIO(content), name)})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_a_file_comes_in_after_a_look(ruth: FlaskClient, deployment: Deployment) -> None:
    address = upload(ruth, GOOD)
    page = ruth.get(address).text
    assert "2 rows read, all well" in page
    assert "new field" in page
    assert "Zoë" not in ruth.get("/p/bridges/people/").text, "nothing is saved yet"
    ruth.post(f"{address}/columns", data={"ignore": "Shoe size"})
    assert "nothing, it is left out" in ruth.get(address).text
    job = ruth.post(f"{address}/start").location
    assert ruth.post(f"{address}/start").location == job, "twice is once"
    assert "Waiting for its turn" in ruth.get(job).text
    assert ruth.get(address).location == job
    while make_worker(deployment).run_once():
        pass
    done = ruth.get(job).text
    assert "Done" in done
    assert f'href="{address}"' in done
    assert "2 mentors brought in" in ruth.get(address).text
    assert "Zoë Ng" in ruth.get("/p/bridges/people/?role=mentor").text


def test_rows_with_problems_keep_the_file_out(ruth: FlaskClient) -> None:
    address = upload(ruth, "name;email;capacity\nZoë;no address;-1\n")
    page = ruth.get(address).text
    assert "to mend" in page
    assert "row 2, column capacity" in page.lower()
    assert f"{address}/start" not in page
    table = ruth.get(f"{address}/problems.csv")
    assert b"capacity" in table.data
    assert "attachment" in table.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"role": "mentor"}, "Choose a file first"),
        ({"role": "king", "file": (io.BytesIO(b"name\nZo\n"), "a.csv")}, "Say whether the file holds mentors"),
        ({"role": "mentor", "file": (io.BytesIO(b"\x00\x01\x02\x03"), "a.csv")}, "This file can"),
        ({"role": "mentor", "file": (io.BytesIO(b""), "a.csv")}, "This file can"),
    ],
)
def test_what_is_no_table_gets_a_sentence(ruth: FlaskClient, data: dict[str, object], sentence: str) -> None:
    answer = ruth.post(IMPORTS, data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "error-summary" in answer.text


def test_too_large_a_file_is_refused_before_it_is_read(app: Flask, ruth: FlaskClient) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == 33 << 20
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = ruth.post(IMPORTS, data={"role": "mentor", "file": (io.BytesIO(b"x" * 2000), "a.csv")})
    assert answer.status_code == 413
    assert "up to 32 MB" in answer.text


def test_an_upload_can_be_deleted(ruth: FlaskClient) -> None:
    address = upload(ruth, GOOD)
    assert "is deleted here" in ruth.post(f"{address}/discard", follow_redirects=True).text
    assert ruth.get(address).status_code == 404


def test_a_waiting_import_can_be_stopped(ruth: FlaskClient, deployment: Deployment) -> None:
    address = upload(ruth, GOOD)
    job = ruth.post(f"{address}/start").location
    stopped = ruth.post(f"{job}/stop", follow_redirects=True).text
    assert "Stopped" in stopped
    while make_worker(deployment).run_once():
        pass
    assert "Zoë" not in ruth.get("/p/bridges/people/").text
    assert "2 rows read" in ruth.get(address).text, "it can be started again"


def test_the_moving_part_alone_is_served_for_pages_that_look_again(ruth: FlaskClient) -> None:
    job = ruth.post(f"{upload(ruth, GOOD)}/start").location
    part = ruth.get(f"{job}/progress").text
    assert "<html" not in part
    assert f'data-hx-get="{job}/progress"' in part
    assert '<meta http-equiv="refresh"' in ruth.get(job).text


def test_jobs_of_others_are_not_open(ruth: FlaskClient, sign_in: SignIn) -> None:
    job = ruth.post(f"{upload(ruth, GOOD)}/start").location
    for name in ("Mia", "Otto"):
        client = sign_in(name)
        assert client.get(job).status_code == 403
        assert client.post(f"{job}/stop").status_code == 403
