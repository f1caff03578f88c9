// Judge by the roster that the phone holds: a row is found by the hash of a code, and opened with the code itself.

import * as store from "./store.js";
import { judge } from "./verdict.js";

const LENGTH = 32;
const MOST = 4;
const BUCKETS = 64;
const bytes = (text) => new TextEncoder().encode(text);

export function normal(text) {
  return text.replace(/\s/g, "").toUpperCase();
}

// Take what the server says has changed: the buckets that it names are replaced as a whole.
export async function take(sheet) {
  if (sheet.buckets.length) {
    const changed = new Set(sheet.buckets);
    const held = await store.all("roster");
    const gone = held.map((row) => row.index).filter((index) => changed.has(bucketOf(index)));
    await store.change("roster", gone, sheet.rows);
  }
  await store.put("kept", { cursor: sheet.cursor, at: Date.now() }, "roster");
}

// Return the verdict of this phone alone, with the facts of the ticket where it is one of this event.
export async function decide(text, point, kind, unsent, now) {
  const found = [];
  for (const code of split(normal(text))) {
    const row = await lookUp(code, point.event);
    if (row) found.push(row);
  }
  const only = found.length === 1 ? found[0] : null;
  const presence = after(only, point, unsent);
  const verdict = judge(found, point, presence, new Date(now).toISOString(), kind);
  return { verdict, ticket: only };
}

async function lookUp(code, event) {
  const index = await digest(code);
  const row = await store.get("roster", index);
  if (!row) return null;
  const sealed = Uint8Array.from(atob(row.sealed), (letter) => letter.charCodeAt(0));
  const key = await keyFor(code, event);
  const how = { name: "AES-GCM", iv: sealed.slice(0, 12), additionalData: bytes(index) };
  const plain = await crypto.subtle.decrypt(how, key, sealed.slice(12));
  return JSON.parse(new TextDecoder().decode(plain));
}

// Return who is inside by the roster and by what this phone decided since and has not sent yet.
function after(ticket, point, unsent) {
  const rostered = ticket?.presence?.[point.area.id] ?? {};
  const presence = { inside: false, entries: 0, headcount: point.area.inside, ...rostered };
  const undone = new Set(unsent.filter((item) => item.undoes).map((item) => item.undoes));
  for (const item of unsent) {
    if (item.undoes || undone.has(item.key) || item.local !== "ok" || item.point !== point.id) continue;
    presence.headcount += item.kind === "exit" ? -1 : 1;
    if (!ticket || item.short !== ticket.short) continue;
    presence.inside = item.kind !== "exit";
    if (presence.inside) Object.assign(presence, { entries: presence.entries + 1, last_at: item.scanned_at, by: "this phone" });
  }
  return presence;
}

function split(code) {
  const several = code.length / LENGTH;
  if (!Number.isInteger(several) || several < 1 || several > MOST) return [code];
  return [...new Set(Array.from({ length: several }, (_, at) => code.slice(at * LENGTH, (at + 1) * LENGTH)))];
}

function bucketOf(index) {
  return parseInt(index.slice(0, 2), 16) % BUCKETS;
}

async function digest(code) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(code)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function keyFor(code, event) {
  const secret = await crypto.subtle.importKey("raw", bytes(code), "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: bytes(`wayfellow roster ${event}`), info: bytes("row") };
  return crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
}
