// Run the scanner: what is read is written down first, then judged, by the server where it answers in time.

import * as camera from "./camera.js";
import * as outbox from "./outbox.js";
import * as roster from "./roster.js";
import * as screen from "./screen.js";
import { ask, be, known, Refused } from "./server.js";
import { allowSound, signal, toneOf } from "./signals.js";
import * as store from "./store.js";
import { say } from "./verdict.js";

const { part } = screen;
const PATIENCE = 800; // for the server's verdict, in milliseconds; then this phone decides
const AGAIN = 3000; // for this long the same code in front of the camera is the same scan
const UNDO = 10000;
const BEAT = 5000;
const STALE = 120000;

const state = { me: null, texts: {}, online: true, kind: "entry", rosterAt: 0, clockOff: 0, last: [], shown: null };
const asked = new Set(); // keys that are on their way to the server at this moment
const seen = { code: "", at: 0 };

begin();

async function begin() {
  listen();
  navigator.serviceWorker?.register("./worker.js");
  navigator.storage?.persist?.();
  state.texts = await (await fetch(new URL("./verdict_words.json", import.meta.url))).json();
  await enrolFromLink();
  state.me ??= await store.get("kept", "me");
  state.rosterAt = (await store.get("kept", "roster"))?.at ?? 0;
  state.last = (await store.get("kept", "last")) ?? [];
  if (state.me) await work();
  else screen.showOnly("enrol");
}

async function enrolFromLink() {
  const code = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  if (code) await enrol(code);
}

async function enrol(code) {
  const key = (await store.get("kept", "enrolling")) ?? crypto.randomUUID();
  await store.put("kept", key, "enrolling");
  try {
    const told = await ask("POST", "/enrol", { code }, { headers: { "Idempotency-Key": key } });
    await store.wipe();
    state.me = told;
    await store.put("kept", told, "me");
  } catch (error) {
    part("enrol-why").textContent = error instanceof Refused ? error.message : "There is no network. Try again.";
  }
}

async function work() {
  be(state.me.token);
  part("tools").hidden = false;
  part("find").hidden = !may("search");
  screen.showOnly("camera");
  part("camera").classList.add("is-idle");
  showPlace();
  await refresh();
  setInterval(beat, BEAT);
}

const may = (right) => state.me.device.rights.includes(right);

function point() {
  const points = state.me.points ?? [];
  return points.find((one) => one.id === state.me.point) ?? points.find((one) => one.id === state.me.device.point);
}

// Ask for news, tell what waits, and send it. Whether there is a network shows in whether the server answers.
async function beat() {
  await refresh();
  showState();
}

async function refresh() {
  try {
    const waiting = await outbox.unsent();
    const status = await ask("GET", `/status?unsent=${waiting.length}&sent_at=${encodeURIComponent(new Date().toISOString())}`);
    state.online = true;
    state.clockOff = status.clock_offset_ms;
    const outcomes = await outbox.flush(asked);
    outcomes.forEach(correct);
    await learn();
    count(status.areas.find((one) => one.id === point()?.area.id), status.expected);
    screen.showConflicts(status.conflicts);
    await forget(status.event);
  } catch (error) {
    if (!(error instanceof Refused)) state.online = false;
  }
  await showState();
}

async function learn() {
  const told = await ask("GET", "/points");
  Object.assign(state.me, told);
  await store.put("kept", state.me, "me");
  const had = await store.get("kept", "roster");
  await roster.take(await ask("GET", `/roster?since=${had?.cursor ?? ""}`));
  state.rosterAt = Date.now();
  showPlace();
}

// A day after the event nothing of it stays here, unless something is not sent yet.
async function forget(event) {
  const over = Date.now() + state.clockOff > Date.parse(event.ends_at) + 86400000;
  if (over && !(await outbox.unsent()).length) await leave();
}

// Read a code, or somebody whom staff chose by name.
async function scan({ code, ticket, answers, override }) {
  const here = point();
  if (!here) return;
  const now = Date.now();
  const item = { key: crypto.randomUUID(), at: now, scanned_at: new Date(now).toISOString(), point: here.id };
  Object.assign(item, { kind: state.kind, code, ticket, answers, override, short: ticket });
  const own = code ? await roster.decide(code, here, item.kind, await outbox.unsent(), now + state.clockOff) : null;
  const mine = own?.verdict ?? { code: "retry_later", words: {}, notes: [], attention: false };
  // Until the server has answered, what this phone would decide counts as decided; so a reload loses nothing.
  Object.assign(item, { offline: true, local: mine.code, short: own?.ticket?.short ?? ticket });
  await outbox.add(item);
  const outcome = await fromServer(item);
  // Without a network nobody can be judged by name alone.
  if (outcome || !own) await outbox.done(item.key);
  show(outcome ?? local(item, mine), item);
  showState();
}

async function fromServer(item) {
  if (!state.online) return null;
  asked.add(item.key);
  try {
    const body = { ...outbox.told(item), offline: false, local: undefined };
    const outcome = await ask("POST", "/scan", body, { patience: PATIENCE });
    return outcome.verdict === "retry_later" ? null : outcome;
  } catch (error) {
    if (error instanceof Refused && error.status < 500) return faulty(item, error);
    state.online = false;
    return null;
  } finally {
    asked.delete(item.key);
  }
}

// The server took the scan for a mistake of ours: say why, and keep nothing.
function faulty(item, error) {
  return { key: item.key, verdict: "retry_later", admitted: false, word: "Not done", reason: error.message, asks: [] };
}

function local(item, mine) {
  const said = say(state.texts, mine, state.me.event.timezone, item.kind);
  const admitted = mine.code === "ok";
  const asks = [];
  return { key: item.key, verdict: mine.code, admitted, word: said.word, reason: said.staff, holder: mine.words.holder, asks, waits: true };
}

function show(outcome, item) {
  const tone = toneOf(outcome.verdict, outcome.admitted);
  const notes = outcome.notes?.length ? ` ${outcome.notes.join(" ")}` : "";
  const line = `${outcome.ticket?.type ?? ""} ${outcome.reason}${notes}`.trim();
  screen.showVerdict({ tone, word: outcome.word, name: outcome.holder ?? "", line });
  signal(tone);
  const time = new Date(item.at).toLocaleTimeString("en-GB");
  const row = { key: outcome.key, at: item.at, time, name: outcome.holder, word: outcome.word, counts: outcome.admitted };
  state.shown = { ...row, item };
  remember({ ...row, waits: Boolean(outcome.waits) });
  offer(outcome, item);
  if (outcome.counts && !outcome.waits) count(outcome.counts, outcome.counts.expected);
}

function offer(outcome, item) {
  part("more").hidden = true;
  part("undo").hidden = !outcome.admitted;
  part("override").hidden = outcome.admitted || outcome.waits || !may("override") || !outcome.holder || item.kind === "exit";
  const again = (more) => scan({ code: item.code, ticket: item.ticket, ...more });
  if (outcome.asks?.length) screen.showMore(outcome.asks, "Let in", (answers) => again({ answers }));
  const why = [{ question: "reason", label: "Why are they let in?", kind: "text" }];
  part("override").onclick = () => screen.showMore(why, "Let in", ({ reason }) => again({ override: reason }));
}

// What the server says later may differ from what this phone decided: then the screen turns and sounds again.
function correct(outcome) {
  const before = state.last.find((one) => one.key === outcome.key);
  if (!before) return;
  const differs = before.counts !== outcome.admitted && !outcome.undone;
  Object.assign(before, { waits: false, word: outcome.word, counts: outcome.admitted, name: outcome.holder ?? before.name });
  store.put("kept", state.last, "last");
  if (differs) show({ ...outcome, asks: [] }, { at: before.at, kind: outcome.kind });
}

function remember(row) {
  state.last = [row, ...state.last.filter((one) => one.key !== row.key)].slice(0, 5);
  store.put("kept", state.last, "last");
  showLast();
}

async function undo(row) {
  const wish = { key: crypto.randomUUID(), undoes: row.key, at: Date.now() };
  await outbox.add(wish);
  await showState();
  Object.assign(row, { counts: false, word: "Taken back", waits: false });
  remember(row);
  ready();
  if (state.online) await refresh();
  showState();
}

const mayUndo = (row) => row.counts && (Date.now() - row.at < UNDO || (may("undo") && state.online));

function showLast() {
  screen.showLast(state.last, mayUndo, undo);
}

async function showState() {
  screen.showNet(state.online, (await outbox.unsent()).length);
  screen.showAge(state.rosterAt);
  screen.showReady(faults());
  showLast();
}

function faults() {
  const found = [];
  if (!state.rosterAt || Date.now() - state.rosterAt > STALE) found.push("the list is old");
  if (Math.abs(state.clockOff ?? 0) > 60000) found.push("the clock of this phone is off");
  if (!point()?.is_open) found.push("the check-in point is closed");
  return found;
}

function showPlace() {
  const here = point();
  part("gate").textContent = state.me.device.gate || here?.name || "Door";
  part("event").textContent = state.me.event.title;
  part("out").hidden = !here?.exits;
  const points = state.me.points ?? [];
  part("where").hidden = points.length < 2;
  part("point").replaceChildren(...points.map((one) => new Option(one.name, one.id, false, one.id === here?.id)));
}

function count(area, expected) {
  if (!area) return;
  part("inside").textContent = area.inside;
  part("expected").textContent = expected;
}

// Make the screen ready for the next scan; reading never waits for it.
function ready() {
  screen.paint(state.online ? "ready" : "offline");
  screen.showOnly("camera");
  part("camera").classList.toggle("is-idle", !camera.running());
}

function read(code) {
  const now = Date.now();
  const same = roster.normal(code) === seen.code && now - seen.at < AGAIN;
  Object.assign(seen, { code: roster.normal(code), at: now });
  if (!same && seen.code) scan({ code });
}

async function startCamera() {
  allowSound();
  try {
    part("camera").classList.remove("is-idle");
    await camera.start(part("video"), read);
    part("start").hidden = true;
    part("hint").textContent = "Hold the code inside the frame";
    part("light").hidden = !camera.hasLight();
  } catch {
    part("camera").classList.add("is-idle");
    part("hint").textContent = "The camera can't be used here. Allow it in the browser, or type the code.";
  }
}

async function leave() {
  camera.stop();
  await store.wipe();
  location.reload();
}

async function search(event) {
  event.preventDefault();
  try {
    const { people } = await ask("GET", `/search?q=${encodeURIComponent(part("query").value)}`);
    screen.showHits(people, (one) => scan({ ticket: one.ticket.short }));
  } catch (error) {
    part("hits").replaceChildren(error instanceof Refused ? error.message : "There is no network, so names can't be searched.");
  }
}

function toggle(button, form) {
  part(button).onclick = () => {
    const open = part(form).hidden;
    part(form).hidden = !open;
    part(button).setAttribute("aria-expanded", open);
    if (open) part(form).querySelector("input").focus();
  };
}

// A hand scanner types the code very fast and ends with Enter, wherever the focus is.
function listenToHandScanner() {
  let typed = "";
  let at = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea, button") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.timeStamp - at > 1000) typed = "";
    at = event.timeStamp;
    if (event.key.length === 1) typed += event.key;
    else if (event.key === "Enter" && typed) {
      read(typed);
      typed = "";
    }
  });
}

function listen() {
  listenToHandScanner();
  toggle("type", "type-form");
  toggle("find", "find-form");
  part("find-form").onsubmit = search;
  part("type-form").onsubmit = (event) => {
    event.preventDefault();
    seen.at = 0;
    read(part("typed").value);
    part("typed").value = "";
  };
  part("photo").onchange = async ({ target }) => {
    const code = target.files[0] ? await camera.readPhoto(target.files[0]).catch(() => "") : "";
    if (code) read(code);
  };
  part("enrol-form").onsubmit = async (event) => {
    event.preventDefault();
    await enrol(part("enrol-code").value.split("#").pop().trim());
    if (state.me) await work();
  };
  part("point").onchange = ({ target }) => {
    state.me.point = Number(target.value);
    store.put("kept", state.me, "me");
    showPlace();
  };
  part("out").onclick = () => {
    state.kind = state.kind === "exit" ? "entry" : "exit";
    part("out").setAttribute("aria-pressed", state.kind === "exit");
  };
  part("light").onclick = () => {
    const on = part("light").getAttribute("aria-pressed") !== "true";
    camera.light(on);
    part("light").setAttribute("aria-pressed", on);
  };
  part("start").onclick = startCamera;
  part("next").onclick = ready;
  part("undo").onclick = () => undo(state.last.find((one) => one.key === state.shown.key) ?? state.shown);
  part("leave").onclick = async () => {
    if (!(await outbox.unsent()).length || confirm("Scans are not sent yet and would be lost. Leave all the same?")) leave();
  };
  known.addEventListener("gone", leave);
  addEventListener("online", beatSoon);
  document.addEventListener("visibilitychange", beatSoon);
  addEventListener("pagehide", camera.stop);
  addEventListener("beforeunload", (event) => {
    if (part("net").textContent.includes("waiting")) event.preventDefault();
  });
}

function beatSoon() {
  if (state.me && !document.hidden) beat();
}
