import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@suite/contracts';
import type { PlatformConfig } from './platform.config';

/** What happens where an order passes a failpoint. Only tests can say so: see the settings FAILPOINTS and FAULTS. */
export interface Failpoint {
  /** Of this rule; what it did is recorded in a file of this name. */
  name: string;
  /** Where: `order.reserved`. The doing is named before it (`order.enqueuing`), what is done after it. */
  at: string;
  /**
   * `kill`: SIGKILL. `freeze`: SIGSTOP, until somebody wakes this process. `throw`: weather. `break`: an error of ours.
   * `slow`: waits for `ms`.
   */
  action: 'kill' | 'freeze' | 'throw' | 'break' | 'slow';
  ms?: number;
  /** Only where this text occurs in what is in hand: an order's number or id, a sku, a customer's name. */
  about?: string;
  /** Only the n-th time that this process comes here with it, from 1. */
  nth?: number;
  /** Only so often, from 0 to 1, drawn from the seed. */
  probability?: number;
  seed?: number;
  /** At most so often, in all processes and all their lives together. Once, unless given; `slow` is for everybody. */
  times?: number;
}

/** Builds that are wrong on purpose: the recount has to find each of them, or it would find nothing. */
export const plantedFaults = ['oversell', 'double-take', 'lost-order', 'double-capture'] as const;
export type PlantedFault = (typeof plantedFaults)[number];

/**
 * Undefined unless a test has switched them on, so that a hot path pays for one look at a variable:
 * `if (failpoints) await failpoints.reach('order.claimed', order)`, `faults?.has('oversell')`.
 */
export let failpoints: Failpoints | undefined;
export let faults: ReadonlySet<PlantedFault> | undefined;

export function armFailpoints({ FAILPOINTS, FAULTS }: Pick<PlatformConfig, 'FAILPOINTS' | 'FAULTS'>): void {
  failpoints = FAILPOINTS === undefined ? undefined : new Failpoints(FAILPOINTS);
  faults = FAULTS === undefined ? undefined : new Set(FAULTS.split(',') as PlantedFault[]);
}

/** The file of the rules is read each time, so that a test can change them while everything runs. */
export class Failpoints {
  private readonly arrivals = new Map<string, number>();

  constructor(private readonly file: string) {}

  /** @throws Problem SERVICE_UNAVAILABLE where a rule says `throw`, Error where it says `break`. */
  async reach(at: string, inHand: object): Promise<void> {
    for (const rule of this.rules()) {
      if (rule.at !== at || !concerns(rule, inHand) || !this.isDue(rule)) continue;
      if (rule.action === 'slow') await pause(rule.ms);
      if (rule.action === 'slow' || !this.claim(rule)) continue;
      if (rule.action === 'break') throw new Error(`As ${rule.name} wants it`);
      if (rule.action === 'throw') throw new Problem('SERVICE_UNAVAILABLE', `As ${rule.name} wants it`);
      process.kill(process.pid, rule.action === 'kill' ? 'SIGKILL' : 'SIGSTOP');
      // Signals to oneself may arrive a moment later, and nothing of this process must happen in it.
      await pause(50);
    }
  }

  private rules(): Failpoint[] {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Failpoint[];
    } catch {
      return []; // there is no such file while no rule is set
    }
  }

  private isDue({ name, nth, probability = 1, seed = 0 }: Failpoint): boolean {
    const arrival = (this.arrivals.get(name) ?? 0) + 1;
    this.arrivals.set(name, arrival);
    if (nth !== undefined) return arrival === nth;
    return probability === 1 || chance(seed, arrival) < probability;
  }

  /** One file each time, made by whoever comes first: so often in all processes, also in those that died of it. */
  private claim({ name, at, times = 1 }: Failpoint): boolean {
    for (let n = 1; n <= times; n++) {
      try {
        const record = JSON.stringify({ at, pid: process.pid, when: new Date() });
        writeFileSync(`${this.file}.${name}.${n}`, record, { flag: 'wx' });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    return false;
  }
}

const concerns = ({ about }: Failpoint, inHand: object): boolean =>
  about === undefined || JSON.stringify(inHand).includes(about);

/** In [0, 1): the same for the same seed and arrival, in every process. */
const chance = (seed: number, arrival: number): number =>
  createHash('sha256').update(`${seed}.${arrival}`).digest().readUInt32LE() / 2 ** 32;
