import { WorkerHost } from '@nestjs/bullmq';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Worker } from 'bullmq';
import { RedisLink } from './redis-link';

/**
 * Lets the workers finish what they hold before anything else closes. Nest closes workers, databases and clients in one
 * and the same phase, which would take the database away from under a job.
 */
@Injectable()
export class WorkerDrain implements BeforeApplicationShutdown {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly link: RedisLink,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    const providers = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    const hosts = providers.filter((provider) => provider instanceof WorkerHost);
    // By force while Redis is away: no job can be ended without it, and BullMQ would wait for ever.
    await Promise.all(hosts.map((host: WorkerHost<Worker>) => host.worker.close(this.link.away)));
  }
}
