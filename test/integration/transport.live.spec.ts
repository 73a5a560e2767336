import { HealthChecks, liveTail, PlatformConfig, RedisLink, sayLive } from '@suite/platform';
import { eventually } from '../support/eventually';
import { OwnRedis } from '../support/redis';

describe('what is said live', () => {
  let redis: OwnRedis;
  let link: RedisLink;

  beforeAll(async () => {
    redis = await OwnRedis.start();
    link = new RedisLink(Object.assign(new PlatformConfig(), { REDIS_PORT: redis.port }), new HealthChecks());
  });
  afterAll(async () => {
    link.onApplicationShutdown();
    await redis.remove();
  });

  it('and lost when Redis was emptied, is a gap before whatever is said next', async () => {
    const heard: string[] = [];
    const tail = liveTail(link, 'test', { heard: (text) => heard.push(text), gap: () => heard.push('gap') });
    tail.start();
    await eventually(async () => {
      await sayLive(link.redis, 'test', ['before']);
      expect(heard).toContain('before');
    });
    // One more of those may still be on its way.
    const since = () => heard.slice(heard.lastIndexOf('before') + 1);
    await link.redis.multi().xadd('live:{test}', '*', 'm', 'lost').flushdb().exec();
    await sayLive(link.redis, 'test', ['later']);
    await eventually(() => expect(since()).toEqual(['gap', 'later']));
    // And once more, for what had been said and was not written down yet.
    await eventually(() => expect(since()).toEqual(['gap', 'later', 'gap']));
    tail.stop();
  });
});
