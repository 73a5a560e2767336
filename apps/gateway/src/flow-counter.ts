import type { OrderEvent, Tier } from '@suite/contracts';

/** More than this in a second are not shown one by one. */
export const MAX_MOVES_PER_SECOND = 200;
/** A browser that looks every second, now at this gateway and now at that, misses none of them. */
const MOVES_KEPT_MS = 2_500;
const RATE_OVER_S = 10;
const WAITS_KEPT_MS = 60_000;
const MAX_WAITS = 2_000;
/** Orders whose decision is awaited; those of a backlog that is longer are not measured. */
const MAX_AWAITED = 50_000;

export type Outcome = 'accepted' | 'CONFIRMED' | 'FAILED' | 'CANCELLED';

/** One step of one order, as the picture shows it. */
export interface Move extends Pick<OrderEvent, 'orderId' | 'number' | 'tier' | 'seq' | 'status' | 'previousStatus'> {
  at: string;
}

interface Second {
  second: number;
  counts: Record<Outcome, number>;
  heard: number;
  shown: number;
  /** Of how many orders one is looked at: by how much was heard in the second before. */
  oneOf: number;
}

/**
 * What one gateway has heard of orders lately: how many come and go, how long each lane waits, and which steps to show.
 * All gateways hear the same events, so that each of them gives the same picture.
 */
export class FlowCounter {
  private readonly seconds: Second[] = [];
  private readonly accepted = new Map<string, number>();
  private readonly waits: Record<Tier, { at: number; ms: number }[]> = { vip: [], standard: [] };
  private moves: { heardAt: number; move: Move }[] = [];

  heard(event: OrderEvent, now: number): void {
    const second = this.secondOf(now);
    const { seq, kind, status } = event;
    second.heard++;
    if (seq === 1) second.counts.accepted++;
    else if (kind === 'status' && status in second.counts) second.counts[status as Outcome]++;
    // What is not shown is counted and no more: it has to cost next to nothing.
    if (!isShown(event.orderId, second.oneOf)) return;
    if (seq === 1) this.remember(event);
    else if (kind === 'status' && event.previousStatus === 'PENDING') this.measure(event, now);
    this.show(event, second, now);
  }

  /** Per second, over the last ten that are full. */
  rates(now: number): Record<Outcome, number> {
    const until = Math.floor(now / 1_000);
    const sums: Record<Outcome, number> = { accepted: 0, CONFIRMED: 0, FAILED: 0, CANCELLED: 0 };
    for (const { second, counts } of this.seconds) {
      if (second >= until || second < until - RATE_OVER_S) continue;
      for (const name of Object.keys(sums) as Outcome[]) sums[name] += counts[name];
    }
    for (const name of Object.keys(sums) as Outcome[]) sums[name] /= RATE_OVER_S;
    return sums;
  }

  /** From accepted to decided (confirmed, failed, or waiting for its payment), of those shown in the last minute, in ms. */
  waitsOf(lane: Tier, now: number): { measured: number; p50Ms: number; p95Ms: number } {
    const kept = this.waits[lane].filter(({ at }) => now - at < WAITS_KEPT_MS);
    this.waits[lane] = kept;
    const sorted = kept.map(({ ms }) => ms).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return { measured: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95) };
  }

  /** The steps to show, oldest first, and of how many orders one is shown. */
  shown(now: number): { moves: Move[]; oneOf: number } {
    this.moves = this.moves.filter(({ heardAt }) => now - heardAt < MOVES_KEPT_MS);
    return { moves: this.moves.map(({ move }) => move), oneOf: this.secondOf(now).oneOf };
  }

  private secondOf(now: number): Second {
    const second = Math.floor(now / 1_000);
    const last = this.seconds.at(-1);
    if (last && last.second >= second) return last;
    const counts = { accepted: 0, CONFIRMED: 0, FAILED: 0, CANCELLED: 0 };
    const next = { second, counts, heard: 0, shown: 0, oneOf: sampleOf(last?.second === second - 1 ? last.heard : 0) };
    this.seconds.push(next);
    if (this.seconds.length > RATE_OVER_S + 2) this.seconds.shift();
    return next;
  }

  private remember({ orderId, at }: OrderEvent): void {
    this.accepted.set(orderId, Date.parse(at));
    if (this.accepted.size > MAX_AWAITED) this.accepted.delete(this.accepted.keys().next().value!);
  }

  private measure({ orderId, tier, at }: OrderEvent, now: number): void {
    const acceptedAt = this.accepted.get(orderId);
    if (acceptedAt === undefined) return;
    this.accepted.delete(orderId);
    const waits = this.waits[tier];
    waits.push({ at: now, ms: Math.max(0, Date.parse(at) - acceptedAt) });
    if (waits.length > MAX_WAITS) waits.splice(0, MAX_WAITS / 2);
  }

  private show(event: OrderEvent, second: Second, now: number): void {
    if (second.shown >= MAX_MOVES_PER_SECOND) return;
    second.shown++;
    const { orderId, number, tier, seq, status, previousStatus, at } = event;
    const move = { orderId, number, tier, seq, status, at, ...(previousStatus !== undefined && { previousStatus }) };
    this.moves.push({ heardAt: now, move });
    // Without anybody who looks nothing else takes them away.
    if (this.moves.length > 4 * MAX_MOVES_PER_SECOND) this.moves.splice(0, MAX_MOVES_PER_SECOND);
  }
}

/** A power of two, so that an order that is shown stays so while the flow swells and ebbs. */
function sampleOf(heard: number): number {
  const crowd = heard / MAX_MOVES_PER_SECOND;
  return crowd <= 1 ? 1 : 2 ** Math.ceil(Math.log2(crowd));
}

/** By the order, not by the step: all steps of an order are shown, or none. */
const isShown = (orderId: string, oneOf: number): boolean => Number.parseInt(orderId.slice(-6), 16) % oneOf === 0;
