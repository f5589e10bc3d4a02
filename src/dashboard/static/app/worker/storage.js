/**
 * What the service worker remembers between two starts, in IndexedDB: who is signed in, changes that
 * wait, and changes that were refused.
 */
/* exported remembered, remember, rows, put, removeRow, removeRows, tell */

const DATABASE = "cryptointel";
const VERSION = 1;

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @returns {Promise<IDBDatabase>} */
function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("about");
      asked.result.createObjectStore("queue", { keyPath: "place", autoIncrement: true });
      asked.result.createObjectStore("refused", { keyPath: "place", autoIncrement: true });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => {
        asked.result.close();
        opened = null;
      };
      resolve(asked.result);
    };
    asked.onerror = () => {
      opened = null;
      reject(asked.error);
    };
  });
  return opened;
}

/**
 * @param {string} store
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} work
 * @returns {Promise<any>}
 */
async function within(store, mode, work) {
  const transaction = (await database()).transaction(store, mode);
  return new Promise((resolve, reject) => {
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/** @param {string} name */
const remembered = (name) => within("about", "readonly", (store) => store.get(name));
/** @param {string} name @param {unknown} value */
const remember = (name, value) => within("about", "readwrite", (store) => store.put(value, name));
/** @param {string} store */
const rows = (store) => within(store, "readonly", (one) => one.getAll());
/** @param {string} store @param {object} row */
const put = (store, row) => within(store, "readwrite", (one) => one.put(row));
/** @param {string} store @param {number} place */
const removeRow = (store, place) => within(store, "readwrite", (one) => one.delete(place));
/** @param {string} store */
const removeRows = (store) => within(store, "readwrite", (one) => one.clear());

/** Tells every open page. @param {object} message */
async function tell(message) {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) {
    client.postMessage(message);
  }
}
