import { Injectable, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerModuleOptions, type ThrottlerRequest } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '@suite/contracts';
import { accessOf } from './access';
import type { GatewayConfig } from './gateway.config';

const STRICT = 'rate-limit:strict';
/** Counted a second time, by address and with a lower limit: where passwords and one-time tokens can be guessed. */
export const StrictlyLimited = () => SetMetadata(STRICT, true);

export const rateLimits = (config: GatewayConfig): ThrottlerModuleOptions => ({
  throttlers: [
    { name: 'default', limit: config.RATE_LIMIT_MAX, ttl: config.RATE_LIMIT_WINDOW },
    {
      name: 'auth',
      limit: config.AUTH_RATE_LIMIT_MAX,
      ttl: config.AUTH_RATE_LIMIT_WINDOW,
      skipIf: (context) => Reflect.getMetadata(STRICT, context.getHandler()) !== true,
    },
  ],
});

/** Second guard: counts the request, by user when somebody is signed in and otherwise by address. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  /** The console polls: what admins alone may read is not counted. Whether they still are admins is asked after this. */
  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    const { method, claims } = context.switchToHttp().getRequest<FastifyRequest>();
    return Promise.resolve(method === 'GET' && claims?.role === 'admin' && accessOf(context) === 'admin');
  }

  /**
   * Tells the client where it stands, with the fields of draft-ietf-httpapi-ratelimit-headers-10: the policy
   * (`q` requests in `w` seconds) and what is left of it (`r` requests, for `t` seconds).
   */
  protected override async handleRequest({ context, limit, ttl, throttler }: ThrottlerRequest): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const user = throttler.name === 'default' ? request.claims?.sub : undefined;
    const client = user ? `user:${user}` : `address:${await this.getTracker(request)}`;
    const hits = await this.storageService.increment(`rate:{${throttler.name}:${client}}`, ttl, limit, 0, '');

    append(reply, 'ratelimit-policy', `"${throttler.name}";q=${limit};w=${Math.ceil(ttl / 1_000)}`);
    const left = Math.max(0, limit - hits.totalHits);
    append(reply, 'ratelimit', `"${throttler.name}";r=${left};t=${hits.timeToExpire}`);
    if (hits.isBlocked) throw new Problem('RATE_LIMITED', undefined, { retryAfter: hits.timeToExpire });
    return true;
  }
}

/** Two policies on one route are a list in one field. */
function append(reply: FastifyReply, name: string, value: string): void {
  const before = reply.getHeader(name);
  reply.header(name, before ? `${before as string}, ${value}` : value);
}
