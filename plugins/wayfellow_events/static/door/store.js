// Keep what must survive a reload: who this phone is, the sealed roster, and what is not sent yet.

const STORES = ["kept", "roster", "outbox"];
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("wayfellow-door", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept");
      request.result.createObjectStore("roster", { keyPath: "index" });
      request.result.createObjectStore("outbox", { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

// Do something with a store in a transaction, and wait until it is on the disk.
async function within(store, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: "strict" });
    const request = act(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const get = (store, key) => within(store, "readonly", (rows) => rows.get(key));
export const all = (store) => within(store, "readonly", (rows) => rows.getAll());
export const put = (store, value, key) => within(store, "readwrite", (rows) => rows.put(value, key));
export const remove = (store, key) => within(store, "readwrite", (rows) => rows.delete(key));

export async function change(store, gone, rows) {
  await within(store, "readwrite", (kept) => {
    for (const key of gone) kept.delete(key);
    for (const row of rows) kept.put(row);
  });
}

export async function wipe() {
  for (const store of STORES) await within(store, "readwrite", (rows) => rows.clear());
}
