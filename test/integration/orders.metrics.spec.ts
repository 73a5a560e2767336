import type { Queue } from 'bullmq';
import { deadOrders } from '../support/dead-orders';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { oneOf, OrderSuite } from '../support/orders';
import { scrape } from '../support/scrape';
import { someCaller, someProduct } from '../support/stock';

describe('the metrics of a processor', () => {
  let suite: OrderSuite;
  let queue: Queue;
  let port: number;
  const metric = (name: string): Promise<number> => scrape(port, name);

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders');
    queue = suite.queue();
    port = await freePort();
    const soon = { RECONCILE_EVERY_MS: '300', RELAY_EVERY_MS: '200' };
    await suite.add('processor', { ...soon, INTERNAL_PORT: String(port), INTERNAL_HOST: '127.0.0.1' });
  });
  afterAll(() => suite?.stop());

  it('say how long each lane waits, and how orders end', async () => {
    const product = await someProduct(suite.wires);
    const placed = [
      await suite.place(oneOf(product)),
      await suite.place(oneOf(product), { caller: someCaller({ tier: 'vip' }) }),
    ];
    for (const { order } of placed) await suite.ended(order.id);
    await eventually(async () => {
      expect(await metric('orders_processed_total{outcome="CONFIRMED"}')).toBe(2);
      expect(await metric('orders_queue_wait_seconds_count{lane="vip",promoted="false"}')).toBe(1);
      expect(await metric('orders_queue_wait_seconds_count{lane="standard",promoted="false"}')).toBe(1);
      expect(await metric('orders_processing_seconds_count{lane="vip"}')).toBe(1);
    });
  });

  it('say how many wait in each lane', async () => {
    await queue.pause();
    const product = await someProduct(suite.wires);
    const vip = { caller: someCaller({ tier: 'vip' }) };
    const placed = await Promise.all([suite.place(oneOf(product), vip), suite.place(oneOf(product), vip)]);
    await eventually(async () => expect(await metric('orders_queued{lane="vip"}')).toBe(2));
    expect(await metric('orders_queued{lane="standard"}')).toBe(0);
    await queue.resume();
    for (const { order } of placed) await suite.ended(order.id);
    await eventually(async () => expect(await metric('orders_queued{lane="vip"}')).toBe(0));
  });

  it('say what is owed for longer than it should be', async () => {
    const { order } = await suite.place(oneOf(await someProduct(suite.wires)));
    await suite.ended(order.id);
    await eventually(async () => expect(await metric('orders_overdue_debts{debt="restock"}')).toBe(0));
    const orders = suite.wires.database('orders').collection('orders');
    // Of a dead order, which no relay can pay.
    await orders.insertOne({ number: 'nobody', outbox: { restock: new Date(0) } });
    await eventually(async () => expect(await metric('orders_overdue_debts{debt="restock"}')).toBe(1));
    expect(await metric('orders_oldest_debt_seconds{debt="restock"}')).toBeGreaterThan(1e9);
    expect(await metric('orders_oldest_debt_seconds{debt="refund"}')).toBe(0);
    await orders.deleteOne({ number: 'nobody' });
  });

  it('count dead letters, those that are open and those that ever were', async () => {
    const [{ mend }] = await deadOrders(suite, queue);
    await eventually(async () => {
      expect(await metric('dead_letters_open')).toBe(1);
      expect(await metric('dead_letters_written_total{reason="STOCK_NOT_FOUND"}')).toBe(1);
      expect(await metric('reconciler_mended_total{what="waiting orders that had no live job"}')).toBe(1);
    });
    await mend();
  });
});
