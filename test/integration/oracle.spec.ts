import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Product } from '@suite/contracts';
import { eventually } from '../support/eventually';
import { Script } from '../support/launcher';
import { recount, withPicture, wrongsOf, type Answered, type Known, type Report } from '../support/oracle';
import { oneOf, OrderSuite } from '../support/orders';
import { PaymentSuite, START_ALL_MS } from '../support/payment-suite';
import type { Service } from '../support/service';
import { newId, someCaller, someProduct } from '../support/stock';

jest.setTimeout(120_000);

type Name = 'stock' | 'orders' | 'processor';

/** One shop, told in order: as it should be, recounted by a person, and then with one fault after the other in it. */
describe('the oracle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
  const processes = new Map<Name, Service>();
  let suite: OrderSuite;
  const uri = () => suite.wires.environment.MONGODB_URI!;
  const judge = (known: Known = {}): Promise<Report> => withPicture(uri(), (picture) => recount(picture, known));
  const judgeQuiet = async (): Promise<string> => {
    await eventually(async () => expect((await judge()).figures.waiting).toBe(0), { timeoutMs: 20_000 });
    return wrongsOf(await judge({ quiet: true })).join('\n');
  };

  /** Another build of a process in place of the one that runs. */
  async function build(name: Name, environment: NodeJS.ProcessEnv = {}): Promise<void> {
    await processes.get(name)?.stop();
    processes.set(name, await suite.add(name, { RECONCILE_EVERY_MS: '300', RELAY_EVERY_MS: '200', ...environment }));
  }

  const product = (initialStock: number) => someProduct(suite.wires, { initialStock });
  /** So many orders of one unit each, all at once; returns what was answered. */
  const buy = (tea: Product, count: number): Promise<Answered[]> =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const [userId, key] = [newId(), newId()];
        const { order } = await suite.place(oneOf(tea), { caller: someCaller({ userId }), idempotencyKey: key });
        return { orderId: order.id, userId, key };
      }),
    );
  const ended = (answered: Answered[]) => Promise.all(answered.map(({ orderId }) => suite.ended(orderId)));

  beforeAll(async () => {
    suite = await OrderSuite.start();
    await Promise.all([build('stock'), build('orders'), build('processor')]);
  });
  afterAll(async () => {
    await suite?.stop();
    rmSync(folder, { recursive: true });
  });

  it('is content with a sound build: sold out, cancelled, and at every moment while it is open', async () => {
    const answered = await buy(await product(15), 20);
    const moments: Report[] = [];
    const watching = eventually(async () => {
      moments.push(await judge());
      expect(moments.at(-1)!.orders.PENDING ?? 0).toBe(0);
    });
    const [orders] = await Promise.all([ended(answered), watching]);
    await suite.cancel(orders.find(({ status }) => status === 'CONFIRMED')!);
    expect(await judgeQuiet()).toBe('');
    const report = await judge({ quiet: true, answered });
    expect([...moments, report].flatMap(wrongsOf)).toEqual([]);
    expect(report.orders).toEqual({ CONFIRMED: 14, CANCELLED: 1, FAILED: 5 });
    expect(report.units).toMatchObject({ received: 15, available: 1, sold: 14, soldByOrders: 14, moving: 0 });
  });

  describe('as npm run audit', () => {
    const audit = async (args: string[] = [], environment: NodeJS.ProcessEnv = { MONGODB_URI: uri() }) => {
      const { PATH, HOME } = process.env;
      const script = new Script('scripts/audit.mjs', { PATH, HOME, NODE_ENV: 'test', ...environment }, args);
      return { code: await script.ended, output: script.output };
    };

    it('says that everything adds up, for people and for machines', async () => {
      const { code, output } = await audit();
      expect([code, output]).toEqual([0, expect.stringContaining('✔ Everything adds up.')]);
      for (const line of [/^received +15$/m, /^sold +14 +14$/m, /^ {2}CANCELLED +1$/m, /^✔ I2 /m])
        expect(output).toMatch(line);
      const machine = await audit(['--json']);
      expect(JSON.parse(machine.output)).toMatchObject({ sound: true, violations: [], orders: { CONFIRMED: 14 } });
    });

    it('names what has drifted, and ends with 1', async () => {
      const reservations = suite.wires.database('stock').collection('reservations');
      const one = await reservations.findOneAndUpdate({ state: 'committed' }, { $set: { state: 'released' } });
      const { code, output } = await audit();
      expect([code, output]).toEqual([1, expect.stringContaining('✖ Something has drifted.')]);
      expect(output).toMatch(
        new RegExp(`✖ I2 .*\n +I2 .*\\(1: ${String(one!._id)} CONFIRMED, reservation released\\)`),
      );
      expect((await audit(['--json'])).code).toBe(1);
      await reservations.updateOne({ _id: one!._id }, { $set: { state: 'committed' } });
    });

    it('ends with 2 where it could not find out', async () => {
      const away = { MONGODB_URI: 'mongodb://127.0.0.1:1/?directConnection=true' };
      const nowhere = { SUITE_DATA_DIR: join(folder, 'no-suite') };
      expect(await audit([], away)).toMatchObject({
        code: 2,
        output: expect.stringMatching(/^✖ The shop could not be/),
      });
      expect(await audit([], nowhere)).toMatchObject({ code: 2, output: expect.stringMatching(/does not run here/) });
      expect((await audit(['--nonsense'])).code).toBe(2);
    });
  });

  it('finds that a build takes twice when it is asked twice', async () => {
    const failpoints = join(folder, 'failpoints');
    writeFileSync(failpoints, JSON.stringify([{ name: 'again', at: 'order.reserved', action: 'throw', times: 3 }]));
    await Promise.all([
      build('stock', { FAULTS: 'double-take' }),
      build('processor', { FAILPOINTS: failpoints }), //
    ]);
    const tea = await product(100);
    await ended(await buy(tea, 12));
    const wrongs = await judgeQuiet();
    expect(readdirSync(folder).filter((name) => name.startsWith('failpoints.again'))).toHaveLength(3);
    expect(wrongs).toContain(`I2 orders and stock differ on what is sold (1: ${tea.stock.id} orders 12, stock 15)`);
    expect(wrongs).toMatch(/I7 an order took its units twice \(3: order \w+, stock \w+: 1 and 1/);
  });

  it('finds that a build oversells, although its stock adds up', async () => {
    await build('stock', { FAULTS: 'oversell' });
    const tea = await product(5);
    await ended(await buy(tea, 12));
    const wrongs = await judgeQuiet();
    expect(wrongs).toMatch(new RegExp(`I2 .* differ on what is sold .*${tea.stock.id} orders 12, stock 5`));
    expect(wrongs).not.toContain('I1');
  });

  it('finds that a build loses what it has answered', async () => {
    await build('orders', { FAULTS: 'lost-order' });
    const answered = await buy(await product(100), 12);
    expect(wrongsOf(await judge({ answered }))).toContainEqual(
      expect.stringMatching(`I3 an order was answered and is lost \\(12: ${answered[0].orderId}`),
    );
  });
});

/** The same of money, with the books of the provider beside those of the shop. */
describe('the oracle, where orders are paid online', () => {
  let suite: PaymentSuite;
  const expectWrongs = (wrongs: unknown) =>
    eventually(async () => expect(await suite.wrongs()).toEqual(wrongs), { timeoutMs: 20_000 });

  beforeAll(async () => {
    suite = await PaymentSuite.start({ FAULTS: 'double-capture' });
  }, START_ALL_MS);
  afterAll(() => suite?.stop());

  it('is content with a build that is wrong only in bad weather, while the weather is good', async () => {
    const tea = await suite.product();
    const [paid, cancelled] = [await suite.place(tea), await suite.place(tea)];
    for (const { order } of [paid, cancelled]) {
      await suite.till.serve(order.id);
      await suite.becomes(order.id, 'CONFIRMED');
    }
    await suite.cancel(cancelled.order.id, cancelled.caller);
    await expectWrongs([]);
  });

  it('finds that it draws a new key for a call of unknown outcome, so that a customer can pay twice', async () => {
    const tea = await suite.product();
    await suite.till.turn({ payDropAnswers: 1 });
    const { order } = await suite.place(tea);
    await eventually(async () => expect(await suite.till.bills(order.id)).toBeGreaterThan(1));
    await suite.till.turn({});
    for (let nth = 0; nth < 2; nth++) await suite.till.serve(order.id);
    await expectWrongs(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`^I5 an order was captured more than once \\(2: ${order.id}: `)),
        expect.stringMatching(new RegExp(`^I5 payments has another sum .*\\(1: ${order.id} .* captured 5000`)),
        expect.stringMatching(new RegExp(`^I5 the provider has another sum .*\\(1: ${order.id} .* captured 5000`)),
      ]) as unknown,
    );
  });
});
