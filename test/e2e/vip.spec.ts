import { lineOf, newCustomer, newProduct, settled, succeeded, type Customer } from '../support/builders';
import { each, times } from '../support/client';
import { frozen } from '../support/processes';
import type { OrderView, PlacedView } from '../support/views';

jest.setTimeout(120_000);

const STANDARD = 800;
const VIP = 20;

const confirmedAt = ({ history }: OrderView): number =>
  Date.parse(history.find(({ status }) => status === 'CONFIRMED')!.at);

describe('a VIP', () => {
  it('overtakes the standard orders that wait, though it came after them', async () => {
    const tea = await newProduct({ stock: 10_000 });
    const standard = await each(times(10), 5, () => newCustomer());
    const vips = await each(times(2), 2, () => newCustomer({ vip: true }));
    const place = async (who: Customer) => {
      const reply = succeeded(await who.post<PlacedView>('/orders', lineOf(tea), { timeout: 30_000 }), 201);
      return { who, id: reply.data.order.id };
    };

    // A backlog that does not depend on how fast this machine is: nobody works while it grows.
    const [waiting, late] = await frozen('processor', async () => [
      await each(times(STANDARD), 32, (index) => place(standard[index % standard.length])),
      await each(times(VIP), 4, (index) => place(vips[index % vips.length])),
    ]);

    const end = (orders: typeof waiting) =>
      each(orders, 16, async ({ who, id }) => confirmedAt(await settled(who, id, 60_000)));
    const lastVip = Math.max(...(await end(late)));
    const before = (await end(waiting)).filter((at) => at < lastVip);
    // Some were taken in hand at the same moment as the first VIPs: as many as are worked on at once.
    expect(before.length).toBeLessThan(STANDARD / 2);
  });
});
