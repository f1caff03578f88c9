// Ask the server, as this phone; whoever is not known any more hears of it by an event.

const BASE = "/events/api/v1";
let token = "";

export const known = new EventTarget();

export function be(newToken) {
  token = newToken;
}

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

// Return the answer; throw Refused for a fault, and whatever fetch throws where there is no network.
export async function ask(method, address, body, { patience = 10000, headers = {} } = {}) {
  const answer = await fetch(BASE + address, {
    method,
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body ? { "Content-Type": "application/json" } : {}),
      ...headers,
    },
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(patience),
    credentials: "omit",
    cache: "no-store",
  });
  if (answer.ok) return answer.json();
  const problem = await answer.json().catch(() => ({}));
  if (answer.status === 401 && problem.wipe) known.dispatchEvent(new Event("gone"));
  throw new Refused(answer.status, problem.detail ?? "The server can't answer just now.");
}
