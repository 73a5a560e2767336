import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { newCustomer, newProduct, placeOrder, settled, succeeded, theAdmin, type Customer } from '../support/builders';
import { times } from '../support/client';
import { eventually } from '../support/eventually';
import type { OrderView, SummaryView } from '../support/views';

jest.setTimeout(120_000);

const SHOPPERS = 4;
const EARNING = ['CONFIRMED', 'SHIPPED', 'DELIVERED'];

/** As an admin would type it; tests have data in a folder of their own. */
const rebuild = () =>
  promisify(execFile)('npm', ['run', 'reports:rebuild'], {
    cwd: join(__dirname, '../..'),
    env: { ...process.env, SUITE_DATA_DIR: dirname(process.env.SUITE_STATE!) },
    timeout: 60_000,
  });

/** Every order of the shop, page by page, as it stands now. */
async function everyOrder(admin: Customer): Promise<OrderView[]> {
  const found: OrderView[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const query: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const { data, meta } = succeeded(await admin.get<OrderView[]>(`/admin/orders?limit=100${query}`), 200);
    found.push(...data);
    cursor = meta.nextCursor;
  }
  return found;
}

/** What the dashboard should say of them. */
function recounted(orders: OrderView[]): Pick<SummaryView, 'ordersByStatus' | 'revenue'> {
  const ordersByStatus: Record<string, number> = {};
  for (const { status } of orders) ordersByStatus[status] = (ordersByStatus[status] ?? 0) + 1;
  const earned = orders
    .filter(({ status }) => EARNING.includes(status))
    .reduce((sum, { total, payment }) => sum + Math.round(100 * total) - Math.round(100 * payment.refunded), 0);
  return { ordersByStatus: ordersByStatus, revenue: earned / 100 };
}

describe('the figures of the reports', () => {
  it('are built anew while orders come in and are cancelled, and then agree with the orders themselves', async () => {
    const [admin, tea] = [await theAdmin(), await newProduct({ stock: 100_000 })];
    let building = true;
    const shop = async () => {
      const jo = await newCustomer();
      for (let bought = 0; building || bought < 2; bought++) {
        const { id } = await settled(jo, (await placeOrder(jo, tea, 1 + (bought % 3))).id);
        if (bought % 4 === 1) succeeded(await jo.post(`/orders/${id}/cancel`), 200);
      }
    };
    const shopping = Promise.all(times(SHOPPERS).map(shop));
    const { stdout } = await rebuild().finally(() => (building = false));
    await shopping;

    const built = Number(/Built anew from (\d+) orders/.exec(stdout)?.[1]);
    const orders = await everyOrder(admin);
    expect(built).toBeGreaterThan(0);
    expect(built).toBeLessThanOrEqual(orders.length);
    await eventually(async () => {
      const { data } = succeeded(await admin.get<SummaryView>('/admin/analytics/summary'), 200);
      const { ordersByStatus, revenue } = recounted(await everyOrder(admin));
      expect(data.ordersByStatus).toMatchObject(ordersByStatus);
      expect(Object.values(data.ordersByStatus).reduce((a, b) => a + b)).toBe(orders.length);
      expect(data.revenue).toBe(revenue);
    });
  });
});
