import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armFailpoints, Failpoints, failpoints, faults, type Failpoint } from './failpoints';
import { problemOf } from './problems';
import { PlatformConfig } from './platform.config';
import { loadSettings } from './settings';

describe('a failpoint', () => {
  const folder = mkdtempSync(join(tmpdir(), 'failpoints-'));
  const file = join(folder, 'rules');
  const order = { number: 'A-1', customer: { name: 'Jo' }, items: [{ sku: 'TEA' }] };
  const set = (...rules: Partial<Failpoint>[]) =>
    writeFileSync(file, JSON.stringify(rules.map((rule, i) => ({ name: `rule-${i}`, action: 'throw', ...rule }))));
  /** Whether each of so many arrivals failed. */
  const arrive = async (count: number, at = 'order.reserved', here = new Failpoints(file)) => {
    const failed: boolean[] = [];
    for (let i = 0; i < count; i++) {
      failed.push(
        await here.reach(at, order).then(
          () => false,
          () => true,
        ),
      );
    }
    return failed;
  };

  beforeEach(() => readdirSync(folder).forEach((name) => rmSync(join(folder, name))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('does nothing where no rule is set, and none for this place', async () => {
    expect(await arrive(1)).toEqual([false]);
    set({ at: 'order.claimed' });
    expect(await arrive(1)).toEqual([false]);
  });

  it('fails as weather, once in all processes, and leaves a record', async () => {
    set({ at: 'order.reserved' });
    const first = new Failpoints(file);
    await expect(first.reach('order.reserved', order)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(await arrive(2)).toEqual([false, false]);
    expect(JSON.parse(readFileSync(`${file}.rule-0.1`, 'utf8'))).toMatchObject({
      at: 'order.reserved',
      pid: process.pid,
    });
  });

  it('can fail as if it were our own fault', async () => {
    set({ at: 'order.reserved', action: 'break' });
    const failure = await new Failpoints(file).reach('order.reserved', order).catch((error: unknown) => error);
    expect(problemOf(failure)).toMatchObject({ code: 'INTERNAL_ERROR' });
  });

  it('fails as often as it may, and at the n-th time', async () => {
    set({ at: 'order.reserved', times: 2 });
    expect(await arrive(3)).toEqual([true, true, false]);
    set({ name: 'third', at: 'order.reserved', nth: 3 });
    expect(await arrive(4)).toEqual([false, false, true, false]);
  });

  it('can be slow instead, whenever somebody comes by', async () => {
    set({ at: 'order.reserved', action: 'slow', ms: 30 });
    const began = performance.now();
    expect(await arrive(2)).toEqual([false, false]);
    expect(performance.now() - began).toBeGreaterThan(55);
  });

  it.each(['A-1', 'TEA', 'Jo'])('aims at one order by its number, its sku or its customer: %s', async (about) => {
    set({ at: 'order.reserved', about: 'another' }, { at: 'order.reserved', about });
    expect(await arrive(1)).toEqual([true]);
  });

  it('draws from its seed: the same again and again, and about as often as it should', async () => {
    const draw = async (name: string, seed: number) => {
      set({ name, at: 'order.reserved', probability: 0.25, seed, times: 400 });
      return arrive(400);
    };
    const drawn = await draw('a', 7);
    expect(await draw('b', 7)).toEqual(drawn);
    expect(await draw('c', 8)).not.toEqual(drawn);
    const failed = drawn.filter(Boolean).length;
    expect([failed > 60, failed < 140]).toEqual([true, true]);
  });
});

describe('what makes a process fail on purpose', () => {
  const settings = { FAILPOINTS: '/some/file', FAULTS: 'oversell,lost-order' };

  it.each(['production', 'development'])('is refused where NODE_ENV is %s', (NODE_ENV) => {
    for (const [name, value] of Object.entries(settings)) {
      expect(() => loadSettings(PlatformConfig, { NODE_ENV, [name]: value })).toThrow(`${name} is for tests alone`);
    }
  });

  it('is not there unless it is set', () => {
    armFailpoints(loadSettings(PlatformConfig, { NODE_ENV: 'test', ...settings }));
    expect([failpoints, [...faults!]]).toEqual([expect.any(Failpoints), ['oversell', 'lost-order']]);
    armFailpoints(loadSettings(PlatformConfig, { NODE_ENV: 'production' }));
    expect([failpoints, faults]).toEqual([undefined, undefined]);
  });

  it('knows its faults by name', () => {
    const misspelt = { NODE_ENV: 'test', FAULTS: 'oversel' };
    expect(() => loadSettings(PlatformConfig, misspelt)).toThrow('FAULTS must match');
  });
});
