import { lineOf, newCustomer, newProduct, settled, type Customer } from '../support/builders';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import type { OrderView, PlacedView, ProductView } from '../support/views';

jest.setTimeout(180_000);

/** ms from being placed to being confirmed, by the order's own history. */
function timeToConfirm({ createdAt, history }: OrderView): number {
  return Date.parse(history.find(({ status }) => status === 'CONFIRMED')!.at) - Date.parse(createdAt);
}

const percentile = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];

describe('a VIP', () => {
  const place = async (who: Customer, product: ProductView) =>
    (await who.post<PlacedView>('/orders', lineOf(product), { timeout: 30_000 })).data.order;

  it('overtakes a backlog of standard orders, and is no slower where there is none', async () => {
    const tea = await newProduct({ stock: 100_000 });
    const standard = await each(times(20), 8, () => newCustomer());
    const vips = await each(times(4), 4, () => newCustomer({ vip: true }));

    let placed = 0;
    const flood = each(times(2_000), 64, async (index) => {
      const who = standard[index % standard.length];
      const order = await place(who, tea);
      placed++;
      return { who, order };
    });
    /** VIPs come while the flood runs, spread over it rather than all at its beginning. */
    const late = each(times(30), 2, async (index) => {
      await eventually(() => expect(placed).toBeGreaterThanOrEqual(400 + index * 40), { timeoutMs: 60_000 });
      const who = vips[index % vips.length];
      return { who, order: await place(who, tea) };
    });
    const ended = (orders: { who: Customer; order: OrderView }[]) =>
      each(orders, 16, async ({ who, order }) => timeToConfirm(await settled(who, order.id, 120_000)));
    const vipTimes = await ended(await late);
    const standardTimes = await ended((await flood).slice(-400));

    const [vip, others] = [percentile(vipTimes, 0.95), percentile(standardTimes, 0.95)];
    expect(vip).toBeLessThanOrEqual(others > 1_000 ? others / 2 : Math.max(250, others * 1.2));
  });
});
