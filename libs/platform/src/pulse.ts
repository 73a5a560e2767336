import { hostname } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { processId } from './bus/wire';
import { LOOP_RESOLUTION_MS } from './metrics';
import { RedisLink } from './redis-link';
import { SERVICE_NAME } from './service-name';

/** One hash for all processes, a field for each: it is read whole, and is as large as there are processes. */
const PULSES = 'pulses';
const EVERY_MS = 2_000;
/** Whoever was not heard for so long, in ms, is not there. */
const SILENT_MS = 7_000;
/** And is forgotten after so long, so that the hash does not grow with every start. */
const FORGOTTEN_MS = 600_000;

/** How one process is, by its own account. */
export interface PulseReading {
  service: string;
  /** Of the process; new at every start. */
  id: string;
  host: string;
  pid: number;
  /** ISO 8601. */
  startedAt: string;
  /** How far the event loop lagged in the last seconds: the 99th percentile, in ms. */
  loopLagMs: number;
  /** How much of the time it was busy, from 0 to 1. */
  busy: number;
  /** Resident memory, in bytes. */
  memory: number;
  /** Of Redis's clock, in ms. */
  at: number;
}

/** Says every two seconds that this process is there, and how it is, for those who operate the suite. */
@Injectable()
export class Pulse implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly startedAt = new Date(Date.now() - process.uptime() * 1_000).toISOString();
  private readonly delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  private used = performance.eventLoopUtilization();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly link: RedisLink,
    @Inject(SERVICE_NAME) private readonly service: string,
  ) {}

  onApplicationBootstrap(): void {
    this.delay.enable();
    this.timer = setInterval(() => void this.beat(), EVERY_MS);
    this.timer.unref();
    void this.beat();
  }

  /** Said, so that a replica that ended in good order is not missed for some seconds. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.delay.disable();
    if (!this.link.away) await this.link.redis.hdel(PULSES, processId).catch(() => undefined);
  }

  /** While Redis is away nobody could read it either. */
  private async beat(): Promise<void> {
    if (this.link.away) return;
    await this.link.redis.hset(PULSES, processId, JSON.stringify(this.read())).catch(() => undefined);
  }

  private read(): PulseReading {
    const used = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(used, this.used);
    this.used = used;
    const late = this.delay.percentile(99) / 1e6 - LOOP_RESOLUTION_MS;
    this.delay.reset();
    return {
      service: this.service,
      id: processId,
      host: hostname(),
      pid: process.pid,
      startedAt: this.startedAt,
      loopLagMs: Math.max(0, Math.round(late * 10) / 10),
      busy: Math.round(utilization * 1_000) / 1_000,
      memory: process.memoryUsage.rss(),
      at: Math.round(this.link.now()),
    };
  }
}

/** The processes that are there, by service and then by their age. Takes out of Redis those that are long gone. */
export async function readPulses(redis: Redis, now: number): Promise<PulseReading[]> {
  const pulses = Object.values(await redis.hgetall(PULSES)).map((text) => JSON.parse(text) as PulseReading);
  const gone = pulses.filter(({ at }) => now - at > FORGOTTEN_MS);
  if (gone.length > 0) await redis.hdel(PULSES, ...gone.map(({ id }) => id));
  return pulses
    .filter(({ at }) => now - at < SILENT_MS)
    .sort((a, b) => a.service.localeCompare(b.service) || a.startedAt.localeCompare(b.startedAt));
}
