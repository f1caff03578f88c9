// Judge a scan on the phone, by the same facts and to the same answer as wayfellow_events/verdict/judge.py.
// Moments are ISO strings; tests/plugins/wayfellow_events/verdict_vectors.json holds both to the same answers.

const STANDINGS = { unconfirmed: "pending", offered: "pending", requested: "unapproved", waitlisted: "waitlisted" };
const ATTENTION = new Set(["already_in", "replaced", "blocked", "foreign_event", "offline_conflict"]);
const NOBODY = new Set(["unknown", "ambiguous", "foreign_event"]);

export function judge(tickets, point, presence, now, kind = "entry", admittedOffline = false) {
  let [code, words] = decide(tickets, point, presence, Date.parse(now), kind);
  if (admittedOffline && kind === "entry" && code !== "ok" && !NOBODY.has(code)) {
    [code, words] = ["offline_conflict", { ...whenIn(presence), was: code }];
  }
  const ours = tickets.length === 1 && tickets[0].event === point.event ? tickets[0] : null;
  const who = ours ? { holder: ours.holder ?? "", type: ours.type_name ?? "" } : {};
  const notes = ours?.notes ?? [];
  const attention = ATTENTION.has(code) || (code === "ok" && notes.length > 0);
  return { code, words: { point: point.name ?? "", ...who, ...words }, notes, attention };
}

function decide(tickets, point, presence, now, kind) {
  if (tickets.length === 0) return ["unknown", {}];
  if (tickets.length > 1) return ["ambiguous", {}];
  const ticket = tickets[0];
  if (ticket.event !== point.event) return ["foreign_event", {}];
  if (kind === "exit") return leave(point, presence);
  const found = standing(ticket, point) ?? place(ticket, point, now) ?? past(point, presence);
  if (found) return found;
  const headcount = presence.headcount ?? 0;
  if (point.capacity != null && headcount >= point.capacity && !presence.inside) {
    return ["rule_denied", { why: `It is full: ${headcount} of ${point.capacity} are inside.` }];
  }
  const broken = (point.rules ?? []).find((rule) => !holds(rule, ticket, point, presence, now));
  if (broken) return ["rule_denied", { why: broken.say || "A rule of this point does not allow it." }];
  return [(ticket.asks ?? []).length ? "needs_answers" : "ok", {}];
}

function leave(point, presence) {
  if (!point.exits) return ["rule_denied", { why: "Nobody is counted out at this point." }];
  return [presence.inside ? "ok" : "not_inside", {}];
}

function standing(ticket, point) {
  const registration = ticket.registration ?? "confirmed";
  if (ticket.code_state === "replaced") return ["replaced", {}];
  if ((point.event_state ?? "scheduled") !== "scheduled") return ["canceled", {}];
  if (registration in STANDINGS) return [STANDINGS[registration], {}];
  if (registration !== "confirmed" || ticket.state === "revoked") return ["canceled", {}];
  return ticket.state === "blocked" ? ["blocked", {}] : null;
}

function place(ticket, point, now) {
  if (point.is_open === false) return ["point_closed", {}];
  if (point.types?.length && !point.types.includes(ticket.type)) return ["not_on_point", {}];
  if (point.opens_at && now < Date.parse(point.opens_at)) return ["outside_window", { when: "yet" }];
  if (point.closes_at && now >= Date.parse(point.closes_at)) return ["outside_window", { when: "any more" }];
  return null;
}

function past(point, presence) {
  const reentry = point.reentry ?? "once";
  const barred = reentry === "once" ? (presence.entries ?? 0) > 0 : reentry === "after_exit" && presence.inside;
  return barred ? ["already_in", whenIn(presence)] : null;
}

function whenIn(presence) {
  if (!presence.entries) return {};
  const at = presence.last_at ? new Date(presence.last_at).toISOString().slice(0, 19) + "Z" : "";
  return { at, gate: presence.gate ?? "", by: presence.by ?? "" };
}

const KINDS = {
  not_before: (rule, ticket, point, presence, now) => now >= moment(rule, point),
  not_after: (rule, ticket, point, presence, now) => now <= moment(rule, point),
  entries: (rule, ticket, point, presence) => (presence.entries ?? 0) < rule.most,
  pause: (rule, ticket, point, presence, now) =>
    !presence.last_at || now - Date.parse(presence.last_at) >= rule.minutes * 60000,
  elsewhere: (rule, ticket, point, presence) => (presence.elsewhere ?? []).includes(rule.area) === rule.is,
  answer: (rule, ticket) => ((ticket.answers ?? {})[String(rule.question)] ?? "") === rule.is,
  any: (rule, ...facts) => rule.of.some((one) => holds(one, ...facts)),
};

function holds(rule, ...facts) {
  return Object.hasOwn(KINDS, rule.rule) && KINDS[rule.rule](rule, ...facts);
}

function moment(rule, point) {
  return Date.parse(rule.of === "start" ? point.starts_at : point.ends_at) + rule.minutes * 60000;
}

// Put a verdict into words; `texts` is verdict_words.json.
export function say(texts, verdict, zone, kind = "entry") {
  const text = texts[`${verdict.code}_${kind}`] ?? texts[verdict.code];
  const fill = { at: "an unknown time" };
  for (const [key, value] of Object.entries(verdict.words)) if (value) fill[key] = value;
  if (verdict.words.at) fill.at = clock(verdict.words.at, zone);
  if (fill.gate) fill.gate = `, ${fill.gate}`;
  if (fill.by) fill.by = `, scanned by ${fill.by}`;
  const put = (sentence) => sentence.replace(/\{(\w+)\}/g, (_, key) => fill[key] ?? "");
  return { word: put(text.word), staff: put(text.staff), holder: put(text.holder) };
}

function clock(moment, zone) {
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  return new Intl.DateTimeFormat("en-GB", parts).format(new Date(moment));
}
