import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** One of several ways of doing the same thing. */
export interface Way {
  name: string;
  /** Resolves when it can be begun; this does not count. */
  begin?: () => Promise<void>;
  /** Does it once, number `i` of this way; whether it succeeded. */
  once: (i: number) => Promise<boolean>;
  /** Resolves when what was begun has ended everywhere; this counts as well. */
  settled?: () => Promise<void>;
  /** Resolves when nothing that was left behind would burden the next way; this does not count. */
  quiet?: () => Promise<void>;
}

export interface Course {
  /** How many do it at the same time, each one after the other. */
  callers: number;
  rounds: number;
  sliceMs: number;
  /** How long each is run before anything counts, in ms; 300 unless given. What many processes do together needs more. */
  warmUpMs?: number;
  onSlice?: (way: string, round: number) => void;
}

export interface Outcome {
  name: string;
  /** Of each round: how often it succeeded per second, until the last was done. */
  rates: number[];
  ok: number;
  refused: number;
  /** Of all rounds, in ms. */
  p50: number;
  p99: number;
}

const WARM_UP_MS = 300;

/**
 * Runs the ways in turns, a slice of time each, round after round: whatever else the machine has to do hits all alike, so
 * that what is compared is the rates of one round.
 */
export async function runRounds(
  ways: Way[],
  { callers, rounds, sliceMs, warmUpMs = WARM_UP_MS, onSlice }: Course,
): Promise<Outcome[]> {
  const runners = ways.map((way) => new Runner(way, callers));
  for (const runner of runners) await runner.slice(warmUpMs);
  for (const runner of runners) runner.forget();
  for (let round = 1; round <= rounds; round++) {
    // Each is first once, so that nobody always follows the same neighbour.
    for (const runner of [...runners.slice(round % ways.length), ...runners.slice(0, round % ways.length)]) {
      onSlice?.(runner.name, round);
      await runner.slice(sliceMs);
    }
  }
  return runners.map((runner) => runner.outcome());
}

class Runner {
  readonly name: string;
  private times: RecordableHistogram = createHistogram({ figures: 3 });
  private rates: number[] = [];
  private ok = 0;
  private refused = 0;
  private count = 0;

  constructor(
    private readonly way: Way,
    private readonly callers: number,
  ) {
    this.name = way.name;
  }

  /**
   * All callers, one order after the other, until the time is up; then they finish what they have begun. The time until
   * the last is done counts: whoever is still trying has not been served.
   */
  async slice(ms: number): Promise<void> {
    await this.way.begin?.();
    const start = performance.now();
    let ok = 0;
    const call = async () => {
      for (let begun = start; begun - start < ms;) {
        const succeeded = await this.way.once(this.count++);
        const now = performance.now();
        this.times.record(Math.max(1, Math.round((now - begun) * 1_000)));
        if (succeeded) ok++;
        else this.refused++;
        begun = now;
      }
    };
    await Promise.all(Array.from({ length: this.callers }, call));
    await this.way.settled?.();
    this.rates.push(ok / ((performance.now() - start) / 1_000));
    this.ok += ok;
    await this.way.quiet?.();
  }

  forget(): void {
    this.times.reset();
    this.rates = [];
  }

  outcome(): Outcome {
    const { name, rates, ok, refused, times } = this;
    return { name, rates, ok, refused, p50: times.percentile(50) / 1_000, p99: times.percentile(99) / 1_000 };
  }
}

/** How many times as fast `one` is as `other`: the median of the rounds' own ratios. */
export const ratio = (one: Outcome, other: Outcome): number =>
  median(one.rates.map((rate, round) => rate / other.rates[round]));

export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
