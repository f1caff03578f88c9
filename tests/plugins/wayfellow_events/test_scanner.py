"""A phone scans tickets in a real browser: with a camera, without a network, and loses nothing."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
import waitress
from conftest import BROWSER_ARGUMENTS
from door_world import Door, make_door
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from wayfellow.types import SYSTEM
from wayfellow_events.door.devices import code_of as link_code
from wayfellow_events.door.devices import invite_device, revoke_device
from wayfellow_events.door.models import Scan
from wayfellow_web import create_app

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
WIDTH, HEIGHT = 640, 480


@pytest.fixture
def door(gathering) -> Door:
    return make_door(gathering)


@pytest.fixture
def url(door: Door) -> Iterator[str]:
    app = create_app(deployment=door.gathering.deployment)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture
def phone(browser: Browser, url: str, door: Door) -> Iterator[Callable[..., Page]]:
    """Give a function that enrols a phone with a link and waits until it has the roster."""
    contexts: list[BrowserContext] = []

    def enrol(name: str, *rights: str, context: BrowserContext | None = None) -> Page:
        form = {"name": name, "point": str(door.point.id)}
        device = door.gathering.do("Cora", lambda tx: invite_device(tx, door.event.id, form, rights))
        door.devices[name] = device.id
        _, code = door.gathering.do("Cora", lambda tx: link_code(tx, door.event.id, device.id))
        contexts.append(context or browser.new_context(locale="en-GB"))
        page = contexts[-1].new_page()
        page.goto(f"{url}/x/events/scanner/#{code}")
        expect(page.locator("#age")).to_contain_text("seconds old")
        return page

    yield enrol
    for context in contexts:
        context.close()


def type_code(page: Page, code: str) -> None:
    if not page.locator("#typed").is_visible():
        page.get_by_role("button", name="Code").click()
    page.locator("#typed").fill(code)
    page.locator("#typed").press("Enter")


def hand_scanner(page: Page, code: str) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def log(door: Door) -> list[Scan]:
    with door.gathering.deployment.reading(SYSTEM) as tx:
        return list(tx.session.scalars(select(Scan).order_by(Scan.scanned_at, Scan.id)))


def fake_camera(folder: Path, code: str) -> Path:
    """Write a film of one picture: the code as it is held before a phone."""
    matrix = [list(row) for row in segno.make_qr(code, error="m").matrix_iter(scale=8, border=4)]
    picture = bytearray([200]) * (WIDTH * HEIGHT)
    top, left = (HEIGHT - len(matrix)) // 2, (WIDTH - len(matrix)) // 2
    for at, row in enumerate(matrix):
        begin = (top + at) * WIDTH + left
        picture[begin : begin + len(row)] = bytes(16 if dark else 235 for dark in row)
    frame = b"FRAME\n" + bytes(picture) + bytes([128]) * (WIDTH * HEIGHT // 2)
    film = folder / "ticket.y4m"
    film.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3)
    return film


def watch(page: Page) -> list[Any]:
    faults: list[Any] = []
    page.on("pageerror", lambda error: faults.append(error))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    return faults


def test_a_camera_reads_a_ticket_and_lets_its_holder_in(
    door: Door, phone: Callable[..., Page], browser: Browser, chromium: str, tmp_path: Path
) -> None:
    film = fake_camera(tmp_path, door.ticket("Mio"))
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    flags.append(f"--use-file-for-fake-video-capture={film}")
    path = browser.browser_type.launch(executable_path=chromium, args=BROWSER_ARGUMENTS + flags)
    page = phone("Mei", context=path.new_context())
    faults = watch(page)
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator("#word")).to_have_text("Welcome")
    expect(page.locator("#name")).to_have_text("Mio")
    assert faults == []
    path.close()
    assert [scan.verdict for scan in log(door)][:1] == ["ok"]


def test_colour_shape_and_word_say_the_verdict(door: Door, phone: Callable[..., Page]) -> None:
    page = phone("Mei")
    faults = watch(page)
    code = door.ticket("Mio")
    hand_scanner(page, code)
    expect(page.locator("#word")).to_have_text("Welcome")
    expect(page.locator("body")).to_have_class("door door-good")
    type_code(page, code)
    expect(page.locator("#word")).to_have_text("Already in")
    expect(page.locator("body")).to_have_class("door door-warn")
    type_code(page, "NOBODY ISSUED THIS")
    expect(page.locator("#word")).to_have_text("Not a ticket")
    expect(page.locator("body")).to_have_class("door door-bad")
    assert faults == []


def test_fifty_scans_without_a_network_are_stored_once_and_in_order(door: Door, phone: Callable[..., Page]) -> None:
    names = [f"Guest {number:02}" for number in range(50)]
    codes = [door.ticket(name) for name in names]
    page = phone("Mei")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    for name, code in zip(names, codes, strict=True):
        hand_scanner(page, code)
        expect(page.locator("#name")).to_have_text(name)
    expect(page.locator("#word")).to_have_text("Welcome")
    type_code(page, codes[0])
    expect(page.locator("#word")).to_have_text("Already in")
    expect(page.locator("#net")).to_have_text("Offline, 51 waiting")
    assert log(door) == []
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#net")).to_have_text("Offline, 51 waiting")
    page.context.set_offline(False)
    expect(page.locator("#net")).to_have_text("Online, all sent", timeout=20_000)
    page.reload()
    expect(page.locator("#net")).to_have_text("Online, all sent", timeout=20_000)
    scans = sorted(log(door), key=lambda scan: scan.id)
    numbers = [scan.ticket_id for scan in scans if scan.counts]
    assert (len(scans), len(numbers), numbers) == (51, 50, sorted(numbers))
    assert [scan.verdict for scan in scans if not scan.counts] == ["already_in"]
    assert door.area().headcount == 50


def test_two_phones_without_a_network_and_one_ticket(door: Door, phone: Callable[..., Page]) -> None:
    code = door.ticket("Mio")
    pages = [phone("Mei"), phone("Ravi")]
    for page in pages:
        page.context.set_offline(True)
        hand_scanner(page, code)
        expect(page.locator("#word")).to_have_text("Welcome")
    for page in pages:
        page.context.set_offline(False)
        expect(page.locator("#net")).to_have_text("Online, all sent", timeout=20_000)
    for page in pages:
        expect(page.locator("#conflicts")).to_contain_text("Mio: let in at", timeout=20_000)
    expect(pages[1].locator("#word")).to_have_text("Let in twice")
    assert door.area().headcount == 1
    assert sorted(scan.verdict for scan in log(door)) == ["offline_conflict", "ok"]


def test_a_scan_is_taken_back_within_ten_seconds(door: Door, phone: Callable[..., Page]) -> None:
    page = phone("Mei")
    hand_scanner(page, door.ticket("Mio"))
    page.locator("#verdict").get_by_role("button", name="Undo").click()
    expect(page.locator("#last")).to_contain_text("Taken back")
    expect(page.locator("#net")).to_have_text("Online, all sent")
    assert [scan.kind for scan in log(door)] == ["entry", "undo"]
    assert door.area().headcount == 0


def test_a_phone_that_was_sent_away_forgets_everything(door: Door, phone: Callable[..., Page]) -> None:
    door.ticket("Mio")
    page = phone("Mei")
    door.gathering.do("Cora", lambda tx: revoke_device(tx, door.event.id, door.devices["Mei"]))
    expect(page.locator("#enrol")).to_be_visible(timeout=20_000)
    count = """async () => {
      const request = indexedDB.open("wayfellow-door");
      const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
      const counts = ["kept", "roster", "outbox"].map((name) => new Promise((resolve) => {
        const rows = database.transaction(name).objectStore(name).count();
        rows.onsuccess = () => resolve(rows.result);
      }));
      return Promise.all(counts);
    }"""
    roster, unsent = page.evaluate(count)[1:]
    assert (roster, unsent) == (0, 0)


def test_a_supervisor_finds_names_and_lets_people_in(door: Door, phone: Callable[..., Page]) -> None:
    code = door.ticket("Mio")
    page = phone("Boss", "search", "override")
    page.get_by_role("button", name="Name", exact=True).click()
    page.locator("#query").fill("mio")
    page.locator("#query").press("Enter")
    page.get_by_role("button", name="Check in Mio").click()
    expect(page.locator("#word")).to_have_text("Welcome")
    hand_scanner(page, code)
    page.get_by_role("button", name="Let in all the same").click()
    page.get_by_label("Why are they let in?").fill("Went to the car")
    page.get_by_role("button", name="Let in", exact=True).click()
    expect(page.locator("#word")).to_have_text("Welcome")
    assert log(door)[-1].reason == "Went to the car"
