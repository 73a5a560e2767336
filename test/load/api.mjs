import { Pool } from 'undici';

/** A request that was answered with something else than hoped for, in preparation: the run cannot go on. */
export class ApiError extends Error {}

/** The suite over HTTP. One pool of connections, kept alive, so that connecting is not what is measured. */
export class Api {
  constructor(url, connections, timeout) {
    this.timeout = timeout;
    this.pool = new Pool(url, { connections, pipelining: 1, connectTimeout: 5_000, keepAliveTimeout: 30_000 });
  }

  /** @returns {Promise<{ status: number, body: any, retryAfter: number }>} @throws on time-out or a broken connection. */
  async call(method, path, { body, token, key } = {}) {
    const headers = {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (token) headers.authorization = `Bearer ${token}`;
    if (key) headers['idempotency-key'] = key;
    const answer = await this.pool.request({
      method,
      path,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(this.timeout),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, body: parse(text), retryAfter: Number(answer.headers['retry-after'] ?? 0) };
  }

  /** As `call`, for what must succeed. @throws ApiError that says what was answered instead. */
  async need(method, path, options) {
    const answer = await this.call(method, path, options);
    if (answer.status < 300) return answer.body;
    const { code = '', detail = '' } = answer.body ?? {};
    throw new ApiError(`${method} ${path} was answered ${answer.status} ${code} ${detail}`.trim());
  }

  close() {
    return this.pool.destroy();
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Runs `work` for each item, at most `width` at once; results in the order of the items. */
export async function each(items, width, work) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
