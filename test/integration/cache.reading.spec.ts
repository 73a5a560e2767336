import { Logger } from '@nestjs/common';
import { HealthChecks, PlatformConfig, ReadCache, RedisLink } from '@suite/platform';
import { eventually } from '../support/eventually';
import { OwnRedis } from '../support/redis';

/** Two replicas of a service: each has its own connection and its own look at the cache. */
describe('what is read through the cache', () => {
  let redis: OwnRedis;
  let links: RedisLink[];
  let one: ReadCache;
  let other: ReadCache;
  let scopes = 0;
  let scope: string;

  const settings = (more: Partial<PlatformConfig> = {}) =>
    Object.assign(new PlatformConfig(), { REDIS_PORT: redis.port, ...more });
  const newLink = () => new RedisLink(settings(), new HealthChecks());

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await OwnRedis.start();
    links = [newLink(), newLink()];
    [one, other] = links.map((link) => new ReadCache(link, settings()));
  });

  beforeEach(() => {
    scope = `scope-${++scopes}`;
    store.value = 1;
    store.loads = 0;
  });

  afterAll(async () => {
    links.forEach((link) => link.onApplicationShutdown());
    await redis.remove();
  });

  /** What is the truth, and how often it was asked. */
  const store = { value: 1, loads: 0 };
  const load = () => {
    store.loads++;
    return Promise.resolve(store.value);
  };
  const write = (value: number) => () => {
    store.value = value;
    return Promise.resolve();
  };
  const read = (cache: ReadCache) => cache.read(scope, 'value', load);
  const held = <T>() => {
    let release!: (value: T) => void;
    return { promise: new Promise<T>((resolve) => (release = resolve)), release: (value: T) => release(value) };
  };
  const generation = () => links[0].redis.get(`cache:{${scope}}`);

  it('is read once, for all replicas, and counted', async () => {
    const before = { ...one.counts };
    expect([await read(one), await read(other), await read(one)]).toEqual([1, 1, 1]);
    expect(store.loads).toBe(1);
    expect(one.counts).toEqual({ ...before, hits: before.hits + 1, misses: before.misses + 1 });
  });

  it('is read once when many ask at the same time', async () => {
    const slow = held<number>();
    const all = Array.from({ length: 20 }, () => one.read(scope, 'value', () => (store.loads++, slow.promise)));
    await eventually(() => expect(store.loads).toBe(1));
    slow.release(7);
    expect(new Set(await Promise.all(all))).toEqual(new Set([7]));
    expect(store.loads).toBe(1);
  });

  it('shows a change at once, whoever made it', async () => {
    for (const [writer, value] of [[one, 2], [other, 3]] as const) {
      await Promise.all([read(one), read(other)]);
      await writer.change(scope, write(value));
      expect([await read(one), await read(other)]).toEqual([value, value]);
    } // prettier-ignore
  });

  it('never shows again what was read before a change and stored after it', async () => {
    const slow = held<number>();
    const old = one.read(scope, 'value', () => (store.loads++, slow.promise));
    await eventually(() => expect(store.loads).toBe(1));
    await other.change(scope, write(2));
    const after = one.read(scope, 'value', load);
    slow.release(1);
    expect(await old).toBe(1);
    expect(await after).toBe(2);
    expect([await read(one), await read(other)]).toEqual([2, 2]);
  });

  it('is read past the cache while a change is under way, and what was read then is not kept', async () => {
    await read(one);
    const slow = held<undefined>();
    const change = other.change(scope, async () => {
      await slow.promise;
      await write(2)();
    });
    await eventually(async () => expect(await generation()).toBe('closed'));
    for (const loads of [2, 3]) {
      expect(await read(one)).toBe(1);
      expect(store.loads).toBe(loads);
    }
    slow.release(undefined);
    await change;
    expect(await read(one)).toBe(2);
  });

  it('shows what was written by a change that failed all the same', async () => {
    await read(one);
    const failing = one.change(scope, () => {
      store.value = 2;
      throw new Error('the answer was lost');
    });
    await expect(failing).rejects.toThrow('the answer was lost');
    expect([await read(one), await read(other)]).toEqual([2, 2]);
  });

  it('is not believed when its writer died, for as long as a change may take', async () => {
    await read(one);
    void one.change(scope, () => new Promise(() => undefined));
    await eventually(async () => expect(await generation()).toBe('closed'));
    store.value = 2;
    expect(await read(other)).toBe(2);
    expect(await links[0].redis.ttl(`cache:{${scope}}`)).toBeGreaterThan(50);
    await links[0].redis.pexpire(`cache:{${scope}}`, 1);
    await eventually(async () => expect(await generation()).toBeNull());
    expect([await read(other), await read(one)]).toEqual([2, 2]);
    expect(await generation()).not.toBe('closed');
  });

  it('is not found in what was kept before Redis was emptied', async () => {
    const slow = held<number>();
    const old = one.read(scope, 'value', () => (store.loads++, slow.promise));
    await eventually(() => expect(store.loads).toBe(1));
    await links[0].redis.flushall();
    store.value = 2;
    slow.release(1);
    await old;
    expect([await read(one), await read(other)]).toEqual([2, 2]);
  });

  it('is kept scope by scope and key by key', async () => {
    await one.read(scope, 'a', () => Promise.resolve('a'));
    expect(await one.read(scope, 'b', () => Promise.resolve('b'))).toBe('b');
    const elsewhere = `${scope}-elsewhere`;
    expect(await one.read(elsewhere, 'a', () => Promise.resolve('c'))).toBe('c');
    await one.change(scope, () => Promise.resolve());
    expect(await one.read(elsewhere, 'a', () => Promise.resolve('d'))).toBe('c');
  });

  it('is not kept when reading it fails', async () => {
    await expect(one.read(scope, 'value', () => Promise.reject(new Error('weather')))).rejects.toThrow('weather');
    expect(await read(one)).toBe(1);
  });

  it('ends by itself', async () => {
    await read(one);
    const kept = await links[0].redis.keys(`cache:{${scope}}*`);
    expect(kept).toHaveLength(2);
    for (const key of kept) expect(await links[0].redis.pttl(key)).toBeGreaterThan(290_000);
  });

  it('is not kept at all where nothing is to be kept', async () => {
    const none = new ReadCache(links[0], settings({ REDIS_CACHE_EXPIRATION: 0 }));
    for (const loads of [1, 2]) {
      expect(await none.read(scope, 'value', load)).toBe(1);
      expect(store.loads).toBe(loads);
    }
    await none.change(scope, write(2));
    expect(await links[0].redis.keys(`cache:{${scope}}*`)).toEqual([]);
  });

  it('comes from the store while Redis is away, and nothing is changed then; afterwards all is as before', async () => {
    await read(one);
    await redis.kill();
    await eventually(() => expect(links[0].away).toBe(true));
    store.value = 2;
    expect([await read(one), await read(other)]).toEqual([2, 2]);
    await expect(one.change(scope, write(3))).rejects.toThrow();
    expect(store.value).toBe(2);
    await redis.start();
    await eventually(async () => {
      await one.change(scope, write(4));
    });
    await eventually(() => expect(links.map(({ away }) => away)).toEqual([false, false]));
    expect([await read(one), await read(other)]).toEqual([4, 4]);
  });
});
