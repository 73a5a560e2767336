import type { OrderChanged } from '@suite/contracts';
import { eventId, eventOf, eventOfRecord, parseEventId, placedAt, recordOf, sayable, type Heard } from './order-events';

const TEA = '665f1c2e9b3e4a0012345678';
const POT = '665f1c2e9b3e4a0087654321';
const heard = (orderId: string, seq: number, overdue = false): Heard => ({
  fact: { orderId, seq, userId: POT, number: 'A7K2', tier: 'vip', kind: 'status', status: 'PENDING' } as OrderChanged,
  overdue,
});
const said = (list: Heard[], before: string[] = []) =>
  sayable(list, new Set(before)).map(({ fact }) => eventId(fact.orderId, fact.seq));

describe('what may be said', () => {
  it('begins with the first event of an order', () => {
    expect(said([heard(TEA, 1), heard(POT, 1)])).toEqual([`${TEA}.1`, `${POT}.1`]);
  });

  it('is what follows something that was said', () => {
    expect(said([heard(TEA, 3), heard(POT, 3)], [`${TEA}.2`, `${POT}.1`])).toEqual([`${TEA}.3`]);
  });

  it('is what is heard together, by its seq, however it came in', () => {
    expect(said([heard(TEA, 3), heard(TEA, 1), heard(TEA, 2)])).toEqual([`${TEA}.1`, `${TEA}.2`, `${TEA}.3`]);
  });

  it('stops at a gap', () => {
    expect(said([heard(TEA, 1), heard(TEA, 3), heard(TEA, 4)])).toEqual([`${TEA}.1`]);
  });

  it('is each event once', () => {
    expect(said([heard(TEA, 1), heard(TEA, 1), heard(TEA, 2)], [`${TEA}.1`])).toEqual([`${TEA}.2`]);
  });

  it('is also what has waited long enough, and then what follows that, but nothing before its turn for that reason', () => {
    expect(said([heard(TEA, 5), heard(TEA, 4, true)])).toEqual([`${TEA}.4`, `${TEA}.5`]);
    expect(said([heard(TEA, 2, true), heard(TEA, 1)])).toEqual([`${TEA}.1`, `${TEA}.2`]);
  });
});

describe('an event', () => {
  it('is the same after it was kept', () => {
    const event = {
      ...eventOf(heard(TEA, 2).fact),
      previousStatus: 'PENDING' as const,
      failure: { code: 'INSUFFICIENT_STOCK' as const, message: 'There is none left' },
    };
    expect(eventOfRecord(recordOf(event, '1700000000000-3', { due: new Date(), mail: '{}' }))).toEqual(event);
  });

  it('is named by its order and its seq', () => {
    expect(parseEventId(`${TEA}.12`)).toEqual({ orderId: TEA, seq: 12 });
    expect(parseEventId('hello.1')).toBeUndefined();
  });

  it('says when its order was placed', () => {
    expect(new Date(placedAt(TEA)).toISOString()).toBe('2024-06-04T13:52:46.000Z');
  });
});
