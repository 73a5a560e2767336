import { randomUUID } from 'node:crypto';
import cookies from '@fastify/cookie';
import type { Server, Socket } from 'socket.io';
import { Problem } from '@suite/contracts';
import { ACCESS_COOKIE } from './cookies';
import type { VerifiedClaims } from './verified-tokens';

/** What the gateway knows of a socket. */
export interface SocketSession {
  claims: VerifiedClaims;
  lastEventId?: string;
  /** Its handshake is the request that all it causes belongs to. */
  requestId: string;
  /** Messages it has sent in this window. */
  sent: number;
  /** Ends what it listens to. */
  leave: (() => void)[];
}

type Events = Record<string, (...values: unknown[]) => void>;
export type OrderSocket = Socket<Events, Events, Events, SocketSession>;
export type OrderServer = Server<Events, Events, Events, SocketSession>;

/** What a client says when it connects. */
export interface Handshake {
  token: string;
  cookie: boolean;
  lastEventId?: string;
}

/** @throws Problem UNAUTHORIZED for one without a token, VALIDATION_FAILED for one that makes no sense. */
export function handshakeOf({ handshake: { auth, headers } }: Pick<Socket, 'handshake'>): Handshake {
  const { token, lastEventId } = auth as Record<string, unknown>;
  if (lastEventId !== undefined && (typeof lastEventId !== 'string' || !/^[\w.-]{1,100}$/.test(lastEventId))) {
    const message = 'lastEventId must be the id of an event';
    throw new Problem('VALIDATION_FAILED', message, { errors: [{ path: 'auth.lastEventId', message }] });
  }
  const cookie = cookies.parse(headers.cookie ?? '')[ACCESS_COOKIE];
  const sent = typeof token === 'string' ? token : cookie;
  if (!sent) throw new Problem('UNAUTHORIZED');
  return { token: sent, cookie: typeof token !== 'string', ...(lastEventId !== undefined && { lastEventId }) };
}

export const newSession = (claims: VerifiedClaims, lastEventId?: string): SocketSession => ({
  claims,
  lastEventId,
  requestId: randomUUID(),
  sent: 0,
  leave: [],
});

/** A problem as the client's `connect_error` shows it. */
export const refusalOf = ({ code, detail, extra: { retryAfter } }: Problem): Error =>
  Object.assign(new Error(code), { data: { code, detail, ...(retryAfter !== undefined && { retryAfter }) } });
