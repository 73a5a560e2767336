/** The load script's own judgement: a script that cannot see an oversold product would always be content. */
const { findWrongs } = jest.requireActual<{ findWrongs: (outcome: object) => string[] }>('./verdict.mjs');
const { readOptions } = jest.requireActual<{ readOptions: (args: string[]) => Record<string, unknown> }>(
  './options.mjs',
);
const { randomFrom } = jest.requireActual<{ randomFrom: (seed: number) => () => number }>('./random.mjs');
const { judge, readLimits } = jest.requireActual<{
  judge: (report: object, limits: object) => { path: string; held: boolean }[];
  readLimits: (file: string) => object;
}>('./limits.mjs');
const { pace } = jest.requireActual<{ pace: (course: object) => Promise<void> }>('./pacing.mjs');
const { htmlOf } = jest.requireActual<{ htmlOf: (report: object, last?: object) => Promise<string> }>('./html.mjs');
const { reportText } = jest.requireActual<{ reportText: (report: object, last?: object) => string }>('./text.mjs');
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
    expect(report.timeline).toEqual([expect.objectContaining({ accepted: 1, confirmed: 1, refused: 0 })]);
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

const finished = (changes: object = {}) => ({
  ...makeReport({
    options: { scenario: 'hot', connections: 8 },
    tally: new Tally(),
    placingMs: 500,
    orders: [],
    levels: [],
  }),
  limits: [],
  ...changes,
});

describe('the report of a run, read by people,', () => {
  it('stands beside the last run and its limits', () => {
    const report = finished({ acceptedPerSecond: 120, refused: 3 });
    const limits = judge(report, { acceptedPerSecond: { min: 100 }, refused: { max: 0 }, 'looking.p99': { max: 5 } });
    const text = reportText({ ...report, limits }, finished({ acceptedPerSecond: 100 }));
    expect(text).toMatch(/accepted\/s +120 +100 +\+20 % +≥ 100 held/);
    expect(text).toMatch(/refused +3 .*≤ 0 BROKEN/);
    expect(text).toContain('LIMIT BROKEN: a page, p99 ms: not measured');
  });

  it('is one file that asks for no other, and shows what it is given as text', async () => {
    const html = await htmlOf(
      finished({ wrongs: ['<script>alert(1)</script>'], timeline: [{ accepted: '</script>' }] }),
    );
    expect(html).not.toContain('<script>alert(1)');
    expect(html.match(/<\/script>/g)).toHaveLength(3);
    expect(html).not.toMatch(/(src|href)=/);
    expect(html).not.toMatch(/https?:\/\/(?!github\.com\/leeoniya\/uPlot)/);
  });
});

describe('the limits of a run', () => {
  it('as they come with the script can be read', () => {
    expect(readLimits(`${__dirname}/limits.json`)).toHaveProperty(['accepting.standard.p99']);
  });

  it.each([
    ['no file', '/nowhere.json', /cannot be read/],
    ['no JSON', __filename, /cannot be read/],
    ['an unknown figure', `${__dirname}/../../package.json`, /there is no figure "name"/],
  ])('are refused for %s', (_what, file, sentence) => expect(() => readLimits(file)).toThrow(sentence));
});

describe('the pace of a run', () => {
  const never = new AbortController().signal;

  it('in a closed loop keeps so many going and no more', async () => {
    let [going, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++going);
      await new Promise(setImmediate);
      going--;
    };
    await pace({ count: 20, width: 4, rate: 0, signal: never, work });
    expect(most).toBe(4);
  });

  it('in an open loop waits for nobody, and counts from when it was due', async () => {
    const dues: number[] = [];
    let going = 0;
    let release = () => {};
    const stalled = new Promise<void>((resolve) => (release = resolve));
    const work = (_i: number, due: number) => {
      dues.push(due);
      if (++going === 10) release();
      return stalled;
    };
    await pace({ count: 10, rate: 500, signal: never, work });
    expect(dues.map((due) => Math.round(due - dues[0]))).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    let done = 0;
    const work = () => (++done === 3 && stop.abort(), Promise.resolve());
    await pace({ count: 1_000, rate: 10_000, signal: stop.signal, work });
    await pace({ count: 1_000, width: 2, rate: 0, signal: stop.signal, work });
    expect(done).toBeLessThan(1_000);
  });
});

describe('the options of the load script', () => {
  it('have defaults that stay on this machine and end', () => {
    expect(readOptions(['--url', 'http://localhost:8080/x'])).toMatchObject({
      url: 'http://localhost:8080',
      stock: 2_000,
    });
    expect(readOptions(['--scenario', 'spread', '--orders', '100', '--products', '10']).stock).toBe(70);
    expect(readOptions(['--scenario', 'flash-sale', '--orders', '101']).stock).toBe(21);
  });

  it.each([
    [['--orders', '0']],
    [['--orders', '1.5']],
    [['--rate', '-1']],
    [['--limits', '/nowhere.json']],
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
