import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '@suite/contracts';
import { GatewayConfig, originsOf } from './gateway.config';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The defence against forged requests: whoever is known by a cookie alone must come from this site or an allow-listed
 * one, and say so. Browsers send `Origin` with every unsafe request and no page can forge it (OWASP, Cross-Site Request
 * Forgery Prevention, "Verifying Origin").
 */
@Injectable()
export class Origins {
  private readonly allowed: Set<string>;

  constructor(config: GatewayConfig) {
    this.allowed = new Set(originsOf(config));
  }

  /** This site is what the browser calls it: `Host` as the proxy passes it on, and the scheme the proxy was called by. */
  isTrusted(request: FastifyRequest): boolean {
    if (SAFE_METHODS.has(request.method)) return true;
    const { origin, host } = request.headers;
    return origin !== undefined && (origin === `${request.protocol}://${host}` || this.allowed.has(origin));
  }

  /** Of a socket that is known by its cookie: browsers let pages of any site open one, and send the cookie along. */
  isTrustedSocket({ origin, host }: IncomingHttpHeaders): boolean {
    if (origin === undefined || !URL.canParse(origin)) return false;
    return new URL(origin).host === host || this.allowed.has(origin);
  }

  /** @throws Problem CSRF_REJECTED, also when there is no Origin. */
  assertTrusted(request: FastifyRequest): void {
    if (!this.isTrusted(request)) throw new Problem('CSRF_REJECTED');
  }
}
