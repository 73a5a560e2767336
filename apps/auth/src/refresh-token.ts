import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Refresh tokens look like `<session id>.<value>.<seal>`.
 *
 * - Each value is an HMAC of the one before, so that the successor of a token can be shown again though only hashes are
 *   stored. Without the key nobody gets from one to the next.
 * - The seal is an HMAC of the rest: what was not given out here is recognised without asking the database, and cannot
 *   pass for the replay of an old token, which would end somebody's session.
 */
const SHAPE = /^([0-9a-f]{24})\.([\w-]{43})\.([\w-]{43})$/;

export interface RefreshToken {
  sessionId: string;
  text: string;
}

export const firstToken = (key: string, sessionId: string): RefreshToken =>
  sealed(key, sessionId, randomBytes(32).toString('base64url'));

export const successorOf = (key: string, { sessionId, text }: RefreshToken): RefreshToken =>
  sealed(key, sessionId, hmac(key, `successor of ${text}`));

/** Undefined for what was not made with this key. */
export function readToken(key: string, text: string): RefreshToken | undefined {
  const [, sessionId, value, seal] = SHAPE.exec(text) ?? [];
  if (!sessionId) return undefined;
  const expected = sealOf(key, sessionId, value);
  return timingSafeEqual(Buffer.from(seal), Buffer.from(expected)) ? { sessionId, text } : undefined;
}

/** What is stored of a token. It is random enough that a plain hash, unlike a password's, tells nothing. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

function sealed(key: string, sessionId: string, value: string): RefreshToken {
  return { sessionId, text: `${sessionId}.${value}.${sealOf(key, sessionId, value)}` };
}

const sealOf = (key: string, sessionId: string, value: string): string => hmac(key, `seal of ${sessionId}.${value}`);

const hmac = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('base64url');
