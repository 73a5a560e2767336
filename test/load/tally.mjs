import { createHistogram } from 'node:perf_hooks';

/** What is counted while the orders are placed. */
export class Tally {
  repeated = 0;
  /** Order id → customer: what was answered with 201 must be there at the end. */
  accepted = new Map();
  refusals = {};
  acceptedIn = byTier();

  accept({ customer }, order, ms) {
    this.accepted.set(order.id, customer);
    this.acceptedIn[customer.tier].add(ms);
  }

  refuse(code) {
    this.refusals[code] = (this.refusals[code] ?? 0) + 1;
  }

  get refused() {
    return Object.values(this.refusals).reduce((sum, count) => sum + count, 0);
  }
}

export const byTier = () => ({ vip: new Times(), standard: new Times() });

/** Percentiles of times in ms, kept as µs in a histogram of three digits. */
export class Times {
  histogram = createHistogram({ figures: 3 });

  add(ms) {
    this.histogram.record(Math.max(1, Math.round(ms * 1_000)));
  }

  /** Undefined where nothing was measured. */
  summary() {
    if (this.histogram.count === 0) return undefined;
    const at = (percentile) => Math.round(this.histogram.percentile(percentile) / 10) / 100;
    return {
      count: this.histogram.count,
      p50: at(50),
      p95: at(95),
      p99: at(99),
      max: Math.round(this.histogram.max / 1_000),
    };
  }
}
