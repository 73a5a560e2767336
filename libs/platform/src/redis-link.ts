import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { Problem } from '@suite/contracts';
import { HealthChecks } from './health-checks';
import { PlatformConfig } from './platform.config';
import { SettingsError } from './settings';

const HEARTBEAT_MS = 1_000;
const SILENCE_MS = 2_000;

/**
 * How every connection of the suite reaches Redis. Commands are sent again over a connection that came back at the
 * first try and fail after that, so that a cut cable is not noticed and an absent Redis is noticed at once.
 */
export const redisOptions = (config: PlatformConfig): RedisOptions => ({
  host: config.REDIS_HOST,
  port: config.REDIS_PORT,
  username: config.REDIS_USERNAME,
  password: config.REDIS_PASSWORD,
  db: config.REDIS_DB,
  ...(config.REDIS_TLS && { tls: tlsOptions(config) }),
  connectTimeout: 1_000,
  maxRetriesPerRequest: 1,
  // For ever, and never far apart: the library's own default grows to 5 s.
  retryStrategy: (times) => Math.min(50 * 2 ** (times - 1), 500),
});

const tlsOptions = ({ REDIS_TLS_CA }: PlatformConfig): ConnectionOptions =>
  REDIS_TLS_CA === undefined ? {} : { ca: readFileSync(REDIS_TLS_CA) };

/** The process's one connection for commands; it knows whether Redis is there, and what time it is there. */
@Injectable()
export class RedisLink implements OnModuleInit, OnApplicationShutdown {
  readonly redis: Redis;
  private readonly log = new Logger(RedisLink.name);
  private readonly beat: NodeJS.Timeout;
  private wasReady = true;
  private known = false;
  private reason?: string;
  private offset = 0;

  constructor(
    private readonly config: PlatformConfig,
    health: HealthChecks,
  ) {
    health.add('redis', () => (this.redis.status === 'ready' ? undefined : 'not connected'));
    this.redis = new Redis(redisOptions(config));
    this.redis.on('ready', () => this.found());
    this.redis.on('close', () => this.lost());
    // Without a listener the library writes to the console at each try; `lost` says it once, and why.
    this.redis.on('error', ({ message }) => (this.reason = message));
    this.beat = setInterval(() => void this.heartbeat(), HEARTBEAT_MS);
  }

  /** A Redis that evicts drops queued jobs and unread messages without a word; refuse to build on it. */
  async onModuleInit(): Promise<void> {
    const memory = await this.redis.info('memory').catch(() => '');
    const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1];
    if (policy && policy !== 'noeviction') {
      throw new SettingsError([`Redis must run with maxmemory-policy noeviction, but it has ${policy}`]);
    }
  }

  /** True from the first failed try to connect until the next connection. */
  get away(): boolean {
    return this.known;
  }

  /** @throws Problem SERVICE_UNAVAILABLE at once while Redis is known to be away. */
  assertThere(): void {
    if (this.known) throw new Problem('SERVICE_UNAVAILABLE', undefined, { retryAfter: 1 });
  }

  /** Redis's clock in ms since the epoch: the one clock that all replicas share. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** A second connection with the same settings: for reads that block. */
  connection(options: RedisOptions = {}): Redis {
    const connection = new Redis({ ...redisOptions(this.config), ...options });
    connection.on('error', () => undefined);
    return connection;
  }

  onApplicationShutdown(): void {
    clearInterval(this.beat);
    this.redis.disconnect();
  }

  private found(): void {
    if (this.known) this.log.warn('Redis is back');
    this.known = false;
    this.wasReady = true;
    void this.heartbeat();
  }

  /** The first close is a cut connection; a second one without a `ready` in between means that Redis is away. */
  private lost(): void {
    if (!this.wasReady && !this.known && this.redis.status !== 'end') {
      this.known = true;
      this.log.warn(`Redis is away (${this.reason ?? 'no answer'}); trying to reach it every half second`);
    }
    this.wasReady = false;
  }

  /** Reads Redis's clock; a connection that says nothing for two seconds is a dead one and is made anew. */
  private async heartbeat(): Promise<void> {
    if (this.redis.status !== 'ready') return;
    const silence = setTimeout(() => this.redis.disconnect(true), SILENCE_MS);
    const sent = Date.now();
    try {
      const [seconds, micros] = await this.redis.time();
      const received = Date.now();
      this.offset = Number(seconds) * 1_000 + Number(micros) / 1_000 - (sent + received) / 2;
    } catch {
      // The connection was cut; the next one brings the next heartbeat.
    } finally {
      clearTimeout(silence);
    }
  }
}
