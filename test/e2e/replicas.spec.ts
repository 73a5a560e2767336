import { lineOf, newCustomer, newProduct, settled, stockOf } from '../support/builders';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { mailsTo } from '../support/mailbox';
import { suiteProcesses } from '../support/processes';
import type { PlacedView } from '../support/views';

jest.setTimeout(120_000);

describe('with two replicas of every service', () => {
  it('each runs twice', () => {
    const counts = new Map<string, number>();
    for (const { name } of suiteProcesses()) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const name of ['gateway', 'auth', 'stock', 'orders', 'processor', 'notifications', 'chatbot']) {
      expect([name, counts.get(name)]).toEqual([name, 2]);
    }
  });

  it('each of 100 orders is confirmed once and each mail is sent once', async () => {
    const buyers = await each(times(10), 5, () => newCustomer());
    const tea = await newProduct({ stock: 1_000 });
    const placed = await each(times(100), 20, async (index) => {
      const buyer = buyers[index % buyers.length];
      const { data } = await buyer.post<PlacedView>('/orders', lineOf(tea));
      return { buyer, order: data.order };
    });
    const ended = await each(placed, 10, ({ buyer, order }) => settled(buyer, order.id));
    const confirmations = ended.map(({ history }) => history.filter(({ status }) => status === 'CONFIRMED').length);
    expect(confirmations).toEqual(Array(100).fill(1));
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 900, reserved: 0 }));

    const mailsPerOrder = async () => {
      const boxes = await each(buyers, 5, ({ email }) => mailsTo(email));
      const subjects = boxes.flat().map(({ subject }) => subject);
      return placed.map(
        ({ order: { number } }) => subjects.filter((subject) => subject === `Your order ${number} is confirmed`).length,
      );
    };
    // Behind the mails of whatever stories were told before.
    await eventually(async () => expect(Math.min(...(await mailsPerOrder()))).toBe(1), {
      timeoutMs: 90_000,
      everyMs: 500,
    });
    expect(await mailsPerOrder()).toEqual(Array(100).fill(1));
  });
});
