import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HealthChecks } from './health-checks';
import { gauge, measureProcess, metricsText } from './metrics';
import { PlatformConfig } from './platform.config';

/**
 * Answers a container's health checks and Prometheus on a port of its own (`INTERNAL_PORT`) that is never published: what
 * it tells of is nobody's business outside.
 */
@Injectable()
export class InternalServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(InternalServer.name);
  private server?: Server;

  constructor(
    private readonly config: PlatformConfig,
    private readonly health: HealthChecks,
  ) {
    gauge(
      'health_check_up',
      'Whether what this process stands on is there: 1 or 0',
      () => health.run().map(({ name, status }) => [{ check: name }, status === 'up' ? 1 : 0]),
      ['check'],
    );
  }

  onApplicationBootstrap(): void {
    const { INTERNAL_PORT, INTERNAL_HOST } = this.config;
    if (INTERNAL_PORT === 0) return;
    measureProcess();
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('error', (error) => this.log.error(error));
    this.server.listen(INTERNAL_PORT, INTERNAL_HOST);
  }

  onApplicationShutdown(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private async answer({ url }: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (url === '/metrics') {
        const { type, text } = await metricsText();
        response.writeHead(200, { 'Content-Type': type }).end(text);
      } else {
        const [status, body] = this.healthOf(url);
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      }
    } catch (error) {
      this.log.error(error);
      response.writeHead(500).end();
    }
  }

  /** Live: the process answers at all. Ready: so do the stores it stands on. */
  private healthOf(path?: string): [status: number, body: object] {
    if (path === '/health/live') return [200, { status: 'ok' }];
    if (path !== '/health/ready') return [404, { status: 'error' }];
    const { allUp } = this.health;
    return [allUp ? 200 : 503, { status: allUp ? 'ok' : 'error', checks: this.health.run() }];
  }
}
