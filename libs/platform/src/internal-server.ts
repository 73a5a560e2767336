import { createServer, type Server } from 'node:http';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HealthChecks } from './health-checks';
import { PlatformConfig } from './platform.config';

/** Answers a container's health checks on a port of its own (`INTERNAL_PORT`) that is never published. */
@Injectable()
export class InternalServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private server?: Server;

  constructor(
    private readonly config: PlatformConfig,
    private readonly health: HealthChecks,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.INTERNAL_PORT === 0) return;
    this.server = createServer((request, response) => {
      const [status, body] = this.answer(request.url);
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
    this.server.on('error', (error) => new Logger(InternalServer.name).error(error));
    this.server.listen(this.config.INTERNAL_PORT);
  }

  onApplicationShutdown(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** Live: the process answers at all. Ready: so do the stores it stands on. */
  private answer(path?: string): [status: number, body: object] {
    if (path === '/health/live') return [200, { status: 'ok' }];
    if (path !== '/health/ready') return [404, { status: 'error' }];
    const { allUp } = this.health;
    return [allUp ? 200 : 503, { status: allUp ? 'ok' : 'error', checks: this.health.run() }];
  }
}
