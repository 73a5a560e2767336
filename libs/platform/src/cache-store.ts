import type { Redis } from 'ioredis';

/**
 * What Keyv needs of a store, over the process's one connection: it fails at once while Redis is away, and one client
 * has one set of settings. The adapters that there are bring a client of their own.
 */
export const cacheStore = (redis: Redis) => ({
  get: (key: string) => redis.get(key),
  set: (key: string, value: string, ttlMs: number) => redis.set(key, value, 'PX', ttlMs),
  delete: async (key: string) => (await redis.unlink(key)) > 0,
  clear: () => Promise.reject(new Error('Generations end what is kept; a clearing would have to look at every key')),
});
