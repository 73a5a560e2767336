import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import {
  ERASED,
  MAX_MAILS_OF_ORDER,
  type DeadMailReason,
  type MailPage,
  type OrderMails,
  type PageQuery,
  type SendMail,
} from '@suite/contracts';
import { collectionOf, counter, duplicateKeysOf, following, pageOf, sortOf, type ListOrder } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { MailRecord, type DeadMailRecord, type DeadLetterEntryRecord, type DeadLetterPart } from './mail.schema';
import { mailView } from './mail.view';
import { NotificationsConfig } from './notifications.config';

const DAY_MS = 24 * 3_600_000;
const newestFirst: ListOrder = { name: '-createdAt', by: 'createdAt', tie: '_id', direction: -1 };

/** A mail to be written down, and the request that caused it, where that is known. */
export type WantedMail = SendMail & { requestId?: string; traceparent?: string };

/** What became of a claim: the mail is ours, somebody else's for now, over and done with, or not known. */
export type Claim = { mail: MailRecord } | { busyUntil: Date } | 'ended' | 'unknown';

/** The mails in MongoDB. They are moved only here, each time by an update that names what it expects to find. */
@Injectable()
export class MailsService {
  private readonly ended = counter('mails_ended_total', 'Mails that were sent, given up, or not wanted', [
    'kind',
    'state',
  ]);

  constructor(
    @InjectModel(MailRecord.name) private readonly mails: Model<MailRecord>,
    private readonly settings: NotificationsConfig,
  ) {}

  /** Writes down mails to be sent, all at once. One that is known already stays as it is. */
  async write(wanted: WantedMail[]): Promise<void> {
    const createdAt = new Date();
    const mails = wanted.map(({ key, kind, to, userId, data, requestId, traceparent }) => {
      return {
        _id: key,
        kind,
        to,
        userId: userId === undefined ? undefined : new Types.ObjectId(userId),
        data,
        requestId,
        traceparent,
        state: 'pending',
        claim: 0,
        createdAt,
        checkAt: this.nextCheck(),
      } as const;
    });
    // Unordered: that one is known already is no reason not to write the others.
    const options = { ordered: false, ignoreUndefined: true };
    await collectionOf(this.mails).insertMany(mails, options).catch(duplicateKeysOf);
  }

  /** Takes a mail for sending, unless it has ended or is in other hands: one document, one update, one sender. */
  async claim(key: string): Promise<Claim> {
    const now = Date.now();
    const leaseUntil = new Date(now + this.settings.MAIL_LEASE_MS);
    const mail = await this.mails
      .findOneAndUpdate(
        { _id: key, $or: [{ state: 'pending' }, { state: 'sending', leaseUntil: { $lte: new Date(now) } }] },
        { $set: { state: 'sending', leaseUntil, checkAt: leaseUntil }, $inc: { claim: 1 } },
        { returnDocument: 'after' },
      )
      .lean();
    if (mail) return { mail };
    const other = await this.mails.findById(key, { state: 1, leaseUntil: 1 }).lean();
    if (!other) return 'unknown';
    // What was handed back between the two looks is free at once.
    if (other.state === 'sending' || other.state === 'pending') return { busyUntil: other.leaseUntil ?? new Date() };
    return 'ended';
  }

  sent(mail: MailRecord): Promise<void> {
    return this.end(mail, 'sent');
  }

  /** Whoever it was to does without mails of its kind. */
  unwanted(mail: MailRecord): Promise<void> {
    return this.end(mail, 'unwanted');
  }

  /** It will not be tried again, unless an admin wants it: it is a dead letter. */
  giveUp(mail: MailRecord, reason: DeadMailReason, error: string): Promise<void> {
    const { id = new Types.ObjectId(), audit = [] } = mail.deadLetter ?? {};
    const deadLetter: DeadLetterPart = {
      id,
      reason,
      error,
      attempts: mail.claim,
      state: 'open',
      audit,
      at: new Date(),
    };
    return this.end(mail, 'failed', { error, deadLetter });
  }

  /** A mail that was given up waits to be sent again. Null unless its letter is open. */
  replay(key: string, entry: DeadLetterEntryRecord): Promise<DeadMailRecord | null> {
    return this.mails
      .findOneAndUpdate(
        { _id: key, state: 'failed', 'deadLetter.state': 'open' },
        {
          $set: { state: 'pending', checkAt: this.nextCheck(), 'deadLetter.state': 'replayed' },
          $push: { 'deadLetter.audit': entry },
          $unset: { endedAt: 1, expiresAt: 1 },
        },
        { returnDocument: 'after' },
      )
      .lean<DeadMailRecord>();
  }

  /** It will be tried again, by whoever comes then. `resumeMs`: the job waits at most so long before. */
  async giveBack(mail: MailRecord, error: string, resumeMs: number): Promise<void> {
    await this.mails.updateOne(ours(mail), {
      $set: { state: 'pending', error, checkAt: this.nextCheck(resumeMs) },
      $unset: { leaseUntil: 1 },
    });
  }

  /** Mails that have not ended and that nobody has touched for a while. Two replicas may be told of the same ones. */
  async forgotten(limit: number): Promise<MailRecord[]> {
    const mails = await this.mails
      .find({ checkAt: { $lte: new Date() } })
      .sort({ checkAt: 1 })
      .limit(limit)
      .lean();
    await this.mails.updateMany(
      { _id: { $in: mails.map(({ _id }) => _id) }, checkAt: { $exists: true } },
      { $set: { checkAt: this.nextCheck() } },
    );
    return mails;
  }

  /** Newest first. */
  async list(userId: string, { page = 1, limit = 20, cursor }: PageQuery): Promise<MailPage> {
    const theirs = { userId: new Types.ObjectId(userId) };
    const [found, total] = await Promise.all([
      this.mails
        .find(cursor === undefined ? theirs : { ...theirs, ...following(newestFirst, cursor) })
        .sort(sortOf(newestFirst))
        .skip(cursor === undefined ? (page - 1) * limit : 0)
        .limit(limit + 1)
        .lean(),
      this.mails.countDocuments(theirs),
    ]);
    const { shown, nextCursor } = pageOf(newestFirst, found, limit);
    return { items: shown.map(mailView), meta: { total, page, limit, nextCursor } };
  }

  /** Oldest first. The key of such a mail is the order's id, a dot, and the `seq` it tells of: one range of keys. */
  async ofOrder(orderId: string): Promise<OrderMails> {
    const keys = { $gte: `${orderId}.`, $lt: `${orderId}/` };
    const found = await this.mails.find({ _id: keys }).sort({ createdAt: 1 }).limit(MAX_MAILS_OF_ORDER).lean();
    return { items: found.map(mailView) };
  }

  async keysOf(userId: string): Promise<string[]> {
    const mails = await this.mails.find({ userId: new Types.ObjectId(userId) }, { _id: 1 }).lean();
    return mails.map(({ _id }) => _id);
  }

  /** What is in nobody's hands yet is not sent any more. Safe to repeat. */
  async erase(userId: string): Promise<void> {
    const theirs = { userId: new Types.ObjectId(userId) };
    const endedAt = new Date();
    const expiresAt = this.expiry(endedAt);
    await this.mails.updateMany(
      { ...theirs, state: { $in: ['pending', 'sending'] } },
      {
        $set: { state: 'failed', error: 'Its account was erased', endedAt, expiresAt },
        $unset: { leaseUntil: 1, checkAt: 1 },
      },
    );
    // A dead letter among them is none any more: there is nobody to send it to, and what the mail server said names them.
    await this.mails.updateMany(
      { ...theirs, to: { $ne: ERASED.email } },
      { $set: { to: ERASED.email, data: {} }, $unset: { deadLetter: 1 } },
    );
    await this.mails.updateMany({ ...theirs, state: 'failed' }, { $set: { error: 'Its account was erased' } });
  }

  private async end(
    mail: MailRecord,
    state: 'sent' | 'unwanted' | 'failed',
    failure?: Pick<MailRecord, 'error' | 'deadLetter'>,
  ): Promise<void> {
    const endedAt = new Date();
    const { modifiedCount } = await this.mails.updateOne(ours(mail), {
      $set: { state, endedAt, expiresAt: this.expiry(endedAt), ...failure },
      $unset: { leaseUntil: 1, checkAt: 1, 'data.secret': 1, ...(!failure && { error: 1 }) },
    });
    if (modifiedCount > 0) this.ended.inc({ kind: mail.kind, state });
  }

  private expiry = (endedAt: Date): Date => new Date(endedAt.getTime() + this.settings.MAIL_RETENTION_DAYS * DAY_MS);

  private nextCheck = (afterMs = 0): Date => new Date(Date.now() + afterMs + 2 * this.settings.MAIL_SWEEP_MS);
}

const ours = ({ _id, claim }: MailRecord) => ({ _id, claim, state: 'sending' as const });
