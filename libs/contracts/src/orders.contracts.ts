import { IntersectionType, PickType } from '@nestjs/swagger';
import { AuditReport, LastAudit } from './audit';
import type { Tier } from './caller';
import { AddedToCart, AddToCart, Cart, SetInCart } from './cart';
import { fact, job, message, Nothing } from './contract';
import {
  DeadLetter,
  DeadLetterGroups,
  DeadLetterPage,
  DeadLetterQuery,
  DiscardDeadLetter,
  ReplayDeadLetters,
  ReplayedLetter,
  ReplayRun,
} from './dead-letter';
import { IsFlag, IsId, IsListOf, IsMail, IsMinorUnits, IsOneOf, IsPart, IsText, IsWhole } from './fields';
import { MAX_LINES, MAX_QUANTITY } from './limits';
import {
  Address,
  HistoryEntry,
  Order,
  orderStatuses,
  paymentFlows,
  paymentMethods,
  type OrderStatus,
  type PaymentFlow,
  type PaymentMethod,
} from './order';
import { AddedOrderNote, AddOrderNote, ChangedOrder, FindOrder, RefundOrder, SetOrderStatus } from './order-commands';
import { RefundNews, ShipmentNews } from './order-details';
import { Wanted } from './offer';
import { ById, PageMeta, PageQuery } from './reading';
import {
  AllOrdersQuery,
  ExportedOrders,
  ExportOrders,
  SalesFigures,
  SalesQuery,
  Timeseries,
  TimeseriesQuery,
  TopProducts,
  TopProductsQuery,
} from './reports';
import { Debts, DryRun, OrderStory, Standing } from './standing';

export class OrderedLine extends Wanted {
  @IsWhole(1, MAX_QUANTITY, { example: 1 })
  quantity: number;

  @IsMinorUnits({ optional: true, description: 'Guards against a change of price; prices come from the catalogue' })
  priceAtPurchase?: number;
}

export class PlaceOrder {
  @IsListOf(OrderedLine, 1, MAX_LINES)
  items: OrderedLine[];

  @IsPart(Address, { optional: true })
  shippingAddress?: Address;

  @IsOneOf(paymentMethods, { optional: true })
  paymentMethod?: PaymentMethod;

  @IsOneOf(paymentFlows, { optional: true })
  paymentFlow?: PaymentFlow;
}

/** What an order says beside its items, which are those of the cart. */
export class Checkout extends PickType(PlaceOrder, ['shippingAddress', 'paymentMethod', 'paymentFlow']) {}

export class PlacedOrder {
  @IsPart(Order)
  order: Order;

  @IsFlag({ description: 'Was it placed before, with the same idempotency key?' })
  replayed: boolean;
}

export class GetOrder extends ById {
  @IsWhole(0, 10_000, {
    optional: true,
    description: 'Hold the answer until the order has left PENDING, at most so many ms',
  })
  waitMs?: number;
}

export class OrderQuery extends PageQuery {
  @IsOneOf(orderStatuses, { optional: true })
  status?: OrderStatus;

  @IsText(1, 40, { optional: true, description: 'Of one order, in any spelling: `0nk4 7q9x m2pb`' })
  number?: string;
}

export class OrderPage {
  @IsListOf(Order, 0, 100)
  items: Order[];

  @IsPart(PageMeta)
  meta: PageMeta;
}

/** Something happened to an order: one entry of its history, with what a mail or a browser needs to tell it. */
export class OrderChanged extends IntersectionType(
  PickType(Order, ['number', 'userId', 'tier', 'items', 'total', 'currency', 'failure']),
  PickType(HistoryEntry, ['seq', 'kind', 'status', 'at', 'reason']),
) {
  @IsId()
  orderId: string;

  @IsMail()
  email: string;

  @IsText(0, 200)
  name: string;

  @IsOneOf(orderStatuses, { optional: true, description: 'Absent when the order was placed' })
  previousStatus?: OrderStatus;

  @IsPart(ShipmentNews, { optional: true, description: 'What was shipped with this entry' })
  shipment?: ShipmentNews;

  @IsPart(RefundNews, { optional: true, description: 'What was refunded with this entry' })
  refund?: RefundNews;
}

export class ProcessOrder {
  @IsId()
  orderId: string;

  @IsId({ description: 'The sharding key of orders, hence in every filter' })
  userId: string;

  @IsWhole(0, 1_000_000)
  epoch: number;
}

export const orders = {
  /**
   * Safe to repeat with an idempotency key. Refuses with STOCK_NOT_FOUND (`stockId` or `productId`, as asked) for what is
   * unknown or archived; INSUFFICIENT_STOCK (`stockId`, `requested`, `available`), of all lines of one stock together;
   * PRICE_CHANGED (with `stockId` and `currentPrice` in minor units), PAYMENT_METHOD_UNAVAILABLE, IDEMPOTENCY_KEY_REUSED.
   */
  place: message('orders.place', PlaceOrder, PlacedOrder),
  /** The caller's own cart; so are the four below. */
  cart: message('orders.cart', Nothing, Cart, { idempotent: true }),
  /**
   * STOCK_NOT_FOUND; INSUFFICIENT_STOCK (`stockId`, `requested` with what is in the cart already, `available`);
   * VALIDATION_FAILED beyond MAX_QUANTITY or MAX_LINES. With an idempotency key it may be repeated: added once.
   */
  addToCart: message('orders.addToCart', AddToCart, AddedToCart),
  /** CART_ITEM_NOT_FOUND, and as above; taking out what is not there changes nothing. */
  setInCart: message('orders.setInCart', SetInCart, Cart, { idempotent: true }),
  emptyCart: message('orders.emptyCart', Nothing, Cart, { idempotent: true }),
  /** CART_EMPTY, and as `place`. Takes out of the cart exactly what it orders. */
  checkout: message('orders.checkout', Checkout, PlacedOrder),
  /** One's own, while it is PENDING, AWAITING_PAYMENT or CONFIRMED; otherwise INVALID_TRANSITION. */
  cancel: message('orders.cancel', ById, Order),
  get: message('orders.get', GetOrder, Order, { timeoutMs: 12_000, idempotent: true }),
  list: message('orders.list', OrderQuery, OrderPage, { idempotent: true }),

  /** For admins, as all of these. Everybody's orders, newest first. */
  listAll: message('orders.listAll', AllOrdersQuery, OrderPage, { idempotent: true }),
  /** The same orders as a file needs them, in larger portions. */
  exportPage: message('orders.exportPage', ExportOrders, ExportedOrders, { idempotent: true }),
  /** Figures of the orders that were placed in a time, as they stand now. */
  summary: message('orders.summary', SalesQuery, SalesFigures, { idempotent: true }),
  timeseries: message('orders.timeseries', TimeseriesQuery, Timeseries, { idempotent: true }),
  topProducts: message('orders.topProducts', TopProductsQuery, TopProducts, { idempotent: true }),

  /** For admins, as all of these. Newest first. */
  deadLetters: message('orders.deadLetters', DeadLetterQuery, DeadLetterPage, { idempotent: true }),
  deadLetterGroups: message('orders.deadLetterGroups', Nothing, DeadLetterGroups, { idempotent: true }),
  /** DEAD_LETTER_NOT_FOUND, as all that name one. */
  deadLetter: message('orders.deadLetter', ById, DeadLetter, { idempotent: true }),
  /**
   * Its order is PENDING again. ALREADY_REPLAYED, INVALID_TRANSITION (there is nothing left to do),
   * REPLAY_LIMIT_REACHED. Safe to repeat with an idempotency key.
   */
  replayDeadLetter: message('orders.replayDeadLetter', ById, ReplayedLetter),
  /** IDEMPOTENCY_KEY_REUSED. Safe to repeat with an idempotency key. */
  replayDeadLetters: message('orders.replayDeadLetters', ReplayDeadLetters, ReplayRun),
  /** The order stays FAILED. ALREADY_REPLAYED, INVALID_TRANSITION (it was discarded before). */
  discardDeadLetter: message('orders.discardDeadLetter', DiscardDeadLetter, DeadLetter),

  /** Would it pass if it were replayed now? Nothing is done. DEAD_LETTER_NOT_FOUND. */
  tryDeadLetter: message('orders.tryDeadLetter', ById, DryRun, { idempotent: true }),

  /** For admins: how orders stand just now, cheaply enough for every second. */
  standing: message('orders.standing', Nothing, Standing, { idempotent: true, timeoutMs: 1_500 }),
  /** For admins: what orders owe to the rest of the suite. */
  debts: message('orders.debts', Nothing, Debts, { idempotent: true, timeoutMs: 1_500 }),
  /** For admins: what there is to know of one order. ORDER_NOT_FOUND. */
  story: message('orders.story', ById, OrderStory, { idempotent: true }),
  /** For admins. Recounts everything; a shop too large for its time (TIMEOUT) has `npm run audit`. */
  audit: message('orders.audit', Nothing, AuditReport, { idempotent: true, timeoutMs: 25_000 }),
  /** For admins: the newest one, whoever has made it. */
  lastAudit: message('orders.lastAudit', Nothing, LastAudit, { idempotent: true, timeoutMs: 1_500 }),
  /** For admins. ORDER_NOT_FOUND; VALIDATION_FAILED for what cannot be a number. */
  find: message('orders.find', FindOrder, Order, { idempotent: true }),
  /**
   * For admins, by hand to SHIPPED (also from SHIPPED, while anything is left to ship), DELIVERED and CANCELLED; otherwise
   * INVALID_TRANSITION. Safe to repeat with an idempotency key (IDEMPOTENCY_KEY_REUSED), as the two that follow.
   */
  setStatus: message('orders.setStatus', SetOrderStatus, ChangedOrder),
  /** For admins. REFUND_EXCEEDS_CAPTURE (`left`, in minor units); INVALID_TRANSITION before anything was captured. */
  refund: message('orders.refund', RefundOrder, ChangedOrder),
  /** For admins. */
  addNote: message('orders.addNote', AddOrderNote, AddedOrderNote),

  changed: fact('orders.changed', OrderChanged, ({ orderId, seq }) => `${orderId}.${seq}`),

  /**
   * Weather costs attempts, and no order is given up for it, however long it lasts; what breaks or is refused ends a job
   * by itself. Pauses are short enough to go on within seconds after.
   */
  process: job('orders', 'process', ProcessOrder, {
    key: ({ orderId, epoch }) => `order-${orderId}-${epoch}`,
    attempts: 1_000_000,
    backoffMs: 250,
    maxBackoffMs: 4_000,
  }),
};

/** Lower goes first. A job without a priority would run before all of these, so none is without, */
export const lanePriority: Record<Tier, number> = { vip: 1, standard: 10 };
/** but those that have waited too long: with 1 they would land behind all waiting VIPs. */
export const PROMOTED = 0;

/** Read-only in Bull Board: what lies in the dead letters, one job each. */
export const DEAD_LETTER_QUEUE = 'orders-dlq';
