import { AuditStock, StockAudit } from './audit';
import { tiers, type Tier } from './caller';
import { fact, message, Nothing } from './contract';
import { IsFlag, IsId, IsListOf, IsOneOf, IsPart, IsRecord, IsText, IsTime, IsWhole } from './fields';
import { MAX_LINES, MAX_QUANTITY, MAX_STOCK } from './limits';
import { StockLow } from './low-stock';
import { OfferQuery, Offers, Wanted } from './offer';
import {
  CategoryList,
  CreatedProduct,
  CreateProduct,
  Product,
  ProductPage,
  ProductQuery,
  UpdateProduct,
} from './product';
import { ImportedProducts, ImportProducts } from './product-import';
import type { ProblemData } from './problem';
import { ById, PageMeta, PageQuery } from './reading';

export class AdjustStock {
  @IsId()
  stockId: string;

  @IsWhole(-MAX_STOCK, MAX_STOCK, { example: 25 })
  delta: number;

  @IsText(1, 500, { example: 'Delivery 4711' })
  reason: string;
}

export class ReceiveStock {
  @IsId()
  stockId: string;

  @IsWhole(1, MAX_STOCK, { example: 25 })
  quantity: number;

  @IsText(1, 500, { example: 'Delivery 4711' })
  reason: string;
}

export const movementKinds = ['receipt', 'adjustment', 'reservation', 'commit', 'release'] as const;
export type MovementKind = (typeof movementKinds)[number];

/** One line of the ledger: append-only; replayed in order of `version`, the ledger gives the counters. */
export class Movement {
  @IsId()
  id: string;

  @IsId()
  stockId: string;

  @IsOneOf(movementKinds)
  kind: MovementKind;

  @IsWhole(-MAX_STOCK, MAX_STOCK, { description: 'Change of `available`' })
  available: number;

  @IsWhole(-MAX_STOCK, MAX_STOCK, { description: 'Change of `reserved`' })
  reserved: number;

  @IsWhole(-MAX_STOCK, MAX_STOCK, { description: 'Change of `sold`' })
  sold: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'Version of the stock document after it' })
  version: number;

  @IsId({ optional: true })
  orderId?: string;

  @IsText(1, 500, { optional: true })
  reason?: string;

  @IsId({ optional: true, description: 'The admin who received or adjusted it' })
  by?: string;

  @IsTime()
  at: string;
}

/** The answer to an adjustment, or to a receipt. */
export class Adjustment extends Movement {
  @IsFlag({ description: 'Was it made before, with the same idempotency key?' })
  replayed: boolean;
}

export class MovementQuery extends PageQuery {
  @IsId()
  stockId: string;
}

export class MovementPage {
  @IsListOf(Movement, 0, 100)
  items: Movement[];

  @IsPart(PageMeta)
  meta: PageMeta;
}

/** How much somebody wants of one stock. */
export class WantedLine extends Wanted {
  @IsWhole(1, MAX_QUANTITY * MAX_LINES)
  quantity: number;
}

export class ReservedLine {
  @IsId()
  stockId: string;

  @IsWhole(1, MAX_QUANTITY * MAX_LINES)
  quantity: number;
}

export const MAX_RESERVED_TOGETHER = 256;

/** All lines or none. */
export class Reserve {
  @IsId()
  orderId: string;

  @IsWhole(0, 1_000_000, { description: 'Grows whenever the order is enqueued again, replayed or rolled back' })
  epoch: number;

  @IsOneOf(tiers, { description: 'VIPs are served first within a batch' })
  tier: Tier;

  @IsListOf(ReservedLine, 1, MAX_LINES)
  lines: ReservedLine[];

  @IsFlag({ description: 'Reserve and commit in one step: there is no payment to wait for' })
  commit: boolean;
}

export const reserveOutcomes = ['held', 'committed', 'insufficient', 'released'] as const;

export class ReserveAnswer {
  /** `released`: this order was given up at this epoch or a later one; nothing was taken. */
  @IsOneOf(reserveOutcomes)
  outcome: (typeof reserveOutcomes)[number];

  @IsId({ optional: true, description: 'The stock that had too little' })
  stockId?: string;
}

/** What came of one of many: an answer, or what refused it. */
export class Reserved {
  @IsPart(ReserveAnswer, { optional: true })
  answer?: ReserveAnswer;

  @IsRecord({ optional: true })
  problem?: ProblemData;
}

/** The orders that are ready at the same moment. */
export class ReserveMany {
  @IsListOf(Reserve, 1, MAX_RESERVED_TOGETHER)
  reservations: Reserve[];
}

/** One for each reservation, in the same order. */
export class ReservedMany {
  @IsListOf(Reserved, 1, MAX_RESERVED_TOGETHER)
  reserved: Reserved[];
}

export class SettleReservation {
  @IsId()
  orderId: string;

  @IsWhole(0, 1_000_000)
  epoch: number;
}

/** Of an order that stands: how many units of its lines have come back in all. */
export class Restock extends SettleReservation {
  @IsListOf(ReservedLine, 1, MAX_LINES)
  lines: ReservedLine[];
}

export const stock = {
  products: message('stock.products', ProductQuery, ProductPage, { idempotent: true }),
  product: message('stock.product', ById, Product, { idempotent: true }),
  /** SKU_TAKEN. With an idempotency key it may be repeated: the answer is the first one. */
  createProduct: message('stock.createProduct', CreateProduct, CreatedProduct),
  updateProduct: message('stock.updateProduct', UpdateProduct, Product),
  archiveProduct: message('stock.archiveProduct', ById, Nothing, { idempotent: true }),
  restoreProduct: message('stock.restoreProduct', ById, Product, { idempotent: true }),
  /** Those that something is on, the fullest first. */
  categories: message('stock.categories', Nothing, CategoryList, { idempotent: true }),
  /** By sku: makes what is new, changes what differs. All rows that can be done are, together, or none. */
  importProducts: message('stock.importProducts', ImportProducts, ImportedProducts, { idempotent: true }),
  /** INSUFFICIENT_STOCK. With an idempotency key it may be repeated: applied once, answered alike. */
  adjust: message('stock.adjust', AdjustStock, Adjustment),
  /** Goods that come in; for the rest as `adjust`. */
  receive: message('stock.receive', ReceiveStock, Adjustment),
  movements: message('stock.movements', MovementQuery, MovementPage, { idempotent: true }),
  /** What is at its threshold or below and not archived, the scarcest first. */
  lowStock: message('stock.lowStock', PageQuery, ProductPage, { idempotent: true }),
  /** Told once for each crossing downwards; armed again when the stock has risen above its threshold. */
  low: fact('stock.low', StockLow, ({ stockId, version }) => `${stockId}.${version}`),
  /** Refuses nothing: what is not for sale is left out. */
  offers: message('stock.offers', OfferQuery, Offers, { idempotent: true }),
  /** STOCK_NOT_FOUND (`stockId`) if there never was such a stock; too little is an outcome, not an error. */
  reserve: message('stock.reserve', Reserve, ReserveAnswer, { idempotent: true }),
  /** Each by itself, as `reserve`. */
  reserveMany: message('stock.reserveMany', ReserveMany, ReservedMany, { idempotent: true }),
  /** INVALID_TRANSITION if nothing is held for the order at this epoch. */
  commit: message('stock.commit', SettleReservation, Nothing, { idempotent: true }),
  /** Gives back what is held or sold. One that comes before its reservation is remembered; an older epoch is ignored. */
  release: message('stock.release', SettleReservation, Nothing, { idempotent: true }),
  /** Recounts all of it as it stood at one moment; takes its time. */
  audit: message('stock.audit', AuditStock, StockAudit, { idempotent: true, timeoutMs: 24_000 }),
  /**
   * Gives back a part: what is more than came back before. Totals, so that it may come late, twice or out of order. An
   * older epoch, and what has been released, is ignored; INVALID_TRANSITION (`stockId`) for more than the order had.
   */
  restock: message('stock.restock', Restock, Nothing, { idempotent: true }),
};
