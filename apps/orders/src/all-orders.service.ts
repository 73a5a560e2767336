import { Injectable } from '@nestjs/common';
import type { AllOrdersQuery, ExportedOrder, ExportedOrders, ExportOrders, OrderPage } from '@suite/contracts';
import { requireAdmin } from '@suite/platform';
import { FiguresService } from './figures.service';
import { orderFilter, type WantedOrders } from './order-filter';
import { OrderArchive } from './order-archive';
import { countOrders, findPage } from './order-pages';
import type { OrderRecord } from './order.schema';
import { orderViewForAdmins } from './order.view';
import { rangeOf } from './time-range';

/** Everybody's orders, as admins look through them and take them away. */
@Injectable()
export class AllOrdersService {
  constructor(
    private readonly archive: OrderArchive,
    private readonly figures: FiguresService,
  ) {}

  /** Newest first. */
  async list({ page = 1, limit = 20, cursor, from, to, ...rest }: AllOrdersQuery): Promise<OrderPage> {
    requireAdmin();
    const wanted = { ...rest, placed: rangeOf({ from, to }) };
    const [{ found, nextCursor }, total] = await Promise.all([
      findPage(this.archive.both, orderFilter(wanted), { page, limit, cursor }),
      this.count(wanted),
    ]);
    return { items: found.map(orderViewForAdmins), meta: { total, page, limit, nextCursor } };
  }

  /** Newest first, so that what is placed while an export runs is in none of its further portions. */
  async exportPage({ limit, cursor, from, to, ...rest }: ExportOrders): Promise<ExportedOrders> {
    requireAdmin();
    const filter = orderFilter({ ...rest, placed: rangeOf({ from, to }) });
    const { found, nextCursor } = await findPage(this.archive.both, filter, { limit, cursor }, exported);
    return { items: found.map(exportedOrder), nextCursor };
  }

  /** Of one user, or one number, there are few. Of all there are as many as the reports have counted, exactly. */
  private async count(wanted: WantedOrders & { placed: { from: number; to: number } }): Promise<number> {
    const { userId, number, status, tier, placed } = wanted;
    if (userId !== undefined || number !== undefined) {
      return countOrders(this.archive.both, orderFilter(wanted));
    }
    const [{ orders }] = await this.figures.sales([placed], tier);
    return status ? orders[status] : Object.values(orders).reduce((sum, count) => sum + count, 0);
  }
}

const exported = {
  number: 1,
  createdAt: 1,
  status: 1,
  tier: 1,
  userId: 1,
  customer: 1,
  'items.quantity': 1,
  total: 1,
  currency: 1,
  'payment.method': 1,
  'payment.status': 1,
  shippingAddress: 1,
} as const;

const exportedOrder = (order: OrderRecord): ExportedOrder => ({
  id: String(order._id),
  number: order.number,
  createdAt: order.createdAt.toISOString(),
  status: order.status,
  tier: order.tier,
  userId: String(order.userId),
  email: order.customer.email,
  name: order.customer.name,
  items: order.items.length,
  quantity: order.items.reduce((sum, { quantity }) => sum + quantity, 0),
  total: order.total,
  currency: order.currency,
  paymentMethod: order.payment.method,
  paymentStatus: order.payment.status,
  shippingAddress: order.shippingAddress,
});
