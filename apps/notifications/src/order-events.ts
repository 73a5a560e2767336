import type { OrderChanged, OrderEvent } from '@suite/contracts';
import { Types } from 'mongoose';
import type { OrderEventRecord, WaitingMail } from './order-event.schema';
import { timeOf, type Place } from './place';

/** A fact that is to be said. */
export interface Heard {
  fact: OrderChanged;
  waiting?: WaitingMail;
  /** It has waited long enough for the one in front of it. */
  overdue: boolean;
}

/**
 * Whose turn it is: first events, those that follow one that was said or is said before them now, and those that have
 * waited long enough. In the order in which they are to be said, each once.
 * @param said ids of events
 */
export function sayable(heard: Heard[], said: ReadonlySet<string>): Heard[] {
  const known = new Set(said);
  return heard
    .toSorted((a, b) => a.fact.seq - b.fact.seq)
    .filter(({ fact: { orderId, seq }, overdue }) => {
      const isDone = known.has(eventId(orderId, seq));
      const hasTurn = seq === 1 || overdue || known.has(eventId(orderId, seq - 1));
      if (hasTurn) known.add(eventId(orderId, seq));
      return hasTurn && !isDone;
    });
}

/** What has to be known of a fact before it is said: whether it was, and whether the one in front of it was. */
export const idsToKnow = ({ orderId, seq }: EventKey): string[] =>
  seq > 1 ? [eventId(orderId, seq - 1), eventId(orderId, seq)] : [eventId(orderId, seq)];

/** As browsers hear it: a whitelist. */
export const eventOf = (fact: Omit<OrderEvent, 'id'>): OrderEvent => ({
  id: eventId(fact.orderId, fact.seq),
  orderId: fact.orderId,
  userId: fact.userId,
  number: fact.number,
  seq: fact.seq,
  kind: fact.kind,
  status: fact.status,
  ...(fact.previousStatus !== undefined && { previousStatus: fact.previousStatus }),
  at: fact.at,
  ...(fact.failure && { failure: { code: fact.failure.code, message: fact.failure.message } }),
  tier: fact.tier,
});

/** As it is kept, with its place. */
export const recordOf = (
  { id, userId, orderId: _order, seq: _seq, ...event }: OrderEvent,
  place: Place,
  waiting?: WaitingMail,
): OrderEventRecord => ({
  _id: id,
  userId: new Types.ObjectId(userId),
  ...event,
  place,
  saidAt: new Date(timeOf(place)),
  ...(waiting && { waiting }),
});

export const eventOfRecord = ({ _id, userId, ...event }: OrderEventRecord): OrderEvent =>
  eventOf({ ...event, ...parseEventId(_id)!, userId: String(userId) });

export const eventId = (orderId: string, seq: number): string => `${orderId}.${seq}`;

/** All events of one order. */
export const eventsOfOrder = (orderId: string) => ({ $gte: `${orderId}.`, $lt: `${orderId}/` });

/** When the order was placed, in ms: its id begins with it. */
export const placedAt = (orderId: string): number => new Types.ObjectId(orderId).getTimestamp().getTime();

export interface EventKey {
  orderId: string;
  seq: number;
}

/** Undefined for what is no event id. */
export function parseEventId(id: string): EventKey | undefined {
  const [, orderId, seq] = /^([0-9a-f]{24})\.(\d{1,7})$/.exec(id) ?? [];
  return orderId === undefined ? undefined : { orderId, seq: Number(seq) };
}
