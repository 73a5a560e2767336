import type { OrderEvent } from '@suite/contracts';
import type { EventRecord, OrderStreamRecord } from './order-stream.schema';

/** What may be said next: the events that follow, without a gap, what was said already. */
export function sayable({ events, said }: Pick<OrderStreamRecord, 'events' | 'said'>): EventRecord[] {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const next: EventRecord[] = [];
  for (let event = bySeq.get(said + 1); event; event = bySeq.get(event.seq + 1)) next.push(event);
  return next;
}

/** Events as browsers hear them: a whitelist. */
export const eventsOf = (
  { _id, userId, number, tier }: Pick<OrderStreamRecord, '_id' | 'userId' | 'number' | 'tier'>,
  events: EventRecord[],
): OrderEvent[] =>
  events.map(({ seq, kind, status, previousStatus, at, failure }) => ({
    id: eventId(String(_id), seq),
    orderId: String(_id),
    userId: String(userId),
    number,
    seq,
    kind,
    status,
    ...(previousStatus !== undefined && { previousStatus }),
    at,
    ...(failure && { failure: { code: failure.code, message: failure.message } }),
    tier,
  }));

const eventId = (orderId: string, seq: number): string => `${orderId}.${seq}`;

export interface EventKey {
  orderId: string;
  seq: number;
}

/** Undefined for what is no event id. */
export function parseEventId(id: string): EventKey | undefined {
  const [, orderId, seq] = /^([0-9a-f]{24})\.(\d{1,7})$/.exec(id) ?? [];
  return orderId === undefined ? undefined : { orderId, seq: Number(seq) };
}
