import { setTimeout as pause } from 'node:timers/promises';
import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, type HttpException } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import type { Queue } from 'bullmq';
import { healthOf, orders, services, type HealthCheck, type ServiceName } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { GateService } from './gate.service';

/** However often it is asked, the services are asked once in this time (ms). */
const FRESH_MS = 1_000;
const TIMEOUT_MS = 1_500;

/** Without these an order cannot be accepted; mails, for one, can wait. */
const NEEDED = ['auth', 'stock', 'orders', 'mongodb', 'redis', 'queues'];

/** The whole suite as the gateway sees it: every service and every store, asked at the same time. */
@Injectable()
export class HealthService {
  private last?: Promise<HealthCheckResult>;
  private lastAt = 0;

  constructor(
    private readonly bus: Bus,
    private readonly gate: GateService,
    private readonly terminus: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    @InjectQueue(orders.process.queue) private readonly queue: Queue,
  ) {}

  /** Everything must be up. */
  check(): Promise<HealthCheckResult> {
    if (!this.last || Date.now() - this.lastAt > FRESH_MS) {
      this.lastAt = Date.now();
      this.last = this.look().then((details) => this.conclude(details));
    }
    return this.last;
  }

  /** What orders need must be up. */
  async checkNeeded(): Promise<HealthCheckResult> {
    const { details } = await this.check();
    return this.conclude(Object.fromEntries(Object.entries(details).filter(([name]) => NEEDED.includes(name))));
  }

  private async look(): Promise<HealthIndicatorResult> {
    const [answers, redis, queues] = await Promise.all([
      Promise.all(services.map((service) => this.ask(service))),
      this.attempt('redis', this.gate.ping()),
      this.attempt('queues', this.queue.count()),
    ]);
    const checks = answers.flatMap((answer) => answer ?? []);
    return Object.assign(
      {},
      ...services.map((service, i) => this.serviceResult(service, answers[i])),
      this.storeResult('mongodb', checks),
      redis,
      queues,
    ) as HealthIndicatorResult;
  }

  private async ask(service: ServiceName): Promise<HealthCheck[] | undefined> {
    return this.bus.ask(healthOf(service), {}).then(
      ({ checks }) => checks,
      () => undefined,
    );
  }

  /** A service is up when it answers; what it lacks is told beside it. */
  private serviceResult(service: ServiceName, checks: HealthCheck[] | undefined): HealthIndicatorResult {
    const session = this.indicator.check(service);
    if (!checks) return session.down({ reason: 'no answer' });
    const missing = checks.filter(({ status }) => status === 'down').map(({ name }) => name);
    return missing.length > 0 ? session.down({ reason: `without ${missing.join(', ')}` }) : session.up();
  }

  /** The gateway has no database: MongoDB is up when all services that need it say so. */
  private storeResult(name: string, checks: HealthCheck[]): HealthIndicatorResult {
    const session = this.indicator.check(name);
    const seen = checks.filter((check) => check.name === name);
    if (seen.length === 0) return session.down({ reason: 'no service could tell' });
    return seen.every(({ status }) => status === 'up') ? session.up() : session.down({ reason: 'not reached' });
  }

  private async attempt(name: string, work: Promise<unknown>): Promise<HealthIndicatorResult> {
    const session = this.indicator.check(name);
    const patience = new AbortController();
    try {
      const late = pause(TIMEOUT_MS, undefined, { signal: patience.signal }).then(() => Promise.reject(new Error()));
      await Promise.race([work, late]);
      return session.up();
    } catch {
      return session.down({ reason: 'not reached' });
    } finally {
      patience.abort();
    }
  }

  /** What is up under `info`, what is not under `error`, all of it under `details`. Terminus throws what is not well. */
  private conclude(details: HealthIndicatorResult): Promise<HealthCheckResult> {
    const checks = Object.entries(details).map(([name, state]) => () => ({ [name]: state }));
    return this.terminus.check(checks).catch((error: HttpException) => error.getResponse() as HealthCheckResult);
  }
}
