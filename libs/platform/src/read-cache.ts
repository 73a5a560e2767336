import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { createCache, type Cache } from 'cache-manager';
import { Keyv } from 'keyv';
import { cacheStore } from './cache-store';
import { PlatformConfig } from './platform.config';
import { RedisLink } from './redis-link';

/** The generation of a scope while somebody changes it. */
const CLOSED = 'closed';
/** Longer than any change takes: after this long whoever closed a scope is dead, and the next reader opens it. */
const CLOSED_S = 60;

/**
 * Keeps in Redis what was read from MongoDB, for all replicas, and never shows what has been changed since.
 *
 * What is kept belongs to a scope (the catalogue) and carries the scope's generation, a random word in Redis, in its
 * key. A change closes the scope, writes, and opens it with a new word before it is answered. So whoever read the old
 * state can only store it under a word that nobody asks for any more, however late it comes; while a scope is closed
 * everybody reads past the cache; and a process that dies in the middle leaves it closed.
 */
@Injectable()
export class ReadCache {
  /** Since the process began. `past`: read past the cache, because it was closed, away or turned off. */
  readonly counts = { hits: 0, misses: 0, past: 0 };
  private readonly log = new Logger(ReadCache.name);
  private readonly cache: Cache;
  /** Seconds; 0: nothing is kept. */
  private readonly life: number;

  constructor(
    private readonly link: RedisLink,
    { REDIS_CACHE_EXPIRATION }: PlatformConfig,
  ) {
    this.life = REDIS_CACHE_EXPIRATION;
    const kept = new Keyv({
      store: cacheStore(link.redis),
      ttl: this.life * 1_000,
      namespace: undefined,
      serialize: JSON.stringify,
      deserialize: JSON.parse,
      // What cannot be kept is read again, and that Redis is away has been said by whoever watches it.
      emitErrors: false,
    });
    this.cache = createCache({ stores: [kept] });
  }

  /**
   * What `load` gives, or gave since the last change of the scope; what it throws is not kept. Many who ask for the same
   * at once wait for one `load`.
   * @param key of what was read, within its scope. Change it when the shape of the value changes: two versions of the
   * code run side by side while one replaces the other.
   * @param load gives a value that JSON carries unchanged.
   */
  async read<T>(scope: string, key: string, load: () => Promise<T>): Promise<T> {
    const generation = await this.generationOf(scope);
    if (generation === CLOSED) {
      this.count('past', scope, key);
      return load();
    }
    let outcome: 'hits' | 'misses' = 'hits';
    const value = await this.cache.wrap(`${placeOf(scope)}:${generation}:${key}`, () => {
      outcome = 'misses';
      return load();
    });
    this.count(outcome, scope, key);
    return value;
  }

  /**
   * Does `work`, which changes what was read in the scope. Nothing is read from the cache from its beginning on that was
   * read from MongoDB before its end.
   * @throws Error of Redis, which is weather, when the scope cannot be closed (nothing is done then) or opened again
   * (it is done, but must not be answered: a reader may have opened the scope too early).
   */
  async change<T>(scope: string, work: () => Promise<T>): Promise<T> {
    if (this.life === 0) return work();
    const place = placeOf(scope);
    await this.link.redis.set(place, CLOSED, 'EX', CLOSED_S);
    const open = () => this.link.redis.set(place, randomUUID(), 'EX', this.life);
    let result: T;
    try {
      result = await work();
    } catch (error) {
      // It may have been written all the same. Otherwise closed is how the scope stays for a minute.
      await open().catch(() => undefined);
      throw error;
    }
    await open();
    return result;
  }

  private async generationOf(scope: string): Promise<string> {
    if (this.link.away || this.life === 0) return CLOSED;
    const place = placeOf(scope);
    try {
      const generation = await this.link.redis.get(place);
      if (generation !== null) return generation;
      await this.link.redis.set(place, randomUUID(), 'EX', this.life, 'NX');
      return (await this.link.redis.get(place)) ?? CLOSED;
    } catch {
      return CLOSED;
    }
  }

  private count(outcome: keyof ReadCache['counts'], scope: string, key: string): void {
    this.counts[outcome]++;
    const { hits, misses, past } = this.counts;
    this.log.debug(`${scope} ${key}: ${outcome}; ${hits} hits, ${misses} misses, ${past} past the cache so far`);
  }
}

/** In Redis Cluster all keys of a scope lie on one node. */
const placeOf = (scope: string): string => `cache:{${scope}}`;
