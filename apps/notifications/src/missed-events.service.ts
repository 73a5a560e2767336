import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { MAX_MISSED, type MissedEvents, type MissedEventsAnswer } from '@suite/contracts';
import { callerOf } from '@suite/platform';
import { Types, type Model, type QueryFilter } from 'mongoose';
import { OrderEventRecord } from './order-event.schema';
import { eventOfRecord, eventsOfOrder, parseEventId, placedAt, type EventKey } from './order-events';
import { comparePlaces, placeAt, timeOf, type Place } from './place';
import { UnwrittenEventsService } from './unwritten-events.service';

/** Places have the time of Redis, what is asked for that of others: so far apart the two may be, in ms. */
const SKEW_MS = 10_000;

type Own = QueryFilter<OrderEventRecord>;

/**
 * What those who watch have missed while they were away, for as long as events are kept. Nothing falls between that and
 * what they hear live, because they listen before they ask: what is said after that they hear; what was said before that
 * is written by now, or announced as unwritten, and waited for.
 */
@Injectable()
export class MissedEventsService {
  constructor(
    @InjectModel(OrderEventRecord.name) private readonly events: Model<OrderEventRecord>,
    private readonly unwritten: UnwrittenEventsService,
  ) {}

  async missed({ lastEventId, from, orderId }: MissedEvents): Promise<MissedEventsAnswer> {
    const { userId, role } = callerOf();
    const own: Own = role === 'admin' ? {} : { userId: new Types.ObjectId(userId) };
    const last = lastEventId === undefined ? undefined : parseEventId(lastEventId);
    await this.unwritten.settled();
    if (orderId !== undefined) return answerOf(await this.ofOrder(own, orderId, last));
    const since = from === undefined ? undefined : placeAt(Date.parse(from) - SKEW_MS);
    return answerOf(await this.saidAfter(own, last ? await this.placeOf(own, last) : since));
  }

  /** By their seq. */
  private async ofOrder(own: Own, orderId: string, last: EventKey | undefined): Promise<OrderEventRecord[]> {
    const after = last?.orderId === orderId ? last.seq : 0;
    const found = await this.events.find({ ...own, _id: eventsOfOrder(orderId) }).lean();
    return found.filter((event) => seqOf(event) > after).sort((a, b) => seqOf(a) - seqOf(b));
  }

  /**
   * One that is not known is older than what is kept, or whoever said it died before it was written. All that followed
   * it was said after its order was placed.
   */
  private async placeOf(own: Own, { orderId, seq }: EventKey): Promise<Place> {
    const found = await this.events.findOne({ ...own, _id: `${orderId}.${seq}` }, { place: 1 }).lean();
    return found?.place ?? placeAt(placedAt(orderId) - SKEW_MS);
  }

  /** In the order in which they were said. */
  private async saidAfter(own: Own, after: Place = placeAt(0)): Promise<OrderEventRecord[]> {
    const found = await this.events
      .find({ ...own, saidAt: { $gte: new Date(timeOf(after)) } })
      .sort({ saidAt: 1 })
      .limit(MAX_MISSED)
      .lean();
    return found.filter(({ place }) => comparePlaces(place, after) > 0).sort((a, b) => comparePlaces(a.place, b.place));
  }
}

const seqOf = ({ _id }: OrderEventRecord): number => parseEventId(_id)!.seq;

const answerOf = (found: OrderEventRecord[]): MissedEventsAnswer => ({
  items: found.slice(0, MAX_MISSED).map(eventOfRecord),
});
