import { Failure, messageOf } from './failure.mjs';

const TIMEOUT_MS = 15_000;

/**
 * @typedef {object} Call
 * @property {string} [token] an access token
 * @property {string} [key] an idempotency key
 * @property {object} [body]
 */
/**
 * @typedef {object} Answer
 * @property {boolean} ok
 * @property {number} status
 * @property {any} body of a success, or the problem
 * @property {number | undefined} retryAfter seconds
 */

/** @param {number} port @returns {string} the suite that scripts talk to */
export const shopUrl = (port) => process.env.BASE_URL || `http://127.0.0.1:${port}`;

/**
 * Asks the suite through its door, as any client would.
 * @param {string} url
 * @param {string} method
 * @param {string} path
 * @param {Call} [call]
 * @returns {Promise<Answer>}
 * @throws {Failure} where nobody answers, or what answers is no shop
 */
export async function request(url, method, path, { token, key, body } = {}) {
  let answer;
  let text;
  try {
    answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(key && { 'Idempotency-Key': key }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await answer.text();
  } catch (error) {
    const cause = messageOf(/** @type {Error} */ (error).cause ?? error);
    throw new Failure(`${url} does not answer: ${cause}.`, 'start the suite with `npm start`, or set BASE_URL');
  }
  const { ok, status, headers } = answer;
  return { ok, status, body: parse(text), retryAfter: Number(headers.get('retry-after')) || undefined };
}

/** @param {string} text @returns {any} what is no JSON (a proxy's own page) says nothing */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Answer} answer
 */
export const refusal = (method, path, { status, body }) =>
  new Failure(
    `${method} ${path} answered ${status} ${body.code ?? ''}: ${body.detail ?? 'nothing more'}.`,
    'see the files in logs/',
  );
