import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '@suite/contracts';
import { PlatformConfig } from '../platform.config';
import { RedisLink } from '../redis-link';

/** Longer than any message may take, with a seal that is used again included. */
const VALID_MS = 60_000;
/** For how long one seal serves all messages of the same caller, and how long one that was checked is remembered. */
const REMEMBERED_MS = 10_000;

/**
 * Says who asks, so that the services need not believe whoever can write to Redis: the caller and until when, as
 * `<JSON in base64url>.<HMAC-SHA-256 in base64url>`. The gateway seals, once it has checked the access token; whoever asks
 * on passes the seal on as it came. Time is counted by Redis' clock, which all hosts share.
 */
@Injectable()
export class Seals {
  private readonly made = new Recent<string>();
  private readonly opened = new Recent<Sealed>();
  /** The first one seals, any opens: so that a key can be changed while messages are under way. */
  private readonly keys: string[];

  constructor(
    { CALLER_SECRET, CALLER_SECRET_PREVIOUS }: PlatformConfig,
    @Inject(RedisLink) private readonly clock: Pick<RedisLink, 'now'>,
  ) {
    this.keys = [CALLER_SECRET, ...(CALLER_SECRET_PREVIOUS === undefined ? [] : [CALLER_SECRET_PREVIOUS])];
  }

  seal(caller: Caller): string {
    const now = this.clock.now();
    const text = JSON.stringify(caller);
    return this.made.get(text, now) ?? this.made.set(text, sealed(this.keys[0], { ...caller, until: now + VALID_MS }));
  }

  /** Undefined for what nobody with a key has sealed, or whose time is over. */
  open(seal: unknown): Caller | undefined {
    if (typeof seal !== 'string') return undefined;
    const now = this.clock.now();
    const known = this.opened.get(seal, now);
    if (known) return callerIn(known, now);
    const [text, signature] = seal.split('.', 2);
    if (!signature || !this.keys.some((key) => equal(signature, signatureOf(key, text)))) return undefined;
    const { until, ...caller } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Caller & Until;
    return callerIn(this.opened.set(seal, { caller: Object.freeze(caller), until }), now);
  }
}

interface Until {
  /** In ms of Redis' clock. */
  until: number;
}
interface Sealed extends Until {
  caller: Caller;
}

const callerIn = ({ caller, until }: Sealed, now: number): Caller | undefined => (now < until ? caller : undefined);

function sealed(key: string, content: Caller & Until): string {
  const text = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${text}.${signatureOf(key, text)}`;
}

const signatureOf = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('base64url');

const equal = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** What was used within the last 10 to 20 s: two maps, of which the older one is forgotten as a whole. */
class Recent<T> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();
  private began = 0;

  get(key: string, now: number): T | undefined {
    if (now - this.began >= REMEMBERED_MS) {
      this.old = now - this.began < 2 * REMEMBERED_MS ? this.young : new Map<string, T>();
      this.young = new Map();
      this.began = now;
    }
    return this.young.get(key) ?? this.old.get(key);
  }

  set(key: string, value: T): T {
    this.young.set(key, value);
    return value;
  }
}
