import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { LIVE_STREAM, type OrderChanged, type SendMail } from '@suite/contracts';
import { GroupCommit, isWeather, RedisLink, sayLive } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { NotificationsConfig } from './notifications.config';
import { OrderStreamRecord, type EventRecord } from './order-stream.schema';
import { eventsOf, sayable } from './order-events';
import type { Place } from './place';

/** Longer than saying takes, short enough that the browsers of a replica that died wait for little. */
const LEASE_MS = 3_000;
const RETRY_MS = 25;

interface Heard {
  fact: OrderChanged;
  waiting: OrderStreamRecord['waiting'];
}

/**
 * Says to the gateways what happened to orders, each order's events once and in the order of their seq, whichever replica
 * hears which fact when. The order's document knows up to where that was done, and whose turn it is: nobody says an event
 * before the one in front of it was said. A replica that dies has not acknowledged its facts, and whoever hears them then
 * goes on.
 */
@Injectable()
export class OrderStreamsService {
  private readonly taking = new GroupCommit<Heard, boolean>({
    name: 'order events',
    commit: (heard) => this.takeAll(heard),
    maxBatch: 256,
    separate: (error) => !isWeather(error),
  });

  constructor(
    @InjectModel(OrderStreamRecord.name) private readonly streams: Model<OrderStreamRecord>,
    private readonly link: RedisLink,
    private readonly settings: NotificationsConfig,
  ) {}

  /**
   * Resolves when it was said, or waits, durable, for one before it that will be heard as well. Safe to repeat.
   * @param mail is kept for `MAIL_WAITING_AFTER_MS`, and forgotten if something else happens meanwhile
   */
  async take(fact: OrderChanged, mail?: SendMail): Promise<void> {
    const waiting = mail && { due: new Date(Date.now() + this.settings.MAIL_WAITING_AFTER_MS), mail };
    while (!(await this.taking.add({ fact, waiting }))) await pause(RETRY_MS);
  }

  /** False where another replica is saying events of this order just now and may have looked before ours was there. */
  private async takeAll(heard: Heard[]): Promise<boolean[]> {
    const turn = randomUUID();
    await this.streams.collection.bulkWrite(
      heard.map((one) => ({ updateOne: takeOne(one, turn) })),
      { ordered: false },
    );
    const facts = heard.map(({ fact }) => fact);
    const ids = facts.map(({ orderId }) => new Types.ObjectId(orderId));
    const found = await this.streams.find({ _id: { $in: ids } }, { waiting: 0 }).lean();
    const ours = found.filter(({ lease }) => lease?.by === turn);
    const says = ours.flatMap(eventsToSay);
    const places = await sayLive(
      this.link.redis,
      LIVE_STREAM,
      says.map((event) => JSON.stringify(event)),
    );
    const placeOf = new Map(says.map(({ id }, i) => [id, places[i]]));
    const writes = ours.map((stream) => ({
      updateOne: said(
        stream,
        turn,
        eventsToSay(stream).map(({ id }) => placeOf.get(id)!),
      ),
    }));
    if (writes.length > 0) await this.streams.bulkWrite(writes);
    const mine = new Set(ours.map(({ _id }) => String(_id)));
    const known = new Map(found.map((stream) => [String(stream._id), stream.said]));
    return facts.map(({ orderId, seq }) => mine.has(orderId) || known.get(orderId)! >= seq);
  }
}

const eventsToSay = (stream: OrderStreamRecord) => eventsOf(stream, sayable(stream));

/** Adds the event if it is not there, and takes the turn if it is nobody's. By one pipeline, so that both are one step. */
function takeOne({ fact, waiting }: Heard, turn: string) {
  const { seq, kind, status, previousStatus, at, failure } = fact;
  const event: EventRecord = {
    ...{ seq, kind, status, at },
    ...(previousStatus !== undefined && { previousStatus }),
    ...(failure && { failure }),
  };
  const events = { $ifNull: ['$events', []] };
  const free = { $lt: [{ $ifNull: ['$lease.until', new Date(0)] }, '$$NOW'] };
  const known = { $in: [seq, { $ifNull: ['$events.seq', []] }] };
  const overtaken = { $gte: [{ $max: '$events.seq' }, seq] };
  return {
    filter: { _id: new Types.ObjectId(fact.orderId) },
    upsert: true,
    update: [
      {
        $set: {
          userId: new Types.ObjectId(fact.userId),
          number: { $literal: fact.number },
          tier: fact.tier,
          said: { $ifNull: ['$said', 0] },
          events: { $cond: [known, events, { $concatArrays: [events, [{ $literal: event }]] }] },
          waiting: { $cond: [overtaken, '$waiting', waiting ? { $literal: waiting } : '$$REMOVE'] },
          updatedAt: { $cond: [{ $and: [known, { $not: [free] }] }, '$updatedAt', '$$NOW'] },
          lease: { $cond: [free, { by: turn, until: { $add: ['$$NOW', LEASE_MS] } }, '$lease'] },
        },
      },
    ],
  };
}

/** Up to where, and each one's place: what a dead replica had heard is said long after it came in. */
function said(stream: OrderStreamRecord, turn: string, places: Place[]) {
  const first = stream.said + 1;
  const isNew = { $and: [{ $gte: ['$$event.seq', first] }, { $lt: ['$$event.seq', first + places.length] }] };
  const place = { $arrayElemAt: [places, { $subtract: ['$$event.seq', first] }] };
  const placed = { $cond: [isNew, { $mergeObjects: ['$$event', { place }] }, '$$event'] };
  return {
    filter: { _id: stream._id, 'lease.by': turn },
    update: [
      {
        $set: {
          said: stream.said + places.length,
          updatedAt: '$$NOW',
          ...(places.length > 0 && { events: { $map: { input: '$events', as: 'event', in: placed } } }),
        },
      },
      { $unset: 'lease' },
    ],
  };
}
