import { eventually } from './eventually';

export type Deed = 'pay' | 'decline' | 'refuse' | 'late' | 'dispute';

/** What moved for one order, at whichever provider; minor units. */
export interface Account {
  orderId: string;
  provider: 'stripe' | 'paypal';
  captures: { id: string; amount: number }[];
  refunds: { id: string; amount: number }[];
  captured: number;
  refunded: number;
}

/** The sandbox as customers and bookkeepers of the payment providers see it. */
export class Till {
  constructor(private readonly url = process.env.SANDBOX_URL ?? 'http://127.0.0.1:8025') {}

  /** The customer of an order does it. @returns the status of the answer: 402 when they are refused, 404 without a bill. */
  async act(orderId: string, deed: Deed): Promise<number> {
    return (await this.send('POST', '/api/payments', { orderId, deed })).status;
  }

  /** As soon as there is something to pay. */
  async serve(orderId: string, deed: Deed = 'pay'): Promise<void> {
    await eventually(async () => {
      const status = await this.act(orderId, deed);
      if (status !== 200 && !(status === 402 && deed === 'decline')) throw new Error(`${deed} was answered ${status}`);
    });
  }

  /** How many things were opened at the provider for an order. */
  async bills(orderId: string): Promise<number> {
    const answer = await this.send('GET', `/api/payments?orderId=${orderId}`);
    return ((await answer.json()) as { data: unknown[] }).data.length;
  }

  async accounts(orderId?: string): Promise<Account[]> {
    const answer = await this.send('GET', `/api/ledger${orderId === undefined ? '' : `?orderId=${orderId}`}`);
    return ((await answer.json()) as { data: Account[] }).data;
  }

  /** What is left with the shop of an order's money, and how often it was taken. */
  async balance(orderId: string): Promise<{ captures: number; kept: number }> {
    const accounts = await this.accounts(orderId);
    return {
      captures: accounts.reduce((sum, { captures }) => sum + captures.length, 0),
      kept: accounts.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0),
    };
  }

  /** Makes the providers fail, for as long as `work` takes. What is not given is off. */
  async underWeather<T>(switches: object, work: () => Promise<T>): Promise<T> {
    await this.turn(switches);
    try {
      return await work();
    } finally {
      await this.turn({});
    }
  }

  async turn(switches: object): Promise<void> {
    const { status } = await this.send('PUT', '/api/switches', switches);
    if (status !== 200) throw new Error(`the sandbox has no such switches: ${JSON.stringify(switches)}`);
  }

  private send(method: string, path: string, body?: object): Promise<Response> {
    return fetch(this.url + path, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
  }
}
