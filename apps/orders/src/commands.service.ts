import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem, type ById } from '@suite/contracts';
import { currentContext, requireAdmin } from '@suite/platform';
import { Types } from 'mongoose';
import { fingerprintOf } from './new-order';
import type { KeyRecord } from './order-details';
import { OrderArchive } from './order-archive';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';

/** One try at what an admin asks for. */
export interface Attempt {
  order: OrderRecord;
  /** The admin. */
  by: string;
  /** The id of what this try makes: it is new with each. */
  made: string;
  /** To be written together with it. */
  key?: KeyRecord;
}

export interface Outcome {
  /** As it is after it, or as it is now where that was done before. */
  order: OrderRecord;
  made: string;
  replayed: boolean;
}

/**
 * What admins ask for is done once under one idempotency key, in one write that holds the key as well: there is nothing
 * between the two in which a process could die.
 */
@Injectable()
export class CommandsService {
  constructor(
    private readonly store: OrderStore,
    private readonly archive: OrderArchive,
  ) {}

  /**
   * @param name of the message, since a key is good for one thing only.
   * @param attempt decides and writes, and returns the order as it is then; undefined when somebody else was quicker,
   * and then it is called again with the order as it has become.
   * @throws Problem FORBIDDEN, ORDER_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, and what `attempt` throws.
   */
  async run(
    name: string,
    body: ById,
    attempt: (attempt: Attempt) => Promise<OrderRecord | undefined>,
  ): Promise<Outcome> {
    const { userId: by } = requireAdmin();
    const key = keyOf(by, name, body);
    if (key) await this.assertNotOfAnother(body, key);
    for (;;) {
      const _id = new Types.ObjectId(body.id);
      const order = (await this.store.orders.findOne({ _id })) ?? (await this.archive.bringBack({ _id }));
      if (!order) throw new Problem('ORDER_NOT_FOUND');
      const before = order.keys?.find(({ id }) => id === key?.id);
      if (before && before.fingerprint !== key!.fingerprint) throw new Problem('IDEMPOTENCY_KEY_REUSED');
      if (before) return { order, made: before.made, replayed: true };
      const made = new Types.ObjectId().toHexString();
      const done = await attempt({ order, by, made, ...(key && { key: { ...key, made } }) });
      if (done) return { order: done, made, replayed: false };
    }
  }

  private async assertNotOfAnother({ id }: ById, key: Pick<KeyRecord, 'id'>): Promise<void> {
    const other = { 'keys.id': key.id, _id: { $ne: new Types.ObjectId(id) } };
    if (await this.store.orders.findOne(other, { projection: { _id: 1 } })) throw new Problem('IDEMPOTENCY_KEY_REUSED');
  }
}

function keyOf(userId: string, name: string, body: ById): Pick<KeyRecord, 'id' | 'fingerprint'> | undefined {
  const key = currentContext()?.idempotencyKey;
  if (key === undefined) return undefined;
  const id = createHash('sha256').update(`${userId}:${key}`).digest('base64url');
  return { id, fingerprint: fingerprintOf({ ...body, name }) };
}
