import { Injectable } from '@nestjs/common';
import { Problem, type Caller, type PlacedOrder, type PlaceOrder } from '@suite/contracts';
import { callerOf, currentContext, failpoints, faults, MongoLink, traceparentOf } from '@suite/platform';
import { Types } from 'mongoose';
import { BacklogService } from './backlog.service';
import { DispatchService } from './dispatch.service';
import { fingerprintOf, newOrder, type Idempotency, type NewOrder } from './new-order';
import { orderNumber } from './order.number';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';
import { orderAsPlaced } from './order.view';
import { PaymentMethodsService } from './payment-methods.service';
import type { QuotedLine } from './quote';
import { QuotesService } from './quotes.service';

/**
 * Accepts orders. One durable write holds the order, its idempotency key and its outbox entry, so that there is nothing
 * between them in which a process could die: a key is either free, or belongs to an order that can be shown again.
 */
@Injectable()
export class PlacingService {
  constructor(
    private readonly store: OrderStore,
    private readonly dispatch: DispatchService,
    private readonly methods: PaymentMethodsService,
    private readonly quotes: QuotesService,
    private readonly mongo: MongoLink,
    private readonly backlog: BacklogService,
  ) {}

  place(body: PlaceOrder): Promise<PlacedOrder> {
    return this.accept(body, (idempotency) => this.draft(body, { idempotency }));
  }

  /**
   * Accepts one order for each idempotency key.
   * @param request what the client sent: the same key with another one is IDEMPOTENCY_KEY_REUSED.
   * @throws Problem OVERLOADED when too many wait; also where the key is known: it is answered when it comes again.
   * @param draft makes the order; again when an item of a cart that it takes was ordered by somebody else meanwhile.
   */
  async accept(request: object, draft: (idempotency?: Idempotency) => Promise<OrderRecord>): Promise<PlacedOrder> {
    await this.backlog.assertRoom(callerOf().tier);
    const key = currentContext()!.idempotencyKey;
    const idempotency = key === undefined ? undefined : { key, fingerprint: fingerprintOf(request) };
    try {
      for (;;) {
        const order = await draft(idempotency);
        if (!(await this.insert(order))) continue;
        this.dispatch.send(order);
        return { order: orderAsPlaced(order), replayed: false };
      }
    } catch (refusal) {
      // What was accepted before is answered again, even if it were refused by now: the stock may be gone. Not where the
      // refusal is that the database is away: looking would only take as long once more.
      const before = idempotency && !this.mongo.away && (await this.placedBefore(callerOf(), idempotency));
      if (before) return before;
      throw refusal;
    }
  }

  /** The order that could be accepted now. @throws Problem what refuses it */
  async draft(body: PlaceOrder, origin: Pick<NewOrder, 'idempotency' | 'cartItems'>): Promise<OrderRecord> {
    const { paymentMethod: method = 'CASH_ON_DELIVERY' } = body;
    await this.methods.assertAvailable(method);
    const quoted = await this.quote(body);
    const context = currentContext()!;
    const { requestId } = context;
    const traceparent = traceparentOf(context);
    return newOrder({ body, quoted, caller: callerOf(), method, requestId, traceparent, ...origin });
  }

  private async quote(body: PlaceOrder): Promise<QuotedLine[]> {
    const wanted = body.items.map(({ stockId, productId, quantity }) => ({ stockId, productId, quantity }));
    const lines = await this.quotes.quote(wanted);
    for (const [i, { priceAtPurchase }] of body.items.entries()) {
      const { stockId, price } = lines[i];
      if (priceAtPurchase !== undefined && priceAtPurchase !== price) {
        throw new Problem('PRICE_CHANGED', undefined, { stockId, currentPrice: price });
      }
    }
    return lines;
  }

  /** False: an item of a cart that it takes was ordered by somebody else. */
  private async insert(order: OrderRecord): Promise<boolean> {
    for (;;) {
      if (failpoints) await failpoints.reach('order.accepting', order);
      const outcome = faults?.has('lost-order') ? 'inserted' : await this.store.insert(order);
      if (failpoints) await failpoints.reach('order.accepted', order);
      if (outcome === 'key-taken') throw new Problem('IDEMPOTENCY_IN_PROGRESS');
      if (outcome !== 'number-taken') return outcome === 'inserted';
      order.number = orderNumber(order.createdAt);
    }
  }

  /** @throws Problem IDEMPOTENCY_KEY_REUSED */
  private async placedBefore(caller: Caller, { key, fingerprint }: Idempotency): Promise<PlacedOrder | undefined> {
    const userId = new Types.ObjectId(caller.userId);
    const order = await this.store.orders.findOne({ userId, 'idempotency.key': key });
    if (!order) return undefined;
    if (order.idempotency!.fingerprint !== fingerprint) throw new Problem('IDEMPOTENCY_KEY_REUSED');
    return { order: orderAsPlaced(order), replayed: true };
  }
}
