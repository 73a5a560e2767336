import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Problem, type HealthCheck } from '@suite/contracts';

/** Says what is wrong, or nothing. It tells a state that is known, and never goes and asks. */
type Check = () => string | undefined;

/** What this process stands on. Whoever opens a connection adds a check for it. */
@Injectable()
export class HealthChecks {
  private readonly checks = new Map<string, Check>();
  private readonly needed: Check[] = [];
  private readonly notes = new Map<string, Check>();

  /** `needed`: no message can be handled without it. */
  add(name: string, check: Check, { needed = false } = {}): void {
    this.checks.set(name, check);
    if (needed) this.needed.push(check);
  }

  /** Something worth knowing without which the process works all the same: it is `up`, with what is wrong beside it. */
  note(name: string, check: Check): void {
    this.notes.set(name, check);
  }

  run(): HealthCheck[] {
    const checks = [...this.checks].map(([name, check]): HealthCheck => {
      const detail = check();
      return detail === undefined ? { name, status: 'up' } : { name, status: 'down', detail };
    });
    const notes = [...this.notes].map(([name, check]): HealthCheck => ({ name, status: 'up', detail: check() }));
    return [...checks, ...notes];
  }

  get allUp(): boolean {
    return [...this.checks.values()].every((check) => check() === undefined);
  }

  async whenAllUp(): Promise<void> {
    while (!this.allUp) await pause(50);
  }

  /** @throws Problem SERVICE_UNAVAILABLE at once, rather than after a store's own time-out. */
  assertNeeded(): void {
    if (this.needed.some((check) => check() !== undefined)) {
      throw new Problem('SERVICE_UNAVAILABLE', undefined, { retryAfter: 1 });
    }
  }
}
