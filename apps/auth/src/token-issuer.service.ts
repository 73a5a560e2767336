import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { AccessClaims, Tokens } from '@suite/contracts';
import { AuthConfig } from './auth.config';
import type { OpenSession } from './sessions.service';
import type { UserRecord } from './user.schema';
import { userView } from './user-views';

@Injectable()
export class TokenIssuerService {
  constructor(
    private readonly jwt: JwtService,
    private readonly config: AuthConfig,
  ) {}

  /**
   * An access token says what the user is at this moment. So that it cannot outlive a change, the user has to be read
   * after the session was written: a change then either is seen here or revokes what is made here.
   */
  issue(user: UserRecord, { session, refreshToken }: OpenSession): Tokens {
    const claims: AccessClaims = {
      sub: String(user._id),
      sid: String(session._id),
      ver: session.version,
      role: user.role,
      tier: user.tier,
      email: user.email,
      name: user.name,
    };
    // The id makes two tokens of one second different.
    const token = this.jwt.sign(claims, { jwtid: randomBytes(9).toString('base64url') });
    return { token, refreshToken, expiresIn: this.config.accessLifeMs / 1_000, user: userView(user) };
  }
}
