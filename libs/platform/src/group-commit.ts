import { currentContext, type RequestContext } from './context';
import { histogram, MOMENTS, SIZES } from './metrics';
import { inSpan, tracing } from './tracing';

/**
 * Group commit: what arrives while the last write is in flight is written together with the next one. There is no
 * timer, so a lone item on an idle system waits for nothing, and a busy system gathers by itself as much as it needs
 * (the idea is that of a database's log writer: Gray & Reuter, Transaction Processing, 1993).
 *
 * Every caller gets its own result or its own error. When a batch as a whole throws, it is halved and each half is tried,
 * down to the single item, so that one poisoned item never fails its neighbours and costs them few more writes.
 */
export interface GroupCommitOptions<Item, Result> {
  /** What is grouped, as the metrics show it; a group without a name is not measured. */
  name?: string;
  /** Writes all items at once; returns one outcome per item, in the same order. An Error rejects only its own caller. */
  commit: (items: Item[]) => Promise<(Result | Error)[]>;
  /** The most items of one batch. */
  maxBatch: number;
  /** How many batches may be in flight at once; 1 where batches would conflict with each other. */
  concurrency?: number;
  /**
   * After a batch as a whole has thrown: is it worth trying its halves? Not when the store is away. The items
   * may then be written twice, so `commit` has to be safe to repeat. Default: always.
   */
  separate?: (error: unknown) => boolean;
  /** Who goes first when more wait than fit; the order of arrival breaks ties. Default: order of arrival. */
  priority?: (item: Item) => number;
}

const sizes = () => histogram('group_commit_batch_items', 'How many things were written together', SIZES, ['group']);
const times = () => histogram('group_commit_batch_seconds', 'How long a batch took to write', MOMENTS, ['group']);

interface Waiting<Item, Result> {
  item: Item;
  arrival: number;
  /** Whose item it is; only while traces are wanted. */
  context?: RequestContext;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private inFlight = 0;
  private arrivals = 0;
  private scheduled = false;
  private readonly measured;

  constructor(private readonly options: GroupCommitOptions<Item, Result>) {
    const group = options.name;
    this.measured = group === undefined ? undefined : { sizes: sizes().labels(group), times: times().labels(group) };
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const context = tracing && currentContext();
      this.waiting.push({ item, arrival: this.arrivals++, context, resolve, reject });
      this.schedule();
    });
  }

  /** How many items wait for the next batch. */
  get depth(): number {
    return this.waiting.length;
  }

  /** One turn of the event loop is waited for, so that what arrives together leaves together. */
  private schedule(): void {
    if (this.scheduled || this.inFlight >= (this.options.concurrency ?? 1)) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.waiting.length > 0 && this.inFlight < (this.options.concurrency ?? 1)) {
      const batch = this.takeBatch();
      const ended = this.measured?.times.startTimer();
      this.measured?.sizes.observe(batch.length);
      this.inFlight++;
      void this.traced(batch).finally(() => {
        ended?.();
        this.inFlight--;
        if (this.waiting.length > 0) this.schedule();
      });
    }
  }

  private takeBatch(): Waiting<Item, Result>[] {
    const { maxBatch, priority } = this.options;
    if (priority && this.waiting.length > 1) {
      this.waiting.sort((a, b) => priority(a.item) - priority(b.item) || a.arrival - b.arrival);
    }
    return this.waiting.splice(0, maxBatch);
  }

  /**
   * Written on behalf of the first who is traced; the traces of the others are linked. Otherwise a batch would count as
   * part of whichever trace happened to have it begun.
   */
  private traced(batch: Waiting<Item, Result>[]): Promise<void> {
    if (!tracing) return this.write(batch);
    const [first, ...others] = batch.map(({ context }) => context).filter((context) => context !== undefined);
    const { name = 'items' } = this.options;
    const attributes = { 'batch.size': batch.length };
    const write = () => this.write(batch);
    return first ? inSpan(`batch ${name}`, { role: 'internal', attributes, links: others }, first, write) : write();
  }

  private async write(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const outcomes = await this.options.commit(batch.map(({ item }) => item));
      if (outcomes.length === batch.length) return batch.forEach((waiting, i) => settle(waiting, outcomes[i]));
      // Whose outcome is missing cannot be known, and what was written must not be written again.
      const error = new Error(`${batch.length} items were written, but ${outcomes.length} outcomes came back`);
      batch.forEach(({ reject }) => reject(error));
    } catch (error) {
      const separate = batch.length > 1 && (this.options.separate?.(error) ?? true);
      if (!separate) return batch.forEach(({ reject }) => reject(error));
      const half = Math.ceil(batch.length / 2);
      await this.write(batch.slice(0, half));
      await this.write(batch.slice(half));
    }
  }
}

function settle<Item, Result>({ resolve, reject }: Waiting<Item, Result>, outcome: Result | Error): void {
  if (outcome instanceof Error) reject(outcome);
  else resolve(outcome);
}
