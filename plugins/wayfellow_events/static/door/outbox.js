// Keep each scan until the server gave its verdict on it, whatever happens to the page or the network.

import * as store from "./store.js";
import { ask } from "./server.js";

const MOST = 200;
let sending = null;

// In the order in which they were scanned.
export async function unsent() {
  return (await store.all("outbox")).sort((one, other) => one.at - other.at);
}

export const add = (item) => store.put("outbox", item);
export const done = (key) => store.remove("outbox", key);

// Send what waits; return the outcomes. Only one sends at a time.
export function flush(skip = new Set()) {
  sending ??= send(skip).finally(() => (sending = null));
  return sending;
}

async function send(skip) {
  const waiting = (await unsent()).filter((item) => !skip.has(item.key));
  const scans = waiting.filter((item) => !item.undoes).slice(0, MOST);
  const outcomes = [];
  if (scans.length) {
    const body = { scans: scans.map(told), sent_at: new Date().toISOString() };
    for (const outcome of (await ask("POST", "/scans", body)).results) {
      if (!outcome.verdict || outcome.verdict === "retry_later") continue;
      await done(outcome.key);
      outcomes.push(outcome);
    }
  }
  for (const item of waiting.filter((one) => one.undoes)) await sendUndo(item);
  return outcomes;
}

async function sendUndo(item) {
  try {
    await ask("POST", "/undo", { key: item.key, undoes: item.undoes });
  } catch (error) {
    if (!(error.status >= 400 && error.status < 500) || error.status === 401) throw error;
  }
  await done(item.key);
}

// What the server is told of a scan; the rest is for this phone.
export function told({ key, point, code, ticket, kind, scanned_at, answers, offline, local, override }) {
  return { key, point, code, ticket, kind, scanned_at, answers, offline, override, local: offline ? local : undefined };
}
