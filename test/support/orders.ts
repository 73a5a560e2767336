import type { Order, PlacedOrder, PlaceOrder, Product } from '@suite/contracts';
import { orders } from '@suite/contracts';
import { eventually } from './eventually';
import { Service } from './service';
import { someCaller } from './stock';
import { openWires, type AskOptions, type Wires } from './wires';

const entries = {
  stock: 'apps/stock/src/main.ts',
  orders: 'apps/orders/src/main.ts',
  processor: 'apps/orders/src/processor.main.ts',
};
type Entry = keyof typeof entries;

/** The services that take an order to its end, as processes of their own. */
export class OrderSuite {
  readonly services: Service[] = [];

  private constructor(readonly wires: Wires) {}

  static async start(...names: Entry[]): Promise<OrderSuite> {
    const suite = new OrderSuite(await openWires());
    await Promise.all(names.map((name) => suite.add(name)));
    return suite;
  }

  async add(name: Entry, environment: NodeJS.ProcessEnv = {}): Promise<Service> {
    const service = await Service.start(entries[name], { ...this.wires.environment, ...environment });
    this.services.push(service);
    return service;
  }

  place(body: PlaceOrder, options: AskOptions = {}): Promise<PlacedOrder> {
    return this.wires.ask(orders.place, body, { caller: someCaller(), ...options });
  }

  order(id: string): Promise<Order> {
    return this.wires.ask(orders.get, { id }, { caller: someCaller({ role: 'admin' }) });
  }

  cancel({ id, userId }: Order): Promise<Order> {
    return this.wires.ask(orders.cancel, { id }, { caller: someCaller({ userId }) });
  }

  ended(id: string, timeoutMs = 20_000): Promise<Order> {
    return eventually(
      async () => {
        const order = await this.order(id);
        if (order.status === 'PENDING') throw new Error(`order ${id} is still PENDING`);
        return order;
      },
      { timeoutMs },
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await this.wires.close();
  }
}

export const oneOf = (product: Product, quantity = 1): PlaceOrder => ({
  items: [{ stockId: product.stock.id, quantity }],
});
