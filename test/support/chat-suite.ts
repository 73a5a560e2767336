import { chatbot, type Caller, type ChatMessage, type ChatReply, type Order, type Product } from '@suite/contracts';
import { freePort } from './free-port';
import { ScriptedModel } from './model';
import { OrderSuite, oneOf } from './orders';
import { Service } from './service';
import { someCaller } from './stock';
import type { Wires } from './wires';

type Shop = Parameters<OrderSuite['add']>[0][];

export const MODEL_KEY = 'sk-or-v1-5f0c2d8e9b7a4136';

/** The chatbot with the services it asks, and a scripted model in the outside world. */
export class ChatSuite {
  private constructor(
    private readonly orders: OrderSuite,
    private readonly sandbox: Service,
    private readonly modelUrl: string,
    readonly model: ScriptedModel,
  ) {}

  /** @param shop which of the services it asks are there. */
  static async start(shop: Shop = ['stock', 'orders', 'processor']): Promise<ChatSuite> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const settings = { SANDBOX_PORT: String(port), SANDBOX_SMTP_PORT: String(await freePort()) };
    const orders = await OrderSuite.start();
    const [sandbox] = await Promise.all([
      Service.start('apps/sandbox/src/main.ts', settings),
      // At this level each message that comes in is a line: what was asked of a service can be seen.
      ...shop.map((name) => orders.add(name, { LOG_LEVEL: 'debug' })),
    ]);
    return new ChatSuite(orders, sandbox, `${url}/openrouter/v1`, new ScriptedModel(url));
  }

  get wires(): Wires {
    return this.orders.wires;
  }

  /** One more replica, with the model unless `OPEN_ROUTER_KEY` is empty. */
  add(settings: NodeJS.ProcessEnv = {}): Promise<Service> {
    return Service.start('apps/chatbot/src/main.ts', {
      OPEN_ROUTER_KEY: MODEL_KEY,
      OPEN_ROUTER_URL: this.modelUrl,
      ...this.wires.environment,
      ...settings,
    });
  }

  say(message: string, caller?: Caller, more: Partial<ChatMessage> = {}): Promise<ChatReply> {
    return this.wires.ask(chatbot.reply, { message, ...more }, { caller });
  }

  /** An order that has come to its end, as far as there is no payment. */
  async ordered(caller: Caller, product: Product, quantity = 1): Promise<Order> {
    const { order } = await this.orders.place(oneOf(product, quantity), { caller });
    return this.orders.ended(order.id);
  }

  order(id: string): Promise<Order> {
    return this.orders.order(id);
  }

  /** The names of the messages that stock and orders were asked while `work` was done. */
  async messagesDuring(work: () => Promise<unknown>): Promise<string[]> {
    const logs = () => this.orders.services.map(({ log }) => log);
    const before = logs().map(({ length }) => length);
    await work();
    const lines = logs().map((log, i) => log.slice(before[i]));
    const names = lines.join('\n').match(/\b(orders|stock)\.\w+(?= (done in|refused:))/g) ?? [];
    return [...new Set(names)].sort();
  }

  async stop(...replicas: Service[]): Promise<void> {
    await Promise.all([...replicas, this.sandbox].map((service) => service.stop()));
    await this.orders.stop();
  }
}

/** A customer, with what must not get about. */
export const somebody = (name: string, more: Partial<Caller> = {}): Caller =>
  someCaller({ name, email: `${name.toLowerCase().replace(/\W+/g, '.')}@example.com`, ...more });
