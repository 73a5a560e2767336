import { setTimeout as pause } from 'node:timers/promises';
import { stock, type Movement, type Order, type Product, type Tier } from '@suite/contracts';
import { runInContext, type Bus, type RequestContext } from '@suite/platform';
import { Buyers, inTurn, newBuyer, type Buyer, type Wish } from './demo-buyers';
import type { DemoKind, DemoLaneView, DemoProofView, DemoRunView } from './demo.view';

/** What is made for a show, and archived after it. */
const CATEGORY = 'demo traffic';
const PAGE = 100;
const TRICKLE_EVERY_MS = 650;
const CROWD_WIDTH = 64;
const FLASH_UNITS = 50;

/** Bounded, all of them: in orders, and thereby in time. */
export const plannedOrders: Record<DemoKind, number> = { trickle: 90, 'flash-sale': 300, 'vip-lane': 440 };
/** Every so-manieth of that crowd is a VIP: 40 of 440. */
const VIP_EVERY = 11;

/** The three shows. Each is a crowd of buyers before a product of its own, and what can be said of it afterwards. */
export class DemoShows {
  private readonly buyers: Buyers;

  constructor(
    private readonly bus: Bus,
    private readonly run: DemoRunView,
    /** Of the admin who wanted to see it. */
    private readonly admin: RequestContext,
    private readonly stopped: () => boolean,
  ) {
    this.buyers = new Buyers(bus, run, stopped);
  }

  /** Leaves nothing on sale, also where an earlier one was cut short. @throws Problem */
  async show(): Promise<void> {
    await this.archiveAll();
    try {
      await { trickle: () => this.trickle(), 'flash-sale': () => this.flashSale(), 'vip-lane': () => this.vipLane() }[
        this.run.kind
      ]();
    } finally {
      await this.archiveAll().catch(() => undefined);
    }
  }

  /** One and then another, for a minute; now and then a VIP, now and then somebody who has yet to pay. */
  private async trickle(): Promise<void> {
    const teas = await Promise.all(
      ['Sencha, first flush', 'Assam, second flush', 'Genmaicha'].map((name, i) => this.product(name, 500, 9 + 4 * i)),
    );
    const decisions: Promise<unknown>[] = [];
    for (let nth = 1; nth <= this.run.planned && !this.stopped(); nth++) {
      const buyer = newBuyer(nth, nth % 4 === 0 ? 'vip' : 'standard');
      const { id: stockId } = teas[nth % teas.length].stock;
      const wish = { stockId, quantity: 1 + (nth % 2), ...(nth % 9 === 0 && { paymentMethod: 'STRIPE' as const }) };
      decisions.push(this.buy(buyer, wish).catch((error: Error) => this.note(error)));
      await pause(TRICKLE_EVERY_MS * (0.5 + Math.random()));
    }
    await Promise.all(decisions);
  }

  /** Everybody at once before the last fifty. */
  private async flashSale(): Promise<void> {
    const kettle = await this.product('Kettle, limited edition', FLASH_UNITS, 49);
    const crowd = Array.from({ length: this.run.planned }, (_, i) => newBuyer(i + 1, i % 6 === 0 ? 'vip' : 'standard'));
    const wish = { stockId: kettle.stock.id, quantity: 1 };
    await inTurn(crowd, CROWD_WIDTH, (buyer) => this.buy(buyer, wish));
    this.run.proof = await this.recount(kettle);
  }

  /** VIPs among a crowd of standard customers, all at once, so that both find the same queue. */
  private async vipLane(): Promise<void> {
    const tea = await this.product('Gyokuro, shade-grown', 2 * this.run.planned, 24);
    const wish = { stockId: tea.stock.id, quantity: 1 };
    const tierOf = (i: number): Tier => (i % VIP_EVERY === VIP_EVERY - 1 ? 'vip' : 'standard');
    const crowd = Array.from({ length: this.run.planned }, (_, i) => newBuyer(i + 1, tierOf(i)));
    // All are placed before the first is asked after, or the asking would hold up those who come later.
    const placed = await Promise.all(
      crowd.map(async (buyer) => ({ buyer, order: await this.buyers.place(buyer, wish) })),
    );
    const decided = await inTurn(placed, CROWD_WIDTH, async ({ buyer, order }) =>
      order ? [await this.buyers.decided(buyer, order)] : [],
    );
    this.run.lanes = (['vip', 'standard'] as const).map((lane) => laneOf(lane, decided.flat()));
  }

  private async buy(buyer: Buyer, wish: Wish): Promise<void> {
    const order = await this.buyers.place(buyer, wish);
    if (order) await this.buyers.decided(buyer, order);
  }

  /** One order that fails does not end a minute of traffic; what it said last is shown. */
  private note(error: Error): void {
    this.run.error = error.message;
  }

  /** From the ledger, line by line, against the stock and against what the buyers were told. */
  private async recount({ id, stock: { id: stockId } }: Product): Promise<DemoProofView> {
    const lines: Movement[] = [];
    for (let page = 1, total = 1; lines.length < total; page++) {
      const { items, meta } = await this.asAdmin(() => this.bus.ask(stock.movements, { stockId, page, limit: PAGE }));
      if (items.length === 0) break;
      lines.push(...items);
      total = meta.total;
    }
    const { stock: level } = await this.asAdmin(() => this.bus.ask(stock.product, { id }));
    const sum = (field: 'available' | 'reserved' | 'sold') => lines.reduce((all, line) => all + line[field], 0);
    const sold = sum('sold');
    const balanced =
      sum('available') === level.available &&
      sum('reserved') === level.reserved &&
      sold === this.run.confirmed &&
      level.available + level.reserved + sold === FLASH_UNITS;
    return { units: FLASH_UNITS, sold, balanced };
  }

  private product(name: string, initialStock: number, price: number): Promise<Product> {
    const sku = `SHOW-${this.run.id.slice(-8)}-${initialStock}-${price}`.toUpperCase();
    const body = { sku, name, category: CATEGORY, price: price * 100, initialStock, lowStockThreshold: -1 };
    return this.asAdmin(() => this.bus.ask(stock.createProduct, body));
  }

  private async archiveAll(): Promise<void> {
    const { items } = await this.asAdmin(() => this.bus.ask(stock.products, { category: CATEGORY, limit: PAGE }));
    for (const { id } of items) await this.asAdmin(() => this.bus.ask(stock.archiveProduct, { id }));
  }

  private asAdmin<T>(work: () => Promise<T>): Promise<T> {
    return runInContext(this.admin, work);
  }
}

function laneOf(lane: Tier, orders: Order[]): DemoLaneView {
  const waits = orders
    .filter(({ tier, status }) => tier === lane && status === 'CONFIRMED')
    .map(({ history }) => Date.parse(history.at(-1)!.at) - Date.parse(history[0].at))
    .sort((a, b) => a - b);
  const at = (share: number) => Math.max(0, waits[Math.floor(waits.length * share)] ?? 0);
  return { lane, orders: waits.length, p50Ms: at(0.5), p95Ms: at(0.95) };
}
