import { hash } from 'node:crypto';
import { accessToken, type AccessClaims } from '@suite/contracts';

/** A signed-in client sends the same token for minutes; this many of them are remembered by each process. */
const CAPACITY = 20_000;

/** What a token says whose signature was checked. `exp`: when it ends, in seconds since the epoch. */
export type VerifiedClaims = AccessClaims & { exp: number };

/**
 * Tokens whose signature was checked before, until they end. Checking one costs more than all else that the gateway
 * does with a small request. They are known by their hash: a dump of the memory holds no usable token.
 */
export class VerifiedTokens {
  private readonly claims = new Map<string, VerifiedClaims>();

  constructor(private readonly capacity = CAPACITY) {}

  recall(token: string): VerifiedClaims | undefined {
    const key = keyOf(token);
    const found = this.claims.get(key);
    if (!found) return undefined;
    this.claims.delete(key);
    if (found.exp + accessToken.leeway <= Date.now() / 1_000) return undefined;
    // A Map keeps the order of insertion: what was used last goes last.
    this.claims.set(key, found);
    return found;
  }

  remember(token: string, claims: VerifiedClaims): void {
    this.claims.set(keyOf(token), claims);
    if (this.claims.size > this.capacity) this.claims.delete(this.claims.keys().next().value!);
  }
}

const keyOf = (token: string): string => hash('sha256', token, 'base64');
