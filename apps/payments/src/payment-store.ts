import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { gauge, isDuplicateKey } from '@suite/platform';
import type { Model, mongo } from 'mongoose';
import { Types } from 'mongoose';
import { PaymentRecord } from './payment.schema';
import { isUndecided, owesSomething, stateOf } from './payment.states';
import { paymentView } from './payment.view';
import { PaymentsConfig } from './payments.config';

/** What is to change of a payment, from what it is; undefined: nothing. */
export type Change = (payment: PaymentRecord) => Partial<PaymentRecord> | undefined;

/**
 * Payments in MongoDB. They are changed only here, each time by a write that names the version it has read, and is
 * decided anew when somebody else was quicker: nobody holds a payment while it works on it.
 */
@Injectable()
export class PaymentStore {
  readonly payments: mongo.Collection<PaymentRecord>;

  constructor(
    @InjectModel(PaymentRecord.name) model: Model<PaymentRecord>,
    private readonly config: PaymentsConfig,
  ) {
    this.payments = model.collection as unknown as mongo.Collection<PaymentRecord>;
    gauge(
      'payments_due',
      'Payments that wait for somebody to settle them or to look them up; the same on every replica',
      () => this.payments.countDocuments({ dueAt: { $lte: new Date() } }),
    );
  }

  async find(orderId: string): Promise<PaymentRecord | undefined> {
    return (await this.payments.findOne({ _id: new Types.ObjectId(orderId) })) ?? undefined;
  }

  /** By the provider's id of it, or of one of its captures. */
  async findByReference(reference: string): Promise<PaymentRecord | undefined> {
    return (await this.payments.findOne({ $or: [{ reference }, { 'captures.id': reference }] })) ?? undefined;
  }

  /** False: there is one already. */
  async insert(payment: PaymentRecord): Promise<boolean> {
    try {
      await this.payments.insertOne(this.worked(payment));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** The payment as it is afterwards; undefined when there is none. */
  async change(orderId: string, decide: Change): Promise<PaymentRecord | undefined> {
    for (;;) {
      const payment = await this.find(orderId);
      const changes = payment && decide(payment);
      if (!changes) return payment;
      const next = this.worked(
        { ...payment, ...changes, version: payment.version + 1, updatedAt: new Date() },
        payment,
      );
      const { modifiedCount } = await this.payments.replaceOne({ _id: payment._id, version: payment.version }, next);
      if (modifiedCount === 1) return next;
    }
  }

  /** Says of all payments of a customer that they were erased. Returns the ids of their orders. */
  async markErased(userId: string): Promise<Types.ObjectId[]> {
    const theirs = { userId: new Types.ObjectId(userId) };
    await this.payments.updateMany(
      { ...theirs, erased: { $ne: true } },
      { $set: { erased: true }, $inc: { version: 1 } },
    );
    const found = await this.payments.find(theirs, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }

  /** Payments that wait for somebody, for longer than a live job would let them. */
  due(limit: number): Promise<PaymentRecord[]> {
    return this.payments
      .find({ dueAt: { $lte: new Date() } })
      .sort({ dueAt: 1 })
      .limit(limit)
      .toArray();
  }

  /** What was told within so many ms is told again: it went with Redis before anybody heard it. Returns how many. */
  async tellAgain(withinMs: number): Promise<number> {
    const now = new Date();
    const { modifiedCount } = await this.payments.updateMany(
      { updatedAt: { $gte: new Date(now.getTime() - withinMs) }, seq: { $gt: 0 } },
      { $set: { told: 0, dueAt: now }, $inc: { version: 1 } },
    );
    return modifiedCount;
  }

  /** Works out what follows from what is known: its state, whether others have to hear of it, when it is due. */
  private worked(payment: PaymentRecord, before?: PaymentRecord): PaymentRecord {
    const changed = before && !isDeepStrictEqual(paymentView(payment), paymentView(before));
    const next: PaymentRecord = { ...payment, state: stateOf(payment), seq: payment.seq + (changed ? 1 : 0) };
    delete next.dueAt;
    if (owesSomething(next)) next.dueAt = new Date();
    else if (isUndecided(next)) next.dueAt = new Date(Date.now() + this.config.PAYMENT_LOOKUP_MS);
    for (const [name, value] of Object.entries(next)) {
      if (value === undefined) delete (next as unknown as Record<string, unknown>)[name];
    }
    return next;
  }
}
