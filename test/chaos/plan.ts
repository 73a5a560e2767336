import { createHash } from 'node:crypto';

/** Every random choice of a run comes from this; `CHAOS_SEED=… npm run test:chaos` makes the same choices again. */
const SEED = process.env.CHAOS_SEED ?? '1';

/** The long form has the figures of docs/FAILURES.md; the short one tries each kind of trouble once. */
export const isLong = process.env.CHAOS_FORM === 'long';
export const form = <T>(short: T, long: T): T => (isLong ? long : short);

/** The choices of one part of the plan: the same for the same seed, whatever else is chosen. */
export class Plan {
  private drawn = 0;

  constructor(private readonly part: string) {}

  /** In [0, 1). */
  number(): number {
    const digest = createHash('sha256').update(`${SEED}.${this.part}.${this.drawn++}`).digest();
    return digest.readUInt32LE() / 2 ** 32;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.number() * list.length)];
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((item) => ({ item, place: this.number() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }
}
