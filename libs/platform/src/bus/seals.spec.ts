import type { Caller } from '@suite/contracts';
import { PlatformConfig } from '../platform.config';
import { loadSettings } from '../settings';
import { Seals } from './seals';

const jo: Caller = {
  userId: '665f1c2e9b1d4a0012345678',
  sessionId: '665f1c2e9b1d4a0012345679',
  role: 'user',
  tier: 'vip',
  email: 'jo@example.com',
  name: 'Jö 🙂',
};

describe('a seal', () => {
  let now: number;
  const clock = { now: () => now };
  const withKeys = (CALLER_SECRET: string, CALLER_SECRET_PREVIOUS?: string) =>
    new Seals(loadSettings(PlatformConfig, { CALLER_SECRET, CALLER_SECRET_PREVIOUS }), clock);
  beforeEach(() => (now = 1_700_000_000_000));

  it('says who asks to whoever has the key, as often as it is shown', () => {
    const seal = withKeys('one').seal(jo);
    const service = withKeys('one');
    for (let i = 0; i < 3; i++) expect(service.open(seal)).toEqual(jo);
  });

  it('is used again for a while, for the same caller alone', () => {
    const gateway = withKeys('one');
    const first = gateway.seal(jo);
    now += 9_000;
    expect(gateway.seal({ ...jo })).toBe(first);
    expect(gateway.seal({ ...jo, role: 'admin' })).not.toBe(first);
    now += 20_000;
    expect(gateway.seal(jo)).not.toBe(first);
  });

  it('holds for longer than the longest message takes, however old it was when it was used again', () => {
    const [gateway, service] = [withKeys('one'), withKeys('one')];
    let seal = gateway.seal(jo);
    let [made, oldest] = [now, 0];
    for (const end = now + 120_000; now < end; now += 500) {
      const next = gateway.seal(jo);
      if (next === seal) oldest = Math.max(oldest, now - made);
      else [seal, made] = [next, now];
    }
    expect(oldest).toBeGreaterThan(5_000);
    now = made + oldest + 25_000;
    expect(service.open(seal)).toEqual(jo);
  });

  it('ends, also for whoever has seen it before', () => {
    const [gateway, service] = [withKeys('one'), withKeys('one')];
    const seal = gateway.seal(jo);
    now += 59_000;
    expect(service.open(seal)).toEqual(jo);
    now += 1_000;
    expect(service.open(seal)).toBeUndefined();
  });

  it.each<[what: string, forge: (seal: string) => unknown]>([
    ['of another key', () => withKeys('other').seal(jo)],
    ['that was changed', (seal) => changed(seal, { ...jo, role: 'admin', until: Infinity })],
    ['that was lengthened', (seal) => changed(seal, { ...jo, until: 9e15 })],
    ['without a signature', (seal) => seal.split('.')[0]],
    ['with an empty signature', (seal) => `${seal.split('.')[0]}.`],
    ['with half a signature', (seal) => seal.slice(0, -10)],
    ['that is none', () => ''],
    ['that is a caller in plain words', () => jo],
    ['that is a number', () => 1],
  ])('%s opens nothing', (_what, forge) => {
    const seal = withKeys('one').seal(jo);
    const service = withKeys('one');
    expect(service.open(seal)).toEqual(jo);
    expect(service.open(forge(seal))).toBeUndefined();
  });

  it('of the former key is good while that is named, and a new one is made with the new key', () => {
    const old = withKeys('old');
    const both = withKeys('new', 'old');
    expect(both.open(old.seal(jo))).toEqual(jo);
    expect(withKeys('new').open(both.seal(jo))).toEqual(jo);
    expect(withKeys('new').open(old.seal(jo))).toBeUndefined();
    expect(old.open(both.seal(jo))).toBeUndefined();
  });
});

const changed = (seal: string, content: object): string =>
  `${Buffer.from(JSON.stringify(content)).toString('base64url')}.${seal.split('.')[1]}`;
