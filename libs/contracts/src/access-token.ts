import type { Role, Tier } from './caller';

/** What an access token (JWT, RFC 7519) says. auth signs it, the gateway verifies it by itself. */
export interface AccessClaims {
  /** User id. */
  sub: string;
  /** Session id: the refresh family it came from. */
  sid: string;
  /** Version of the session; what is below the version in `revokedKey` is refused. */
  ver: number;
  role: Role;
  tier: Tier;
  email: string;
  name: string;
}

export const accessToken = {
  algorithm: 'HS256',
  issuer: 'order-suite',
  audience: 'order-suite',
  /** Seconds by which the clocks of two hosts may differ. */
  leeway: 5,
} as const;

/**
 * The Redis key that ends access tokens before their time: its value is the lowest session version that is still good,
 * or `ended`. auth writes it, with the life of an access token as its own; the gateway reads it with each request.
 */
export const revokedKey = (sessionId: string): string => `revoked:{${sessionId}}`;
export const SESSION_ENDED = 'ended';
