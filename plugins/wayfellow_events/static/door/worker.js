// Let the scanner open without a network: its files come from the cache, and are made new behind its back, so that what
// is on the screen never changes in the middle of a shift. What the server is asked as data is never kept.

const CACHE = "wayfellow-door-1";
const FILES = ["./", "./manifest.webmanifest"].concat(
  ["scanner.css", "scanner.js", "screen.js", "store.js", "server.js", "roster.js", "outbox.js", "camera.js", "decoder.js",
    "signals.js", "verdict.js", "verdict_words.json"].map((name) => `./file/door/${name}`),
  ["./file/vendor/jsqr-1.4.0/jsQR.js"],
);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = url.href.startsWith(self.registration.scope) || url.pathname.startsWith("/static/");
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !ours) return;
  event.respondWith(fromCache(event));
});

async function fromCache(event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(event.request, { ignoreVary: true });
  const fresh = fetch(event.request).then((answer) => {
    if (answer.ok) cache.put(event.request, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return kept;
}
