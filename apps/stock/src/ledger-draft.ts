import type { MovementKind, ReservedLine } from '@suite/contracts';

export interface Counters {
  available: number;
  reserved: number;
  sold: number;
}

/** A stock document as it was read. `received` follows from the counters. */
export interface StockPicture extends Counters {
  version: number;
  /** At or below it the stock is low. */
  lowStockThreshold: number;
}

export const reservationStates = ['held', 'committed', 'released'] as const;
export type ReservationState = (typeof reservationStates)[number];

export interface HeldLine extends ReservedLine {
  /** Units of it that came back while the rest stayed: no longer part of its quantity. Absent while there are none. */
  returned?: number;
}

export interface ReservationPicture {
  epoch: number;
  state: ReservationState;
  lines: HeldLine[];
}

/** A movement before it has become a document. Ids are hexadecimal text. */
export interface MovementEntry extends Counters {
  id?: string;
  stockId: string;
  version: number;
  n: number;
  kind: MovementKind;
  orderId?: string;
  reason?: string;
  by?: string;
  at: Date;
}

/** What was read for a batch, by id. What is not in it does not exist. */
export interface LedgerPicture {
  stocks: ReadonlyMap<string, StockPicture>;
  reservations: ReadonlyMap<string, ReservationPicture>;
  /** Movements already made under the ids that the batch's adjustments want to use. */
  adjustments: ReadonlyMap<string, MovementEntry>;
}

export interface StockChange extends Counters {
  stockId: string;
  /** As read: the write goes through only if it still is. The write raises it by one. */
  version: number;
}

export interface ReservationChange extends ReservationPicture {
  orderId: string;
  /** As read; undefined if there was none. */
  before?: ReservationPicture;
}

/** A stock has gone from above its threshold to it or below, from one version to the next. */
export interface LowCrossing {
  stockId: string;
  version: number;
  available: number;
  threshold: number;
}

/** What a batch has to write, all of it or nothing. */
export interface LedgerChanges {
  at: Date;
  /** Changes of the counters, sorted by stock id. */
  stocks: StockChange[];
  reservations: ReservationChange[];
  movements: MovementEntry[];
  /** The stocks it moves as they are once it is written, by id. */
  left: ReadonlyMap<string, StockPicture>;
  crossings: LowCrossing[];
}

/** The picture as it becomes while a batch is decided, and the record of what has changed. */
export class LedgerDraft {
  private readonly stocks = new Map<string, StockPicture & { moves: number }>();
  private readonly reservations = new Map<string, ReservationPicture>();
  private readonly movements: MovementEntry[] = [];

  constructor(
    private readonly picture: LedgerPicture,
    private readonly at: Date,
  ) {}

  stock(stockId: string): StockPicture | undefined {
    return this.stocks.get(stockId) ?? this.picture.stocks.get(stockId);
  }

  reservation(orderId: string): ReservationPicture | undefined {
    return this.reservations.get(orderId) ?? this.picture.reservations.get(orderId);
  }

  adjustment(movementId: string): MovementEntry | undefined {
    return this.picture.adjustments.get(movementId) ?? this.movements.find(({ id }) => id === movementId);
  }

  /** Changes the counters of a stock that is known to exist. */
  move(
    stockId: string,
    kind: MovementKind,
    change: Partial<Counters>,
    { id, orderId, reason, by }: Pick<MovementEntry, 'id' | 'orderId' | 'reason' | 'by'>,
  ): MovementEntry {
    const stock = this.touch(stockId);
    const { available = 0, reserved = 0, sold = 0 } = change;
    stock.available += available;
    stock.reserved += reserved;
    stock.sold += sold;
    const { at } = this;
    const [version, n] = [stock.version + 1, stock.moves++];
    // Field by field: a spread of what differs from movement to movement costs more than all the rest of a decision.
    const movement = { id, stockId, version, n, kind, available, reserved, sold, orderId, reason, by, at };
    this.movements.push(movement);
    return movement;
  }

  reserve(orderId: string, reservation: ReservationPicture): void {
    this.reservations.set(orderId, reservation);
  }

  changes(): LedgerChanges {
    const stocks = [...this.stocks].map(([stockId, now]) => {
      const read = this.picture.stocks.get(stockId)!;
      return {
        stockId,
        version: read.version,
        available: now.available - read.available,
        reserved: now.reserved - read.reserved,
        sold: now.sold - read.sold,
      };
    });
    const reservations = [...this.reservations]
      .map(([orderId, now]) => ({ orderId, before: this.picture.reservations.get(orderId), ...now }))
      .filter(
        ({ before, epoch, state, lines }) =>
          before?.epoch !== epoch || before.state !== state || before.lines !== lines,
      );
    stocks.sort((a, b) => (a.stockId < b.stockId ? -1 : 1));
    const left = new Map([...this.stocks].map(([stockId, now]) => [stockId, { ...now, version: now.version + 1 }]));
    const { at, movements } = this;
    return { at, stocks, reservations, movements, left, crossings: this.crossings() };
  }

  /** What goes down and up again within one batch never was down: others only see what a batch leaves behind. */
  private crossings(): LowCrossing[] {
    return [...this.stocks].flatMap(([stockId, { available, version, lowStockThreshold: threshold }]) => {
      const before = this.picture.stocks.get(stockId)!.available;
      return before > threshold && available <= threshold
        ? [{ stockId, version: version + 1, available, threshold }]
        : [];
    });
  }

  private touch(stockId: string) {
    let stock = this.stocks.get(stockId);
    if (!stock) {
      stock = { ...this.picture.stocks.get(stockId)!, moves: 0 };
      this.stocks.set(stockId, stock);
    }
    return stock;
  }
}
