import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply } from 'fastify';
import type { Tokens } from '@suite/contracts';
import { isProduction } from '@suite/platform';

export const ACCESS_COOKIE = 'access_token';
export const REFRESH_COOKIE = 'refresh_token';

/** No script can read them. Lax: other sites' forms and scripts do not send them, a link into the shop does. */
const options = (maxAgeSeconds: number): CookieSerializeOptions => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax',
  secure: isProduction(),
  maxAge: maxAgeSeconds,
});

/** @param refreshSeconds how long a refresh token lives. */
export function setCookies(reply: FastifyReply, tokens: Tokens, refreshSeconds: number): void {
  reply.setCookie(ACCESS_COOKIE, tokens.token, options(tokens.expiresIn));
  reply.setCookie(REFRESH_COOKIE, tokens.refreshToken, options(refreshSeconds));
}

export function clearCookies(reply: FastifyReply): void {
  reply.clearCookie(ACCESS_COOKIE, options(0));
  reply.clearCookie(REFRESH_COOKIE, options(0));
}
