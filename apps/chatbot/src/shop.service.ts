import { Injectable } from '@nestjs/common';
import { orders, Problem, stock, type Order, type OrderStatus, type Product } from '@suite/contracts';
import { Bus, currentContext, runInContext } from '@suite/platform';
import { orderNumberIn } from './question';

const ID = /^[0-9a-f]{24}$/;

export interface OrderList {
  items: Order[];
  /** How many there are in all. */
  total: number;
}

/**
 * The one door from the assistant to the shop, for the model's tools and the rules alike: it reads, and of orders only
 * the caller's own. Who that is comes with the message and from nowhere else. An admin is a customer here: what an
 * admin may see, a text must not be able to ask for.
 */
@Injectable()
export class ShopService {
  constructor(private readonly bus: Bus) {}

  get isSignedIn(): boolean {
    return currentContext()?.caller !== undefined;
  }

  /** Own orders, newest first. @throws Problem UNAUTHORIZED */
  async orders({ limit, status }: { limit: number; status?: OrderStatus }): Promise<OrderList> {
    const { items, meta } = await asCustomer(() => this.bus.ask(orders.list, { limit, ...(status && { status }) }));
    return { items, total: meta.total };
  }

  /** One's own, by number or id; undefined for what is nobody's, somebody else's, or neither. @throws Problem UNAUTHORIZED */
  async order(named: string): Promise<Order | undefined> {
    const id = named.trim().toLowerCase();
    if (ID.test(id)) return found(asCustomer(() => this.bus.ask(orders.get, { id })));
    const number = orderNumberIn(named);
    if (number === undefined) return undefined;
    const page = await found(asCustomer(() => this.bus.ask(orders.list, { number, limit: 1 })));
    return page?.items[0];
  }

  /** Those in which all of the words occur, or the one with this id. */
  async products(words: string, limit: number): Promise<Product[]> {
    const id = words.trim().toLowerCase();
    if (!ID.test(id)) return (await asCustomer(() => this.bus.ask(stock.products, { q: words, limit }))).items;
    const product = await found(asCustomer(() => this.bus.ask(stock.product, { id })));
    return product ? [product] : [];
  }
}

/** Reads as whoever asks, without an admin's rights. */
function asCustomer<T>(work: () => Promise<T>): Promise<T> {
  return runInContext({ ...currentContext()!, asCustomer: true }, work);
}

/** What cannot be had because it is not there, or not the caller's to see. */
async function found<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const code = error instanceof Problem ? error.code : undefined;
    if (code === 'ORDER_NOT_FOUND' || code === 'PRODUCT_NOT_FOUND' || code === 'VALIDATION_FAILED') return undefined;
    throw error;
  }
}
