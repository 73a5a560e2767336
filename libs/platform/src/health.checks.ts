import { Injectable } from '@nestjs/common';
import type { HealthCheck } from '@suite/contracts';

/** A state that is known already, or cheap to find out. Returns what is wrong, or undefined. */
type Check = () => string | undefined | Promise<string | undefined>;

/** What this process stands on. Whoever opens a connection adds a check for it. */
@Injectable()
export class HealthChecks {
  private readonly checks = new Map<string, Check>();

  add(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  run(): Promise<HealthCheck[]> {
    return Promise.all(
      [...this.checks].map(async ([name, check]): Promise<HealthCheck> => {
        const detail = await check();
        return detail === undefined ? { name, status: 'up' } : { name, status: 'down', detail };
      }),
    );
  }

  async ready(): Promise<boolean> {
    return (await this.run()).every(({ status }) => status === 'up');
  }
}
