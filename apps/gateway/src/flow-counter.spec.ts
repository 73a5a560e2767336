import type { OrderEvent, OrderStatus } from '@suite/contracts';
import { FlowCounter, MAX_MOVES_PER_SECOND } from './flow-counter';

const BEGIN = Date.parse('2026-05-04T12:00:00.000Z');

interface Step {
  order?: number;
  at?: number;
  seq?: number;
  status?: OrderStatus;
  previousStatus?: OrderStatus;
  tier?: 'vip' | 'standard';
}

/** @param step `at`: ms after the beginning */
const event = ({ order = 0, at = 0, seq = 1, status = 'PENDING', ...rest }: Step = {}): OrderEvent => ({
  id: `${order}.${seq}`,
  orderId: order.toString(16).padStart(24, '0'),
  userId: 'a'.repeat(24),
  number: `NO-${order}`,
  kind: 'status',
  tier: 'standard',
  seq,
  status,
  at: new Date(BEGIN + at).toISOString(),
  ...rest,
});

const confirmed = (step: Step): OrderEvent =>
  event({ seq: 2, status: 'CONFIRMED', previousStatus: 'PENDING', ...step });

describe('FlowCounter', () => {
  const hear = (events: [OrderEvent, at: number][]) => {
    const counter = new FlowCounter();
    for (const [one, at] of events) counter.heard(one, BEGIN + at);
    return counter;
  };

  it('tells rates of the last ten full seconds, and nothing of a silent time', () => {
    const counter = hear([
      [event({ order: 1 }), 0],
      [event({ order: 2 }), 500],
      [confirmed({ order: 1, at: 900 }), 900],
      [event({ order: 3, seq: 2, status: 'FAILED', previousStatus: 'PENDING' }), 950],
    ]);
    expect(counter.rates(BEGIN + 500)).toMatchObject({ accepted: 0 });
    expect(counter.rates(BEGIN + 1_500)).toEqual({ accepted: 0.2, CONFIRMED: 0.1, FAILED: 0.1, CANCELLED: 0 });
    expect(counter.rates(BEGIN + 11_500)).toEqual({ accepted: 0, CONFIRMED: 0, FAILED: 0, CANCELLED: 0 });
  });

  it('measures how long each lane waits, from accepted to decided, and forgets it after a minute', () => {
    const steps = Array.from({ length: 20 }, (_, order): [OrderEvent, number][] => [
      [event({ order, tier: 'vip' }), 0],
      [confirmed({ order, tier: 'vip', at: 10 * (order + 1) }), 300],
    ]).flat();
    const counter = hear(steps);
    expect(counter.waitsOf('vip', BEGIN + 1_000)).toEqual({ measured: 20, p50Ms: 110, p95Ms: 200 });
    expect(counter.waitsOf('standard', BEGIN + 1_000)).toEqual({ measured: 0, p50Ms: 0, p95Ms: 0 });
    expect(counter.waitsOf('vip', BEGIN + 61_000).measured).toBe(0);
  });

  it('does not measure what it has not seen begin, nor what happens to a confirmed order', () => {
    const counter = hear([
      [confirmed({ order: 1, at: 10 }), 10],
      [event({ order: 2, seq: 3, status: 'SHIPPED', previousStatus: 'CONFIRMED' }), 20],
    ]);
    expect(counter.waitsOf('standard', BEGIN + 100).measured).toBe(0);
  });

  it('shows every step of a calm flow, for as long as a browser needs to see it once', () => {
    const counter = hear([[event({ order: 1 }), 0]]);
    expect(counter.shown(BEGIN + 1_000)).toMatchObject({ oneOf: 1, moves: [{ number: 'NO-1', status: 'PENDING' }] });
    expect(counter.shown(BEGIN + 3_000).moves).toEqual([]);
  });

  it('shows a sample of a large one, in which an order comes with all its steps', () => {
    const crowd = Array.from({ length: 2_000 }, (_, order) => order);
    const counter = hear(crowd.map((order) => [event({ order }), 0]));
    expect(counter.shown(BEGIN + 100).moves).toHaveLength(MAX_MOVES_PER_SECOND);
    for (const order of crowd) {
      counter.heard(event({ order: 5_000 + order }), BEGIN + 1_000);
      counter.heard(confirmed({ order: 5_000 + order }), BEGIN + 1_500);
    }
    const { moves, oneOf } = counter.shown(BEGIN + 1_600);
    expect(oneOf).toBe(16);
    const later = moves.filter(({ orderId }) => Number.parseInt(orderId, 16) >= 5_000);
    expect(later.length).toBeGreaterThan(0);
    expect(later.length).toBeLessThanOrEqual(MAX_MOVES_PER_SECOND);
    expect(later.every(({ orderId }) => Number.parseInt(orderId, 16) % oneOf === 0)).toBe(true);
  });
});
