import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import {
  Problem,
  type ById,
  type DeadMail,
  type DeadMailPage,
  type DeadMailQuery,
  type DiscardDeadLetter,
  type ReplayedMail,
  type ReplayedMails,
  type ReplayMails,
} from '@suite/contracts';
import { currentContext, following, gauge, pageOf, requireAdmin, sortOf, type ListOrder } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { deadMailView } from './dead-mail.view';
import { MailQueueService } from './mail-queue.service';
import { CARRY_TOKENS, MailRecord, type DeadMailRecord, type DeadLetterEntryRecord } from './mail.schema';
import { MailsService } from './mails.service';

const newestFirst: ListOrder = { name: '-at', by: 'deadLetter.at', tie: '_id', direction: -1 };
const REPLAYED_AT_ONCE = 100;

/** Where admins look through the mails that were given up, and decide what becomes of them. */
@Injectable()
export class DeadMailDeskService {
  constructor(
    @InjectModel(MailRecord.name) private readonly records: Model<DeadMailRecord>,
    private readonly mails: MailsService,
    private readonly queue: MailQueueService,
  ) {
    gauge('dead_mails_open', 'Open dead letters of mails; the same on every replica', () =>
      this.records.countDocuments({ 'deadLetter.state': 'open' }),
    );
  }

  async list({ state = 'open', kind, reason, page = 1, limit = 20, cursor }: DeadMailQuery): Promise<DeadMailPage> {
    requireAdmin();
    const wanted = { 'deadLetter.state': state, ...whichOf({ kind, reason }) };
    const [found, total] = await Promise.all([
      this.records
        .find(cursor === undefined ? wanted : { ...wanted, ...following(newestFirst, cursor) })
        .sort(sortOf(newestFirst))
        .skip(cursor === undefined ? (page - 1) * limit : 0)
        .limit(limit + 1)
        .lean(),
      this.records.countDocuments(wanted),
    ]);
    const { shown, nextCursor } = pageOf(newestFirst, found, limit);
    return { items: shown.map(deadMailView), meta: { total, page, limit, nextCursor } };
  }

  /** @throws Problem DEAD_LETTER_NOT_FOUND */
  async get({ id }: ById): Promise<DeadMail> {
    requireAdmin();
    return deadMailView(await this.find(id));
  }

  /**
   * Whoever dies between document and job leaves a mail that waits, and the sweeper finds it.
   * @throws Problem DEAD_LETTER_NOT_FOUND, ALREADY_REPLAYED, INVALID_TRANSITION
   */
  async replay({ id }: ById): Promise<ReplayedMail> {
    const { userId: by } = requireAdmin();
    const key = currentContext()?.idempotencyKey;
    const mail = await this.find(id);
    if (mail.deadLetter.state === 'open' && CARRY_TOKENS.includes(mail.kind)) {
      throw new Problem('INVALID_TRANSITION', 'Its one-time token is gone: whoever needs it can ask for a new one');
    }
    const replayed = await this.mails.replay(mail._id, { action: 'replayed', by, at: new Date(), ...(key && { key }) });
    if (!replayed) return { letter: deadMailView(await this.replayedBefore(id, by, key)), replayed: true };
    await this.queue.revive([replayed]);
    return { letter: deadMailView(replayed), replayed: false };
  }

  async replayMany({ kind, reason, limit = REPLAYED_AT_ONCE }: ReplayMails): Promise<ReplayedMails> {
    const { userId: by } = requireAdmin();
    const found = await this.records
      .find(
        { 'deadLetter.state': 'open', $and: [{ kind: { $nin: CARRY_TOKENS } }, whichOf({ kind, reason })] },
        { _id: 1 },
      )
      .sort({ 'deadLetter.at': 1 })
      .limit(limit)
      .lean();
    const entry: DeadLetterEntryRecord = { action: 'replayed', by, at: new Date() };
    const changed = await Promise.all(found.map(({ _id }) => this.mails.replay(_id, entry)));
    const replayed = changed.filter((mail) => mail !== null);
    await this.queue.revive(replayed);
    return { replayed: replayed.length };
  }

  /** @throws Problem DEAD_LETTER_NOT_FOUND, ALREADY_REPLAYED, INVALID_TRANSITION */
  async discard({ id, reason }: DiscardDeadLetter): Promise<DeadMail> {
    const { userId: by } = requireAdmin();
    const entry: DeadLetterEntryRecord = { action: 'discarded', by, at: new Date(), reason };
    const mail = await this.records
      .findOneAndUpdate(
        { 'deadLetter.id': new Types.ObjectId(id), 'deadLetter.state': 'open' },
        { $set: { 'deadLetter.state': 'discarded' }, $push: { 'deadLetter.audit': entry } },
        { returnDocument: 'after' },
      )
      .lean();
    if (mail) return deadMailView(mail);
    throw refusalOf(await this.find(id));
  }

  private async find(id: string): Promise<DeadMailRecord> {
    const mail = await this.records.findOne({ 'deadLetter.id': new Types.ObjectId(id) }).lean();
    if (!mail) throw new Problem('DEAD_LETTER_NOT_FOUND');
    return mail;
  }

  /** @throws Problem unless it was by the very same request. */
  private async replayedBefore(id: string, by: string, key?: string): Promise<DeadMailRecord> {
    const mail = await this.find(id);
    const last = mail.deadLetter.audit.findLast(({ action }) => action === 'replayed');
    if (key === undefined || last?.by !== by || last.key !== key) throw refusalOf(mail);
    return mail;
  }
}

const whichOf = ({ kind, reason }: Pick<DeadMailQuery, 'kind' | 'reason'>) => ({
  ...(kind !== undefined && { kind }),
  ...(reason !== undefined && { 'deadLetter.reason': reason }),
});

const refusalOf = ({ deadLetter }: DeadMailRecord): Problem =>
  deadLetter.state === 'discarded'
    ? new Problem('INVALID_TRANSITION', 'The dead letter was discarded before')
    : new Problem('ALREADY_REPLAYED');
