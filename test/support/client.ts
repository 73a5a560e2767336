import { Pool } from 'undici';
import type { Meta } from './views';

/** The suite as clients reach it: through Nginx. */
export const BASE_URL = process.env.BASE_URL ?? 'http://127.0.0.1:8080';

/** One pool for the whole file. It sends paths as written: `fetch` would tidy `/a/../b` before it leaves. */
const pool = new Pool(BASE_URL, { connections: 128, keepAliveTimeout: 4_000 });

export interface CallOptions {
  /** Becomes JSON. */
  body?: unknown;
  /** Sent byte by byte instead of `body`; the content type is then up to `headers`. */
  raw?: string | Buffer;
  headers?: Record<string, string>;
  token?: string;
  cookie?: string;
  idempotencyKey?: string;
  /** ms; 10 s unless given. */
  timeout?: number;
}

export interface Reply<Data> {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The whole JSON body; undefined where it is none. */
  body: unknown;
  /** What it is about: `data` of the envelope, or the whole body of a call that has none. */
  data: Data;
  meta: Meta;
  /** Of a problem. */
  code?: string;
  /** `Set-Cookie`, one string each. */
  cookies: string[];
  /** From the first byte sent to the last received, in ms. */
  ms: number;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS';

export async function call<Data = unknown>(
  method: Method,
  path: string,
  { body, raw, headers = {}, token, cookie, idempotencyKey, timeout = 10_000 }: CallOptions = {},
): Promise<Reply<Data>> {
  const begun = performance.now();
  const answer = await pool.request({
    method,
    path,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...(cookie && { cookie }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...headers,
    },
    body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    signal: AbortSignal.timeout(timeout),
  });
  const text = await answer.body.text();
  const json = parse(text) as { data?: Data; meta?: Meta; code?: string } | undefined;
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text,
    body: json,
    data: (json && typeof json === 'object' && 'data' in json ? json.data : json) as Data,
    meta: json?.meta as Meta,
    code: json?.code,
    cookies: [answer.headers['set-cookie'] ?? []].flat(),
    ms: performance.now() - begun,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Somebody who calls: nobody in particular, or whoever a token or a cookie says. */
export class Client {
  constructor(private readonly credentials: Pick<CallOptions, 'token' | 'cookie'> = {}) {}

  call<Data = unknown>(method: Method, path: string, options: CallOptions = {}): Promise<Reply<Data>> {
    return call<Data>(method, path, { ...this.credentials, ...options });
  }

  get<Data = unknown>(path: string, options?: CallOptions) {
    return this.call<Data>('GET', path, options);
  }

  post<Data = unknown>(path: string, body?: unknown, options?: CallOptions) {
    return this.call<Data>('POST', path, { body, ...options });
  }

  patch<Data = unknown>(path: string, body: unknown, options?: CallOptions) {
    return this.call<Data>('PATCH', path, { body, ...options });
  }

  delete<Data = unknown>(path: string, options?: CallOptions) {
    return this.call<Data>('DELETE', path, options);
  }
}

export const anonymous = new Client();

/** `Set-Cookie` headers as a browser would send them back. */
export const cookieOf = (cookies: string[]): string => cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ');

/** Runs `work` for each item, at most `width` at once; results in the order of the items. */
export async function each<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
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

export const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
