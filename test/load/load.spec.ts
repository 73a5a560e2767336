/** The load script's own judgement: a script that cannot see an oversold product would always be content. */
const { findWrongs } = jest.requireActual<{ findWrongs: (outcome: object) => string[] }>('./verdict.mjs');
const { readOptions } = jest.requireActual<{ readOptions: (args: string[]) => Record<string, unknown> }>(
  './options.mjs',
);
const { randomFrom } = jest.requireActual<{ randomFrom: (seed: number) => () => number }>('./random.mjs');
const { makeReport } = jest.requireActual<{ makeReport: (run: object) => Record<string, object> }>('./report.mjs');
const { Tally } = jest.requireActual<{ Tally: new () => { accept(order: object, answer: object, ms: number): void } }>(
  './tally.mjs',
);

const order = (id: string, status: string, quantity = 1) => ({ id, status, items: [{ stockId: 'tea', quantity }] });
const level = (available: number, reserved = 0) => ({ stockId: 'tea', stock: 2, available, reserved });

describe('the verdict of the load script', () => {
  it('is content with what adds up', () => {
    const orders = [order('a', 'CONFIRMED', 2), order('b', 'FAILED')];
    expect(findWrongs({ acceptedIds: ['a', 'b'], orders, levels: [level(0)] })).toEqual([]);
  });

  it.each([
    ['an accepted order that is not there', ['a'], [], level(2), /lost: a/],
    ['an order left pending', ['a'], [order('a', 'PENDING')], level(2), /left pending: a/],
    ['more confirmed than there was', [], [order('a', 'CONFIRMED', 3)], level(0), /oversold: 3 of 2/],
    ['units that vanished', [], [order('a', 'CONFIRMED')], level(0), /does not add up/],
    ['units that are held for nobody', [], [order('a', 'CONFIRMED')], level(0, 1), /holds 1 units/],
  ])('finds %s', (_what, acceptedIds, orders, stock, sentence) => {
    expect(findWrongs({ acceptedIds, orders, levels: [stock] })).toEqual([expect.stringMatching(sentence)]);
  });
});

describe('the report of the load script', () => {
  it('takes the time to confirm from the history of the orders, by tier', () => {
    const tally = new Tally();
    tally.accept({ customer: { tier: 'vip' } }, { id: 'a' }, 12);
    const confirmed = {
      ...order('a', 'CONFIRMED'),
      tier: 'vip',
      createdAt: '2026-05-04T12:00:00.000Z',
      history: [
        { status: 'PENDING', at: '2026-05-04T12:00:00.000Z' },
        { status: 'CONFIRMED', at: '2026-05-04T12:00:00.250Z' },
      ],
    };
    const report = makeReport({ options: {}, tally, placingMs: 500, orders: [confirmed], levels: [level(1)] });
    expect(report).toMatchObject({
      accepted: 1,
      acceptedPerSecond: 2,
      confirmed: 1,
      confirmedPerSecond: 4,
      wrongs: [],
    });
    expect(report.confirming).toEqual({
      vip: {
        count: 1,
        p50: expect.closeTo(250, 0) as number,
        p95: expect.closeTo(250, 0) as number,
        p99: expect.closeTo(250, 0) as number,
        max: 250,
      },
      standard: undefined,
    });
  });
});

describe('the options of the load script', () => {
  it('have defaults that stay on this machine and end', () => {
    expect(readOptions(['--url', 'http://localhost:8080/x'])).toMatchObject({
      url: 'http://localhost:8080',
      stock: 2_000,
    });
    expect(readOptions(['--scenario', 'spread', '--orders', '100', '--products', '10']).stock).toBe(70);
  });

  it.each([
    [['--orders', '0']],
    [['--orders', '1.5']],
    [['--vip', '2']],
    [['--duration', '']],
    [['--scenario', 'cold']],
    [['--url', 'nonsense']],
    [['--url', 'http://127.0.0.1.example.com']],
    [['--url', 'http://192.168.0.1:8080']],
    [['--unknown']],
    [['positional']],
  ])('refuse %j', (args) => expect(() => readOptions(args)).toThrow());

  it('reach other machines only when told to', () => {
    expect(readOptions(['--url', 'https://shop.example.com', '--allow-remote']).url).toBe('https://shop.example.com');
  });
});

describe('random choices', () => {
  it('are the same for the same seed, and spread over the whole range', () => {
    const first = Array.from({ length: 1_000 }, randomFrom(7));
    expect(Array.from({ length: 1_000 }, randomFrom(7))).toEqual(first);
    expect(Array.from({ length: 1_000 }, randomFrom(8))).not.toEqual(first);
    expect(Math.min(...first)).toBeLessThan(0.01);
    expect(Math.max(...first)).toBeGreaterThan(0.99);
  });
});
