/** What the console asks the gateway: the public API, with the cookies of the session. */

/** Until when the access token lasts, in ms since the epoch: no secret, and known to all tabs. */
const EXPIRES = 'order-suite:expires';
const PATIENCE_MS = 30_000;

/** A refusal, in the words of the gateway. */
export class Refused extends Error {
  /** @param {number} status @param {string} code @param {string} detail */
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** @type {Promise<boolean> | undefined} */
let refreshing;

/** One at a time in this tab; another tab that is as quick gets the same successor. */
function refresh() {
  refreshing ??= fetch('/auth/refresh', { method: 'POST' })
    .then(async (answer) => {
      if (!answer.ok) return false;
      const { expiresIn } = await answer.json();
      localStorage.setItem(EXPIRES, String(Date.now() + expiresIn * 1_000));
      return true;
    })
    .finally(() => (refreshing = undefined));
  return refreshing;
}

/** Renews the session a minute before it ends, while anybody looks. */
export function keepSignedIn() {
  setInterval(() => {
    const left = Number(localStorage.getItem(EXPIRES) ?? 0) - Date.now();
    if (left > 0 && left < 60_000 && !document.hidden) void refresh().catch(() => false);
  }, 10_000);
}

export async function signOut() {
  localStorage.removeItem(EXPIRES);
  await fetch('/auth/logout', { method: 'POST' }).catch(() => undefined);
  location.reload();
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {{ key?: string, patienceMs?: number }} [options] `key`: of what must not be done twice
 * @returns {Promise<any>} the whole answer, with `data` and `meta`
 * @throws {Refused} and TypeError or a DOMException where no answer came
 */
export async function call(method, path, body, { key, patienceMs = PATIENCE_MS } = {}) {
  const send = () =>
    fetch(path, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(key && { 'idempotency-key': key }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
  let answer = await send();
  if (answer.status === 401) {
    if (await refresh()) answer = await send();
    // The page itself is shut now, and what comes in its place is the way in.
    if (answer.status === 401) location.reload();
  }
  if (answer.status === 204) return {};
  const said = await answer.json().catch(() => ({}));
  // Whoever is no admin any more reads so in place of the page.
  if (answer.status === 403 && method === 'GET') location.reload();
  if (!answer.ok) throw new Refused(answer.status, said.code ?? 'UNKNOWN', said.detail ?? 'No answer');
  return said;
}

/** @param {string} path @param {Record<string, string | number | undefined>} [query] */
export const get = (path, query = {}) => call('GET', path + search(query));

/** @param {Record<string, string | number | undefined>} query what is empty is left out */
export function search(query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

/** @param {unknown} error */
export const wordsOf = (error) =>
  error instanceof Refused ? error.message : 'The suite cannot be reached just now. Nothing was lost: try again.';
