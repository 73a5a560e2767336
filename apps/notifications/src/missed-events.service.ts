import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { MAX_MISSED, type MissedEvents, type MissedEventsAnswer, type OrderEvent } from '@suite/contracts';
import { callerOf } from '@suite/platform';
import { Types, type Model, type QueryFilter } from 'mongoose';
import { OrderStreamRecord, type EventRecord } from './order-stream.schema';
import { eventsOf, parseEventId, type EventKey } from './order-events';
import { comparePlaces, placeAt, timeOf, type Place } from './place';

/** Places have the time of Redis, documents that of MongoDB: so far apart the two may be, in ms. */
const SKEW_MS = 10_000;
const LOOK_MS = 20;
const LOOKS = 200;

type Own = QueryFilter<OrderStreamRecord>;

/** What those who watch have missed while they were away, for as long as events are kept. */
@Injectable()
export class MissedEventsService {
  constructor(@InjectModel(OrderStreamRecord.name) private readonly streams: Model<OrderStreamRecord>) {}

  async missed({ lastEventId, from, orderId }: MissedEvents): Promise<MissedEventsAnswer> {
    const { userId, role } = callerOf();
    const own: Own = role === 'admin' ? {} : { userId: new Types.ObjectId(userId) };
    const last = lastEventId === undefined ? undefined : parseEventId(lastEventId);
    if (orderId !== undefined) return { items: await this.ofOrder(own, orderId, last) };
    const since = from === undefined ? undefined : placeAt(Date.parse(from) - SKEW_MS);
    const after = last ? await this.placeOf(own, last) : since;
    const streams = await this.changedAfter(own, after);
    const saying = streams.filter(({ lease }) => lease).map(({ _id }) => _id);
    const all = (await this.waitUntilSaid(saying)) ? await this.changedAfter(own, after) : streams;
    return { items: saidAfter(all, after).slice(0, MAX_MISSED) };
  }

  private async ofOrder(own: Own, orderId: string, last: EventKey | undefined): Promise<OrderEvent[]> {
    const stream = await this.streams.findOne({ ...own, _id: new Types.ObjectId(orderId) }).lean();
    const after = last?.orderId === orderId ? last.seq : 0;
    const said = stream?.events.filter(({ seq }) => seq > after && seq <= stream.said) ?? [];
    return stream
      ? eventsOf(
          stream,
          said.toSorted((a, b) => a.seq - b.seq),
        )
      : [];
  }

  /** An event that is not known is older than what is kept: all of that was missed. */
  private async placeOf(own: Own, { orderId, seq }: EventKey): Promise<Place | undefined> {
    const stream = await this.streams.findOne({ ...own, _id: new Types.ObjectId(orderId) }).lean();
    const event = stream?.events.find((one) => one.seq === seq);
    // Said by a replica that died before it could write that down. It will be said again; until then its time has to do.
    return event && (event.place ?? placeAt(stream!.updatedAt.getTime() - SKEW_MS));
  }

  private changedAfter(own: Own, after: Place | undefined): Promise<OrderStreamRecord[]> {
    const updatedAt = { $gte: new Date(after === undefined ? 0 : timeOf(after) - SKEW_MS) };
    return this.streams
      .find({ ...own, updatedAt })
      .sort({ updatedAt: 1 })
      .limit(MAX_MISSED)
      .lean()
      .exec();
  }

  /**
   * What is being said this moment was heard by those who were there, and who came after that finds it only once it is
   * written down. Where whoever says it has died, its lease ends, and it will be said again. False: there is none.
   */
  private async waitUntilSaid(ids: Types.ObjectId[]): Promise<boolean> {
    if (ids.length === 0) return false;
    const unfinished = { _id: { $in: ids }, $expr: { $gt: ['$lease.until', '$$NOW'] } };
    for (let look = 0; look < LOOKS && (await this.streams.exists(unfinished)); look++) await pause(LOOK_MS);
    return true;
  }
}

/** In the order in which they were said. What came in and was not said will still be heard live, in its place. */
function saidAfter(streams: OrderStreamRecord[], after: Place | undefined): OrderEvent[] {
  const isMissed = ({ seq, place }: EventRecord, said: number) =>
    seq <= said && (after === undefined || (place !== undefined && comparePlaces(place, after) > 0));
  return streams
    .flatMap((stream) => {
      const missed = stream.events.filter((event) => isMissed(event, stream.said));
      return eventsOf(stream, missed).map((event, i) => ({ event, place: missed[i].place ?? placeAt(0) }));
    })
    .sort((a, b) => comparePlaces(a.place, b.place) || a.event.seq - b.event.seq)
    .map(({ event }) => event);
}
