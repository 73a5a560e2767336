import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Problem, type FindOrder, type GetOrder, type Order, type OrderPage, type OrderQuery } from '@suite/contracts';
import { callerOf, requireAdmin } from '@suite/platform';
import { Types } from 'mongoose';
import { LanesService } from './lanes.service';
import { orderFilter } from './order-filter';
import { OrderArchive } from './order-archive';
import { countOrders, findPage } from './order-pages';
import { parseOrderNumber } from './order.number';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { orderView, orderViewForAdmins } from './order.view';

/** How often a caller who waits for the end looks again, in ms: soon at first, since most orders end soon. */
const FIRST_LOOK_MS = 15;
const LAST_LOOK_MS = 250;

/** What customers see of their orders, and admins of all. */
@Injectable()
export class OrdersService {
  constructor(
    private readonly store: OrderStore,
    private readonly archive: OrderArchive,
    private readonly lanes: LanesService,
  ) {}

  /** Own orders; an admin sees all. @throws Problem ORDER_NOT_FOUND, also for the orders of others. */
  async get({ id, waitMs = 0 }: GetOrder): Promise<Order> {
    const deadline = Date.now() + waitMs;
    for (let look = FIRST_LOOK_MS; ; look = Math.min(look * 2, LAST_LOOK_MS)) {
      const order = await this.visible(new Types.ObjectId(id));
      if (!order) throw new Problem('ORDER_NOT_FOUND');
      const left = deadline - Date.now();
      if (order.status !== 'PENDING') return viewOf(order);
      if (left <= 0) return { ...viewOf(order), queue: await this.lanes.placeOf(order) };
      await pause(Math.min(look, left));
    }
  }

  /** For admins. @throws Problem FORBIDDEN, ORDER_NOT_FOUND, VALIDATION_FAILED */
  async find({ number: written }: FindOrder): Promise<Order> {
    requireAdmin();
    const number = parseOrderNumber(written);
    if (number === undefined) {
      const message = 'number must be twelve letters and digits, such as 0NK4-7Q9X-M2PB';
      throw new Problem('VALIDATION_FAILED', undefined, { errors: [{ path: 'number', message }] });
    }
    const order = await this.archive.find({ number });
    if (!order) throw new Problem('ORDER_NOT_FOUND');
    return viewOf(order);
  }

  private async visible(_id: Types.ObjectId): Promise<OrderRecord | undefined> {
    const { userId, role } = callerOf();
    if (role === 'admin') return this.archive.find({ _id });
    const key = { _id, userId: new Types.ObjectId(userId) };
    return (await this.store.find(key)) ?? this.archive.find(key);
  }

  /** Own orders, newest first. */
  async list({ status, number, page = 1, limit = 20, cursor }: OrderQuery): Promise<OrderPage> {
    const wanted = orderFilter({ userId: callerOf().userId, status, number });
    const [{ found, nextCursor }, total] = await Promise.all([
      findPage(this.archive.both, wanted, { page, limit, cursor }),
      countOrders(this.archive.both, wanted),
    ]);
    return { items: found.map(orderView), meta: { total, page, limit, nextCursor } };
  }
}

const viewOf = (order: OrderRecord): Order =>
  callerOf().role === 'admin' ? orderViewForAdmins(order) : orderView(order);
