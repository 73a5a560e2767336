import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Types } from 'mongoose';
import type { Collection } from 'mongodb';
import {
  orders,
  payments,
  type Caller,
  type OpenPayment,
  type Order,
  type Payment,
  type PaymentMethod,
  type Product,
} from '@suite/contracts';
import { eventually } from './eventually';
import { GatewayProcess, type Answer } from './gateways';
import { booksOf, recount, withPicture, wrongsOf } from './oracle';
import { OrderSuite } from './orders';
import { Sandbox } from './sandbox';
import { Service } from './service';
import { newId, someCaller, someProduct } from './stock';
import type { Till } from './till';

/** The default of the setting outside production: whoever tries the suite needs no keys. */
const STRIPE_SECRET = 'development-only value of STRIPE_WEBHOOK_SECRET';

/** Short times, so that what follows a crash or a lost webhook follows within a test. */
const SETTINGS = {
  PAYMENT_SWEEP_MS: '300',
  PAYMENT_LOOKUP_MS: '1500',
  RECONCILE_EVERY_MS: '300',
  RELAY_EVERY_MS: '200',
  // A restarted replica takes over at once what a killed one held.
  TRANSPORT_LEASE_MS: '1000',
};

/** How often it is looked whether a replica was killed, in ms. */
const LOOK_MS = 100;
/** What an order needs beside its payment. */
const ALL: Parameters<OrderSuite['add']>[0][] = ['stock', 'orders', 'processor'];
/** What beforeAll may take, in ms: it starts many processes, on a machine that has other things to do. */
export const START_ALL_MS = 240_000;

/** Everything that an order goes through when it is paid online, with the sandbox for both providers. */
export class PaymentSuite {
  private constructor(
    readonly orders: OrderSuite,
    readonly gateway: GatewayProcess,
    readonly sandbox: Sandbox,
    readonly till: Till,
  ) {}

  replicas: Service[] = [];

  /** @param others what is needed beside two replicas of payments, a gateway and the sandbox */
  static async start(settings: NodeJS.ProcessEnv = {}, others = ALL): Promise<PaymentSuite> {
    const inner = await OrderSuite.start();
    const gateway = await GatewayProcess.start(inner.wires);
    const sandbox = await Sandbox.start({ SANDBOX_SHOP_URL: gateway.origin });
    const suite = new PaymentSuite(inner, gateway, sandbox, sandbox.till);
    Object.assign(suite.settings, SETTINGS, sandbox.environment, settings);
    const starting = await Promise.allSettled([
      ...others.map((name) => inner.add(name, suite.settings)),
      suite.addPayments(),
      suite.addPayments(),
    ]);
    // What has started must not outlive a start that failed.
    const failed = starting.find((result) => result.status === 'rejected');
    if (!failed) return suite;
    await suite.stop();
    throw failed.reason as Error;
  }

  readonly settings: NodeJS.ProcessEnv = {};

  async addPayments(more: NodeJS.ProcessEnv = {}): Promise<Service> {
    const environment = { ...this.orders.wires.environment, ...this.settings, ...more };
    const service = await Service.start('apps/payments/src/main.ts', environment);
    this.replicas.push(service);
    return service;
  }

  /** Starts replicas of payments again that were killed, for as long as `work` takes. */
  async whileKilled(work: () => Promise<void>): Promise<void> {
    const working = new AbortController();
    const reviving = this.revive(working.signal);
    await work().finally(() => working.abort());
    await reviving;
  }

  private async revive(working: AbortSignal): Promise<void> {
    while (!working.aborted) {
      const alive = this.replicas.filter(({ process }) => process.exitCode === null && process.signalCode === null);
      const killed = this.replicas.length - alive.length;
      this.replicas = alive;
      for (let nth = 0; nth < killed; nth++) await this.addPayments();
      await pause(LOOK_MS, undefined, { signal: working }).catch(() => undefined);
    }
  }

  /** What the oracle says when nothing should move any more, with the books of the provider beside ours. */
  async wrongs(): Promise<string[]> {
    const books = await booksOf(this.sandbox.url);
    return withPicture(this.wires.environment.MONGODB_URI!, async (picture) =>
      wrongsOf(await recount(picture, { quiet: true, books })),
    );
  }

  async stop(): Promise<void> {
    // A gateway waits for seconds for who keeps a connection to it, as the sandbox does for its webhooks.
    await Promise.all([...this.replicas, this.gateway, this.sandbox].map((process) => process.stop()));
    await this.orders.stop();
  }

  get wires() {
    return this.orders.wires;
  }

  get records(): Collection<{ _id: Types.ObjectId; state: string; reference?: string }> {
    return this.wires.database('payments').collection('payments');
  }

  product(initialStock = 1_000): Promise<Product> {
    return someProduct(this.wires, { price: 1_250, initialStock });
  }

  async place(product: Product, paymentMethod: PaymentMethod = 'STRIPE', flow: 'REGULAR' | 'CHECKOUT' = 'REGULAR') {
    const body = { items: [{ stockId: product.stock.id, quantity: 2 }], paymentMethod, paymentFlow: flow };
    const caller = someCaller();
    return { ...(await this.orders.place(body, { caller })), caller };
  }

  cancel(id: string, caller: Caller): Promise<Order> {
    return this.wires.ask(orders.cancel, { id }, { caller });
  }

  becomes(id: string, status: string, timeoutMs = 25_000): Promise<Order> {
    return eventually(
      async () => {
        const order = await this.orders.order(id);
        if (order.status !== status) throw new Error(`order ${id} is ${order.status}`);
        return order;
      },
      { timeoutMs },
    );
  }

  /** Of a payment that no order of ours wants anything of: opened by hand. */
  async open(
    given: Partial<Pick<OpenPayment, 'amount' | 'orderId' | 'userId' | 'method' | 'flow'>> = {},
  ): Promise<string> {
    const { amount = 2_500, orderId = newId(), userId = newId(), method = 'STRIPE', flow = 'REGULAR' } = given;
    await this.wires.ask(payments.open, {
      orderId,
      userId,
      epoch: 0,
      number: `T-${orderId.slice(-6)}`,
      method,
      flow,
      amount,
      currency: 'USD',
      lines: [{ name: 'Tea', quantity: 1, price: amount }],
      expiresAt: new Date(Date.now() + 900_000).toISOString(),
    });
    return orderId;
  }

  payment = (orderId: string) => this.wires.ask(payments.get, { orderId, userId: newId(), epoch: 0 });
  void = (orderId: string) => this.wires.ask(payments.void, { orderId, userId: newId(), epoch: 0 });

  paymentBecomes(orderId: string, state: string, timeoutMs = 30_000): Promise<Payment> {
    return eventually(
      async () => {
        const payment = await this.payment(orderId);
        if (payment.state !== state) throw new Error(`the payment of ${orderId} is ${payment.state}`);
        return payment;
      },
      { timeoutMs },
    );
  }

  /** A webhook as Stripe sends it, or with one thing wrong. @param ageS how old its signature is, in seconds */
  async sendStripe(event: object, { secret = STRIPE_SECRET, ageS = 0, tamper = false } = {}): Promise<Answer> {
    const body = JSON.stringify(event, null, 2);
    const at = Math.floor(Date.now() / 1_000) - ageS;
    const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
    return this.gateway.call('POST', '/payments/webhook/stripe', {
      raw: tamper ? body.replace(/"amount_received": \d+/, '"amount_received": 1') : body,
      headers: { 'stripe-signature': `t=${at},v1=${signature}` },
    });
  }
}

/** An event of Stripe's about the intent of an order. */
export function stripeEvent(type: string, orderId: string, changes: object = {}) {
  const intent = {
    id: `pi_${orderId}`,
    object: 'payment_intent',
    amount: 2_500,
    amount_received: 2_500,
    currency: 'usd',
    metadata: { orderId },
    status: 'succeeded',
    last_payment_error: null,
    latest_charge: `ch_${orderId}`,
    ...changes,
  };
  const about = { object: 'event', created: Math.floor(Date.now() / 1_000), livemode: false };
  return { id: `evt_${randomUUID().replaceAll('-', '')}`, ...about, data: { object: intent }, type };
}
