import { createHistogram } from 'node:perf_hooks';

/** What is counted while the run goes on. */
export class Tally {
  repeated = 0;
  inFlight = 0;
  /** Order id → customer: what was answered with 201 must be there at the end. */
  accepted = new Map();
  refusals = {};
  acceptedIn = byTier();
  looks = new Times();
  /** What happened in each second since the beginning, for the charts. */
  seconds = [];
  begun = performance.now();

  begin() {
    this.inFlight++;
  }

  end() {
    this.inFlight--;
  }

  accept({ customer }, order, ms) {
    this.accepted.set(order.id, customer);
    this.acceptedIn[customer.tier].add(ms);
    this.second.accepted++;
    this.second.times.add(ms);
  }

  look(ms) {
    this.looks.add(ms);
    this.second.looked++;
    this.second.times.add(ms);
  }

  refuse(code) {
    this.refusals[code] = (this.refusals[code] ?? 0) + 1;
    this.second.refused++;
  }

  get refused() {
    return Object.values(this.refusals).reduce((sum, count) => sum + count, 0);
  }

  get looked() {
    return this.looks.count;
  }

  /** A row for each second: `{ accepted, looked, refused, p50, p99 }`, times in ms and null where nothing was answered. */
  get timeline() {
    return Array.from(this.seconds, (one = new Second()) => {
      const { accepted, looked, refused, times } = one;
      const { p50 = null, p99 = null } = times.summary() ?? {};
      return { accepted, looked, refused, p50, p99 };
    });
  }

  get second() {
    const index = Math.floor((performance.now() - this.begun) / 1_000);
    return (this.seconds[index] ??= new Second());
  }
}

class Second {
  accepted = 0;
  looked = 0;
  refused = 0;
  times = new Times();
}

export const byTier = () => ({ vip: new Times(), standard: new Times() });

/** Percentiles of times in ms, kept as µs in a histogram of three digits. */
export class Times {
  histogram = createHistogram({ figures: 3 });

  add(ms) {
    this.histogram.record(Math.max(1, Math.round(ms * 1_000)));
  }

  get count() {
    return this.histogram.count;
  }

  /** Undefined where nothing was measured. */
  summary() {
    if (this.count === 0) return undefined;
    const at = (percentile) => Math.round(this.histogram.percentile(percentile) / 10) / 100;
    return { count: this.count, p50: at(50), p95: at(95), p99: at(99), max: Math.round(this.histogram.max / 1_000) };
  }
}
