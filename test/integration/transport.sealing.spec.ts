import { createHmac } from 'node:crypto';
import { keys } from '../../libs/platform/src/bus/wire';
import { eventually } from '../support/eventually';
import { Probes } from '../support/probes';
import { someAdmin, someCaller } from '../support/stock';
import { openWires, type Wires } from '../support/wires';
import { probe } from './fixtures/probe.contracts';

const KEY = 'development-only value of CALLER_SECRET';

/** As the gateway would say it, if it were the gateway. */
function sealed(caller: object, key: string, until = Date.now() + 30_000): string {
  const text = Buffer.from(JSON.stringify({ ...caller, until })).toString('base64url');
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

describe('who asks', () => {
  let wires: Wires;
  let probes: Probes;
  const ran = () => wires.redis.lrange('look done', 0, -1);
  const begun = () => wires.redis.lrange('look begun', 0, -1);
  /** As somebody does who can write to Redis, and nothing else. */
  const write = (id: string, caller: unknown) => {
    const envelope = { p: 'stock.look', d: { id }, h: { requestId: 'r-1', caller }, i: '1', r: 'nobody', t: 25_000 };
    return wires.redis.xadd(keys.inbox('stock'), '*', 'm', JSON.stringify(envelope));
  };

  beforeAll(async () => {
    wires = await openWires();
    probes = new Probes(wires.environment);
    await probes.start('one');
  });
  afterAll(async () => {
    await probes.stopAll();
    await wires.close();
  });

  it('crosses one service and the next', async () => {
    const caller = someCaller();
    await expect(wires.ask(probe.look, { id: 'first' }, { caller })).resolves.toMatchObject({ userId: caller.userId });
    await expect(wires.ask(probe.relay, { id: 'next' }, { caller })).resolves.toMatchObject({ userId: caller.userId });
  });

  it('is nobody where nobody is signed in', async () => {
    await expect(wires.ask(probe.look, { id: 'stranger' })).resolves.not.toHaveProperty('userId');
  });

  it.each<[what: string, caller: unknown]>([
    ['in plain words', someAdmin],
    ['sealed with another key', sealed(someAdmin, 'a guess')],
    ['sealed too long ago', sealed(someAdmin, KEY, Date.now() - 1_000)],
    ['of whom the seal says something else', sealed(someAdmin, 'a guess').split('.')[0] + sealed({}, KEY).slice(-44)],
    ['as an empty text', ''],
    ['as null', null],
  ])('is not believed %s: the message is not run, and somebody hears of it', async (what, caller) => {
    const errors = () => probes.logOf('one').split('came with a caller that is not sealed').length;
    const before = errors();
    await write(what, caller);
    await eventually(() => expect(errors()).toBe(before + 1));
    expect(await begun()).not.toContain(what);
  });

  it('is believed when it is sealed with the key, so that the refusals above are for their seals', async () => {
    await write('sealed by hand', sealed(someAdmin, KEY));
    await eventually(async () => expect(await ran()).toContain('sealed by hand'));
  });

  it('is known to a replica with a new key and the former one, while the gateway still has the former', async () => {
    await probes.start('two', { CALLER_SECRET: 'the new key', CALLER_SECRET_PREVIOUS: KEY });
    await probes.stop('one');
    const caller = someCaller();
    await expect(wires.ask(probe.look, { id: 'turning' }, { caller })).resolves.toMatchObject({
      userId: caller.userId,
    });
    await probes.start('three', { CALLER_SECRET: 'the new key' });
    await probes.stop('two');
    await expect(wires.ask(probe.look, { id: 'turned' }, { caller })).rejects.toMatchObject({ code: 'INTERNAL_ERROR' });
    expect(await begun()).not.toContain('turned');
  });
});
