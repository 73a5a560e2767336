import { MongoClient, ObjectId } from 'mongodb';
import { lineOf, newCustomer, newProduct, settled, theAdmin, type Customer } from './builders';
import { eventually } from './eventually';
import { frozen } from './processes';
import type { DeadLetterView, OrderView, PlacedView, ProductView } from './views';

/** An order that could not be processed, and how to mend what it died of. */
export interface Dead {
  jo: Customer;
  tea: ProductView;
  order: OrderView;
  mend: () => Promise<void>;
}

/**
 * An order whose stock document vanishes under its feet: a hand at the shell, a restore gone wrong. It cannot be processed,
 * and becomes a dead letter.
 */
export async function deadOrder(): Promise<Dead> {
  const [jo, tea] = [await newCustomer(), await newProduct()];
  const _id = new ObjectId(tea.stock.id);
  const { order, document } = await frozen('processor', async () => {
    const { data } = await jo.post<PlacedView>('/orders', lineOf(tea));
    return { order: data.order, document: (await inStock((stocks) => stocks.findOneAndDelete({ _id })))! };
  });
  const mend = async () => void (await inStock((stocks) => stocks.insertOne(document)));
  return { jo, tea, order: await settled(jo, order.id, 30_000), mend };
}

/** The open letter of an order, once the reconciler has written it. */
export const letterOf = ({ order }: Dead): Promise<DeadLetterView> =>
  eventually(
    async () => {
      const { data } = await (await theAdmin()).get<DeadLetterView[]>('/admin/dlq?limit=100');
      const letter = data.find(({ orderId }) => orderId === order.id);
      if (!letter) throw new Error(`order ${order.number} has no open dead letter`);
      return letter;
    },
    { timeoutMs: 20_000 },
  );

/** Something done to the stock documents past the suite, as only whoever runs it can. */
async function inStock<T>(work: (stocks: ReturnType<ReturnType<MongoClient['db']>['collection']>) => Promise<T>) {
  const uri = process.env.MONGODB_URI ?? 'mongodb://127.0.0.1:27018/?directConnection=true';
  const client = await new MongoClient(uri).connect();
  try {
    return await work(client.db(`${new URL(uri).pathname.slice(1)}stock`).collection('stock'));
  } finally {
    await client.close();
  }
}
