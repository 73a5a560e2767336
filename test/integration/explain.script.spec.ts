import { execFile } from 'node:child_process';
import type { Order } from '@suite/contracts';
import { deadOrders } from '../support/dead-orders';
import { eventually } from '../support/eventually';
import { root } from '../support/launcher';
import { oneOf } from '../support/orders';
import { PaymentSuite, START_ALL_MS } from '../support/payment-suite';
import { Service } from '../support/service';

interface Told {
  code: number;
  output: string;
}

let suite: PaymentSuite;
let notifications: Service;

beforeAll(async () => {
  suite = await PaymentSuite.start();
  const environment = { ...suite.wires.environment, ...suite.sandbox.environment, MAIL_SWEEP_MS: '300' };
  notifications = await Service.start('apps/notifications/src/main.ts', environment);
  suite.wires.database('notifications');
}, START_ALL_MS);
afterAll(async () => {
  await notifications?.stop();
  await suite?.stop();
});

/** As a person would ask, at a shell. */
const explain = (...args: string[]): Promise<Told> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, NODE_ENV: 'test', MONGODB_URI: suite.wires.environment.MONGODB_URI };
    execFile(process.execPath, ['scripts/explain.mjs', ...args], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });

/** Its story, once all of this is in it, in this order. */
const expectStory = (order: Pick<Order, 'id'>, ...parts: (string | RegExp)[]): Promise<string> =>
  eventually(
    async () => {
      const { code, output } = await explain(order.id);
      expect(code).toBe(0);
      let rest = output;
      for (const part of parts) {
        const at = typeof part === 'string' ? rest.indexOf(part) : rest.search(part);
        if (at < 0) throw new Error(`${String(part)} is not there, or too early, in:\n${output}`);
        rest = rest.slice(at + 1);
      }
      return output;
    },
    { timeoutMs: 20_000 },
  );

describe('npm run explain', () => {
  it('tells the story of an order that was confirmed, by its id and by its number', async () => {
    const product = await suite.product();
    const { order } = await suite.orders.place(oneOf(product, 2), { idempotencyKey: 'the-key' });
    await suite.orders.ended(order.id);
    const told = await expectStory(
      order,
      `Order ${order.number} (${order.id})`,
      ': CONFIRMED',
      /It was accepted: 2 × .+ at 12\.50 USD; 25\.00 USD in all, by CASH_ON_DELIVERY\. Request .+, idempotency key the-key\./,
      /2 × .+ were sold \(version \d+ of the stock\)\./,
      /It became CONFIRMED, by processor, .+ after it was accepted\./,
      'The mail “order-confirmed” was sent.',
      'How it stands:',
      'It is confirmed and waits to be shipped.',
      'Workers have taken it up 1 time.',
      'Stock has sold it 2 × ',
      'All of the 2 entries of its history were told; browsers have heard up to 2.',
    );
    expect(told).not.toContain('example.com');
    const byNumber = await explain(order.number.toLowerCase());
    expect(byNumber.code).toBe(0);
    expect(byNumber.output).toContain(order.id);
  });

  it('says what an order waits for, and tells of its payment, its webhooks and the money that went back', async () => {
    const { order, caller } = await suite.place(await suite.product());
    await suite.becomes(order.id, 'AWAITING_PAYMENT');
    await expectStory(
      order,
      'were reserved (version',
      /A payment of 25\.00 USD was opened with STRIPE as /,
      'It waits for its customer to pay, until ',
      'Stock holds 2 × ',
      'Its payment is PENDING: 0.00 USD came in',
    );
    await suite.till.serve(order.id);
    await suite.becomes(order.id, 'CONFIRMED');
    await expectStory(order, /25\.00 USD came in \(/, 'It became CONFIRMED', 'Stock has sold it 2 × ');
    expect((await explain(order.id)).output).toMatch(/STRIPE said payment_intent\.succeeded.*; that was processed\./i);
    await suite.cancel(order.id, caller);
    await expectStory(
      order,
      'It became CANCELLED',
      'It was cancelled; nothing waits.',
      'What stock held for it',
      '25.00 USD came in, 25.00 USD went back.',
    );
  });

  it('says why an order failed, and what can be done about it', async () => {
    const [{ letter, mend }] = await deadOrders(suite.orders, suite.orders.queue());
    await expectStory(
      { id: letter.orderId },
      'It became a dead letter after 1 attempt: STOCK_NOT_FOUND',
      'It has failed with PROCESSING_FAILED',
      `Its dead letter ${letter.id} is open and can be replayed.`,
    );
    await mend();
  });

  it('says what nobody has done yet', async () => {
    const queue = suite.orders.queue();
    await queue.pause();
    const { order } = await suite.orders.place(oneOf(await suite.product()));
    await expectStory(
      order,
      /It is PENDING and has waited for .+ in the standard lane; it waits for its first worker, or has just been taken up\./,
    );
    await queue.resume();
    await suite.orders.ended(order.id);
  });

  it('is told for machines as well', async () => {
    const { order } = await suite.orders.place(oneOf(await suite.product()));
    const { code, output } = await explain('--json', order.id);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      id: order.id,
      number: order.number,
      story: expect.arrayContaining([{ at: order.createdAt, what: expect.stringMatching(/^It was accepted/) }]),
      standing: expect.any(Array),
    });
  });

  it.each([
    ['an order that there is not', ['0123456789abcdef01234567'], /There is no order 0123456789abcdef01234567/],
    ['a number that there is not', ['NO-SUCH'], /There is no order NO-SUCH/],
    ['no order at all', [], /Which order\?/],
  ])('ends with 1 for %s', async (_what, args, said) => {
    const { code, output } = await explain(...args);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(said) });
    expect(output).not.toMatch(/ at .*mjs:\d+/);
  });

  it('ends with 1 and a readable line where there is no database', async () => {
    const env = { PATH: process.env.PATH, MONGODB_URI: 'mongodb://127.0.0.1:1/' };
    const told = await new Promise<Told>((resolve) =>
      execFile(process.execPath, ['scripts/explain.mjs', 'x'], { cwd: root, env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      ),
    );
    expect(told).toEqual({ code: 1, output: expect.stringMatching(/^✖ The order could not be looked up: .+\n$/) });
  });
});
