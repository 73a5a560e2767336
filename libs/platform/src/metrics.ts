import { setTimeout as pause } from 'node:timers/promises';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type Metric } from 'prom-client';

/** Everything that this process counts and measures. */
const registry = new Registry();
const readers = new Map<string, Reader>();

const PATIENCE_MS = 2_000;

/** Bounds in seconds: of what takes a moment, as an answer does, and of what may wait for minutes. */
export const MOMENTS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
export const WAITS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 300];
/** Bounds of how many things are written at once. */
export const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What a gauge shows now: a figure, or one for each set of labels. */
type Reader = () => Reading | Promise<Reading>;
type Reading = number | [labels: Record<string, string>, value: number][];

/**
 * Counts what happens. The name ends in `_total`, as Prometheus wants it. Whoever asks for a name again gets the same
 * counter, so a class may declare what it counts in its fields.
 */
export const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
  known(name, () => new Counter<Label>({ name, help, labelNames, registers: [registry] }));

/** How long something takes, or how much there is of it. The name ends in the unit: `_seconds`. */
export const histogram = <Label extends string = never>(
  name: string,
  help: string,
  buckets: number[],
  labelNames: Label[] = [],
) => known(name, () => new Histogram<Label>({ name, help, buckets, labelNames, registers: [registry] }));

/**
 * How something stands, read when somebody looks and never in between. What cannot be read, a store being away, is left
 * out; the rest is shown all the same.
 */
export function gauge(name: string, help: string, read: Reader, labelNames: string[] = []): void {
  readers.set(name, read);
  known(
    name,
    () =>
      new Gauge({
        ...{ name, help, labelNames, registers: [registry] },
        async collect() {
          this.reset();
          const reading = await readOf(name);
          if (typeof reading === 'object') for (const [labels, value] of reading) this.set(labels, value);
          else if (reading !== undefined) this.set(reading);
          else if (labelNames.length === 0) this.remove();
        },
      }),
  );
}

/** How often the event loop is looked at, in ms: each look wakes the process up, also one that has nothing to do. */
export const LOOP_RESOLUTION_MS = 50;

/** The process itself as well: CPU, memory, garbage, and how far the event loop lags. Once, when it begins to serve. */
export function measureProcess(): void {
  if (registry.getSingleMetric('process_cpu_user_seconds_total')) return;
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_RESOLUTION_MS });
}

/** Prometheus' text format. */
export async function metricsText(): Promise<{ type: string; text: string }> {
  return { type: registry.contentType, text: await registry.metrics() };
}

function known<M extends Metric>(name: string, make: () => M): M {
  return (registry.getSingleMetric(name) as M | undefined) ?? make();
}

/** Undefined where it cannot be read, or not soon: whoever scrapes does not wait for long. */
async function readOf(name: string): Promise<Reading | undefined> {
  try {
    return await Promise.race([readers.get(name)!(), pause(PATIENCE_MS, undefined, { ref: false })]);
  } catch {
    return undefined;
  }
}
