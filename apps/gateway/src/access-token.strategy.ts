import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { ExtractJwt, Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { accessToken, type AccessClaims } from '@suite/contracts';
import { ACCESS_COOKIE } from './cookies';
import { GatewayConfig } from './gateway.config';

export const ACCESS_TOKEN_STRATEGY = 'access-token';

const bearerOf = ExtractJwt.fromAuthHeaderAsBearerToken();

/** The token of a request, and where it came from: a cookie is sent by the browser itself and needs more care. */
export function tokenOf(request: FastifyRequest): { token: string; cookie: boolean } | undefined {
  // Whoever sends Authorization means it: a scheme other than Bearer is a bad token, not a reason to try the cookie.
  if (request.headers.authorization !== undefined) return { token: bearerOf(request) ?? '', cookie: false };
  const token = request.cookies[ACCESS_COOKIE];
  return token ? { token, cookie: true } : undefined;
}

/** Checks signature, issuer, audience and age; HS256 alone, so that no token can choose how it is checked. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN_STRATEGY) {
  constructor({ JWT_SECRET }: GatewayConfig) {
    super({
      secretOrKey: JWT_SECRET,
      jwtFromRequest: (request: unknown) => tokenOf(request as FastifyRequest)?.token ?? null,
      algorithms: [accessToken.algorithm],
      issuer: accessToken.issuer,
      audience: accessToken.audience,
      jsonWebTokenOptions: { clockTolerance: accessToken.leeway },
    } satisfies StrategyOptionsWithoutRequest);
  }

  validate(claims: AccessClaims): AccessClaims {
    return claims;
  }
}
