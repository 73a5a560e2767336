import type { FastifyInstance } from 'fastify';
import { Problem } from '@suite/contracts';

/** Deeper than any body of the suite, shallow enough for everything that walks one by recursion. */
const MAX_DEPTH = 16;
/**
 * Names with which a body could reach into the prototypes of what copies it, or that those who check it take for
 * inherited ones and overlook: `__proto__`, `constructor`, `toString` and the like. No field of ours is called so.
 */
const FORBIDDEN = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** Below this, what providers send: their signatures are over the bytes, so that nobody may read them differently. */
export const RAW_PATH = '/payments/webhook/';

/** JSON is the one thing the suite reads. A request that says JSON and sends nothing has no body. */
export function acceptJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, ({ url }, bytes, done) => {
    if (url.startsWith(RAW_PATH)) return done(null, bytes);
    try {
      const text = bytes.toString();
      done(null, text === '' ? undefined : parseBody(text));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** @throws Problem MALFORMED_JSON, or VALIDATION_FAILED for what would endanger those who read it further. */
export function parseBody(text: string): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Problem('MALFORMED_JSON');
  }
  refuseTraps(body, []);
  return body;
}

/** Validators walk a body by recursion: a few KiB of `[[[[…` would end in a stack overflow. */
function refuseTraps(value: unknown, path: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= MAX_DEPTH) refuse(path, `must not be nested deeper than ${MAX_DEPTH}`);
  for (const key of Object.keys(value)) {
    const inner = [...path, key];
    if (FORBIDDEN.has(key)) refuse(inner, `property ${key} should not exist`);
    refuseTraps((value as Record<string, unknown>)[key], inner);
  }
}

function refuse(path: string[], message: string): never {
  throw new Problem('VALIDATION_FAILED', undefined, { errors: [{ path: path.join('.'), message }] });
}
