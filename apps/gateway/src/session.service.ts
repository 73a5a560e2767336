import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { Problem, type AccessClaims, type Caller } from '@suite/contracts';
import { ACCESS_TOKEN_STRATEGY, tokenOf } from './access-token.strategy';
import { forgivesBadToken, needsSession, type Access } from './access';
import { GateService } from './gate.service';
import { Origins } from './origins';
import { VerifiedTokens, type VerifiedClaims } from './verified-tokens';

/** How often whoever stays is looked after, in ms. */
export const LOOK_AFTER_MS = 2_000;

type Middleware = (request: object, reply: object, next: (error: Error) => void) => void;

/** Who is it? First by the token alone, then by asking whether its session still stands. */
@Injectable()
export class SessionService {
  private readonly verified = new VerifiedTokens();

  constructor(
    private readonly gate: GateService,
    private readonly origins: Origins,
  ) {}

  /**
   * Reads the token and sends off the question whether its session is revoked; `admit` waits for the answer. What is
   * asked of Redis in between travels with it.
   * @throws Problem UNAUTHORIZED, or CSRF_REJECTED for a cookie in an unsafe request from elsewhere.
   */
  async identify(request: FastifyRequest, access: Access): Promise<void> {
    const sent = access === 'nobody' ? undefined : tokenOf(request);
    if (!sent) return;
    const claims = await this.claimsOf(sent.token);
    if (!claims) {
      if (forgivesBadToken(access, sent.cookie)) return;
      throw new Problem('UNAUTHORIZED', 'The access token is not valid or has expired');
    }
    if (sent.cookie && !this.origins.isTrusted(request)) {
      if (access === 'door') return;
      throw new Problem('CSRF_REJECTED');
    }
    request.claims = claims;
    request.revoked = this.gate.isRevoked(claims);
    // If the request ends before anybody waits for it, its failure is of no interest.
    request.revoked.catch(() => undefined);
  }

  /** @throws Problem UNAUTHORIZED or FORBIDDEN unless the route is open to whoever this is. */
  async admit(request: FastifyRequest, access: Access): Promise<void> {
    if (request.revoked && (await request.revoked)) {
      if (!forgivesBadToken(access, tokenOf(request)!.cookie)) {
        throw new Problem('UNAUTHORIZED', 'The session has ended or was changed: log in or refresh');
      }
      request.claims = undefined;
    }
    if (request.claims) request.context.caller = callerFrom(request.claims);
    else if (needsSession(access)) throw new Problem('UNAUTHORIZED');
    if (access === 'admin' && request.claims?.role !== 'admin') throw new Problem('FORBIDDEN');
  }

  /**
   * Does it still? For those who stay: sockets and streams. While Redis is away nobody can tell; then no event comes
   * through either.
   */
  async stillStands(claims: VerifiedClaims): Promise<boolean> {
    if (claims.exp * 1_000 < Date.now()) return false;
    return !(await this.gate.isRevoked(claims).catch(() => false));
  }

  /** What a token says; undefined if it is not good, or not any more. */
  async claimsOf(token: string): Promise<VerifiedClaims | undefined> {
    return this.verified.recall(token) ?? (await this.verify(token));
  }

  private verify(token: string): Promise<VerifiedClaims | undefined> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, claims: VerifiedClaims | false | null) => {
        if (error) return reject(error);
        if (claims) this.verified.remember(token, claims);
        resolve(claims || undefined);
      };
      const middleware = passport.authenticate(ACCESS_TOKEN_STRATEGY, { session: false }, done) as Middleware;
      // As a client would send it: sockets bring theirs in another way.
      middleware({ headers: { authorization: `Bearer ${token}` }, cookies: {} }, {}, reject);
    });
  }
}

export const callerFrom = ({ sub, sid, role, tier, email, name }: AccessClaims): Caller => ({
  userId: sub,
  sessionId: sid,
  role,
  tier,
  email,
  name,
});
