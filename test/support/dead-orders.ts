import type { Queue } from 'bullmq';
import { orders, type DeadLetter, type Product } from '@suite/contracts';
import { eventually } from './eventually';
import { oneOf, type OrderSuite } from './orders';
import { someAdmin, someCaller, someProduct } from './stock';
import { Types } from 'mongoose';

/** An order that was given up, what it wanted, and how to mend what killed it. */
export interface DeadOrder {
  letter: DeadLetter;
  product: Product;
  /** Its stock is there again: what is replayed now succeeds. */
  mend: () => Promise<void>;
}

/** Orders whose stock document vanishes under their feet: a hand at the shell, a restore gone wrong. */
export async function deadOrders(suite: OrderSuite, queue: Queue, count = 1): Promise<DeadOrder[]> {
  const product = await someProduct(suite.wires, { initialStock: 100 });
  const stocks = suite.wires.database('stock').collection('stock');
  await queue.pause();
  const placed = await Promise.all(
    Array.from({ length: count }, () => suite.place(oneOf(product), { caller: someCaller() })),
  );
  const _id = new Types.ObjectId(product.stock.id);
  const document = (await stocks.findOneAndDelete({ _id }))!;
  await queue.resume();
  const mend = async () => void (await stocks.replaceOne({ _id }, document, { upsert: true }));
  return Promise.all(placed.map(async ({ order }) => ({ letter: await letterOf(suite, order.id), product, mend })));
}

/** The newest dead letter of an order, once it is there. */
export const letterOf = (suite: OrderSuite, orderId: string): Promise<DeadLetter> =>
  eventually(async () => {
    const { items } = await suite.wires.ask(orders.deadLetters, { limit: 100 }, { caller: someAdmin });
    const letter = items.find((one) => one.orderId === orderId);
    if (!letter) throw new Error(`order ${orderId} has no open dead letter`);
    return letter;
  });
