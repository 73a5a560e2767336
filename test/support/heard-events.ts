import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrderChanged, OrderEvent } from '@suite/contracts';
import { eventually } from './eventually';
import type { MailSuite } from './mail-suite';

export const idOf = ({ orderId, seq }: Pick<OrderChanged, 'orderId' | 'seq'>): string => `${orderId}.${seq}`;

interface EventDocument {
  _id: string;
  place: string;
  waiting?: { due: Date };
}

/** What notifications has said of orders, and what it has written down of that. */
export class HeardEvents {
  constructor(private readonly suite: MailSuite) {}

  /** As every gateway hears it, in that order: ids of events. */
  async said(orderId?: string): Promise<string[]> {
    const entries = await this.suite.wires.redis.xrange('live:{orders}', '-', '+');
    return entries
      .map(([, [, text]]) => JSON.parse(text) as OrderEvent)
      .filter((event) => orderId === undefined || event.orderId === orderId)
      .map(({ id }) => id);
  }

  kept(fact: OrderChanged): Promise<EventDocument | null> {
    return this.suite.wires
      .database('notifications')
      .collection<EventDocument>('orderEvents')
      .findOne({ _id: idOf(fact) });
  }

  /** Once it is said and written down. */
  async untilKept(fact: OrderChanged, timeoutMs?: number): Promise<OrderChanged> {
    const look = async () => {
      if (!(await this.kept(fact))) throw new Error(`${idOf(fact)} is not written down`);
    };
    await eventually(look, { timeoutMs });
    return fact;
  }
}

/** Rules for what happens to processes at their failpoints. */
export class FailpointFile {
  private readonly folder = mkdtempSync(join(tmpdir(), 'failpoints-'));
  readonly environment = { FAILPOINTS: join(this.folder, 'rules') };

  set(...rules: object[]): void {
    writeFileSync(this.environment.FAILPOINTS, JSON.stringify(rules));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
