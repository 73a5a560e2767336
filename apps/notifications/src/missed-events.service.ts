import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { MAX_MISSED, type MissedEvents, type MissedEventsAnswer, type OrderEvent } from '@suite/contracts';
import { callerOf } from '@suite/platform';
import { Types, type Model, type QueryFilter } from 'mongoose';
import { OrderStreamRecord, type EventRecord } from './order-stream.schema';
import { eventsOf, parseEventId } from './order-events';

/**
 * Events are not written down quite in the order in which they are said, for replicas are not equally busy. So it is
 * looked a little further back than asked for; what was heard already is recognised by its id.
 */
const OVERLAP_MS = 10_000;

interface Said {
  event: OrderEvent;
  saidAt: Date;
}

/** What those who watch have missed while they were away, for as long as events are kept. */
@Injectable()
export class MissedEventsService {
  constructor(@InjectModel(OrderStreamRecord.name) private readonly streams: Model<OrderStreamRecord>) {}

  async missed({ lastEventId, from, orderId }: MissedEvents): Promise<MissedEventsAnswer> {
    const { userId, role } = callerOf();
    const own: QueryFilter<OrderStreamRecord> = role === 'admin' ? {} : { userId: new Types.ObjectId(userId) };
    const last = lastEventId === undefined ? undefined : parseEventId(lastEventId);
    if (orderId !== undefined) return { items: await this.ofOrder(own, orderId, last) };
    const since = last ? await this.saidAt(own, last) : from && new Date(from);
    // An event that is not known is older than what is kept: all of that was missed.
    const after = new Date(since ? since.getTime() - OVERLAP_MS : 0);
    const found = await this.streams
      .find({ ...own, updatedAt: { $gte: after } })
      .sort({ updatedAt: 1 })
      .limit(MAX_MISSED)
      .lean();
    const isNew = ({ event: { orderId: of, seq } }: Said) => of !== last?.orderId || seq > last.seq;
    const items = found
      .flatMap((stream) => saidOf(stream, ({ saidAt }) => saidAt >= after))
      .filter(isNew)
      .sort((a, b) => a.saidAt.getTime() - b.saidAt.getTime())
      .map(({ event }) => event);
    return { items: inOrder(items).slice(0, MAX_MISSED) };
  }

  private async ofOrder(
    own: QueryFilter<OrderStreamRecord>,
    orderId: string,
    last: { orderId: string; seq: number } | undefined,
  ): Promise<OrderEvent[]> {
    const stream = await this.streams.findOne({ ...own, _id: new Types.ObjectId(orderId) }).lean();
    const after = last?.orderId === orderId ? last.seq : 0;
    return stream ? inOrder(saidOf(stream, ({ seq }) => seq > after).map(({ event }) => event)) : [];
  }

  private async saidAt(own: QueryFilter<OrderStreamRecord>, { orderId, seq }: { orderId: string; seq: number }) {
    const stream = await this.streams.findOne({ ...own, _id: new Types.ObjectId(orderId) }).lean();
    return stream?.events.find((event) => event.seq === seq)?.saidAt;
  }
}

/** Only what was said: the rest will still be heard live, in its place. */
function saidOf(
  stream: OrderStreamRecord,
  which: (event: Required<Pick<EventRecord, 'seq' | 'saidAt'>>) => boolean,
): Said[] {
  const events = stream.events.flatMap(({ saidAt, ...event }) =>
    saidAt && which({ ...event, saidAt }) ? [{ ...event, saidAt }] : [],
  );
  return eventsOf(stream, events).map((event, i) => ({ event, saidAt: events[i].saidAt }));
}

/** Those of one order by their seq, in the places that they have among the others. */
export function inOrder(events: OrderEvent[]): OrderEvent[] {
  const waiting = new Map<string, OrderEvent[]>();
  for (const event of events) waiting.set(event.orderId, [...(waiting.get(event.orderId) ?? []), event]);
  for (const ofOne of waiting.values()) ofOne.sort((a, b) => a.seq - b.seq);
  return events.map(({ orderId }) => waiting.get(orderId)!.shift()!);
}
