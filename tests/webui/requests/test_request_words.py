"""The directory and requests speak the language of whoever reads them, all of it."""

import pytest
from pseudo_language import Bracketed, find_unsaid

from wayfellow.people.service import save_profile
from wayfellow.programmes.rules import save_rules
from wayfellow.types import SYSTEM, Role
from wayfellow.worker import make_worker

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WORDS = "I run our demand model alone since summer, and would like to learn how you brought other teams along."
NAMES = ["Wayfellow", "Our organisation", "Bridges", "Winter 2026", "UTC", "Mia Example", "Ines Example", "Tom Example"]
#: What stands in profiles, as it was written.
WRITTEN = [
    WORDS,
    "What have you tried?",
    "Forecasting for cities",
    "Statistics",
    "Mia",
    "Mon 23 Nov 2026",
    "ME",
    "IE",
    "TE",
]


def unsaid(client, *paths):
    found = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        if left := find_unsaid(answer.text, [*NAMES, *WRITTEN]):
            found[path] = left
    return found


def test_nothing_of_directory_and_requests_is_left_untranslated(deployment, world, sign_in) -> None:
    with deployment.transaction(SYSTEM) as tx:
        save_rules(tx, world.programme_id, {"mentees_ask": True, "conversations": True, "mentors_offer": True})
        ines = world.add(tx, "Ines", Role.MENTOR)
        save_profile(tx, ines, {"expertise": "Forecasting for cities", "skills": "Statistics"})
    mia, asked = sign_in("Mia"), sign_in("Ines")
    deployment.host.words = Bracketed()
    mia.post(f"/requests/to/{ines}", data={"message": WORDS})
    tom = world.people["Tom"]
    paths = ("/home/", "/find/", f"/find/{ines}", "/find/hidden", f"/requests/to/{tom}", "/find/?q=nonsense")
    assert unsaid(mia, *paths) | unsaid(asked, "/home/", "/find/", "/requests/1/more") == {}
    asked.post("/requests/1/more", data={"text": "What have you tried?"})
    worker = make_worker(deployment)
    while worker.run_once():
        pass
    assert unsaid(mia, "/home/", "/find/", "/requests/1/more") | unsaid(asked, "/home/") == {}
