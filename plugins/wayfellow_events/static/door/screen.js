// Show what the scanner knows. Nothing here decides anything.

import { shapeOf } from "./signals.js";

const KEPT = 5;
export const part = (id) => document.getElementById(id);

export function showOnly(id) {
  for (const name of ["enrol", "camera", "verdict"]) part(name).hidden = name !== id;
}

export function paint(tone) {
  document.body.className = `door door-${tone}`;
}

export function showVerdict({ tone, word, name, line }) {
  paint(tone);
  part("shape").setAttribute("d", shapeOf(tone));
  part("word").textContent = word;
  part("name").textContent = name;
  part("line").textContent = line;
  showOnly("verdict");
}

export function showNet(online, waiting) {
  const sent = waiting ? `${waiting} waiting` : "all sent";
  part("net").textContent = `${online ? "Online" : "Offline"}, ${sent}`;
  part("net").classList.toggle("is-off", !online);
}

export function showAge(at) {
  if (!at) return (part("age").textContent = "No list yet.");
  const seconds = Math.round((Date.now() - at) / 1000);
  const ago = seconds < 90 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  part("age").textContent = `List ${ago} old.`;
}

export function showReady(faults) {
  part("ready").textContent = faults.length ? `Not ready: ${faults.join(", ")}.` : "Ready.";
}

export function showConflicts(conflicts) {
  part("conflicts").replaceChildren(
    ...conflicts.map(({ holder, gate, first_gate }) => {
      const where = first_gate ? `at ${first_gate} and, without a network, at ${gate}` : `at ${gate} without a network`;
      return item(`${holder}: let in ${where}. Ask a host.`);
    }),
  );
}

// Show the last scans; those of a moment ago can be taken back.
export function showLast(scans, mayUndo, undo) {
  part("last").replaceChildren(
    ...scans.slice(0, KEPT).map((scan) => {
      const when = `${scan.time}${scan.waits ? ", not sent yet" : ""}`;
      const row = scan.name ? item(scan.name, `${scan.word}, ${when}`) : item(scan.word, when);
      if (mayUndo(scan)) row.append(button("Undo", scan.name, () => undo(scan)));
      return row;
    }),
  );
}

export function showHits(people, choose) {
  const rows = people.map((one) => {
    const about = one.inside ? "already in" : one.has_place ? one.ticket.type : "has no place";
    const row = item(one.holder, about);
    row.append(button("Check in", one.holder, () => choose(one)));
    return row;
  });
  part("hits").replaceChildren(...(rows.length ? rows : [item("Nobody of that name has a ticket.")]));
}

// Ask what is still open; `answer` gets a field by question, or the reason under "reason".
export function showMore(questions, label, answer) {
  const form = part("more");
  const fields = questions.flatMap((one) => [labelFor(one), fieldFor(one)]);
  const send = button(label, "", () => {});
  send.type = "submit";
  form.replaceChildren(...fields, send);
  form.onsubmit = (event) => {
    event.preventDefault();
    answer(Object.fromEntries(new FormData(form)));
  };
  form.hidden = false;
  form.querySelector("input, select").focus();
}

function labelFor({ question, label }) {
  const made = document.createElement("label");
  made.htmlFor = `ask-${question}`;
  made.textContent = label;
  return made;
}

function fieldFor({ question, kind, options }) {
  const choices = kind === "yes_no" ? ["yes", "no"] : options ?? [];
  const made = document.createElement(choices.length ? "select" : "input");
  made.append(...choices.map((choice) => new Option(choice, choice)));
  Object.assign(made, { id: `ask-${question}`, name: question, required: true });
  made.className = choices.length ? "select" : "input";
  return made;
}

function item(text, small = "") {
  const row = document.createElement("li");
  const words = document.createElement("span");
  words.className = "grow";
  words.append(`${text} `);
  if (small) words.append(Object.assign(document.createElement("small"), { textContent: small }));
  row.append(words);
  return row;
}

function button(label, about, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "door-undo" });
  made.append(label);
  if (about) made.append(Object.assign(document.createElement("span"), { className: "vh", textContent: ` ${about}` }));
  made.onclick = act;
  return made;
}
