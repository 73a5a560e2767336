import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { loadSettings } from '@suite/platform';
import { tellAllowedMethods } from './allowed-methods';
import { guardBoard, keepBoardToItself } from './board-gate';
import { drainable } from './drain';
import { GatewayConfig, originsOf } from './gateway.config';
import { GatewayModule } from './gateway.module';
import { LiveService } from './live.service';
import { OrdersGateway } from './orders.gateway';
import { createServer } from './server';
import { SessionService } from './session.service';
import { serveSwagger } from './swagger';

/** What scripts of other origins may read of an answer. */
const EXPOSED = [
  ...['etag', 'idempotency-replayed', 'location', 'preference-applied'],
  ...['ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'],
];

export interface Gateway {
  app: NestFastifyApplication;
  listen(): Promise<void>;
  /** Finishes what is in hand, then closes. */
  close(): Promise<void>;
}

/** The whole gateway, built from the settings and ready to listen. */
export async function createGateway(logger?: LoggerService | false): Promise<Gateway> {
  const config = loadSettings(GatewayConfig);
  const server = await createServer(config);
  const drain = drainable(server);
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, new FastifyAdapter(server), {
    ...(logger !== undefined && { logger }),
    bodyParser: false,
    abortOnError: false,
  });
  // Before the routes and the board's plugin come in: hooks reach only what is registered after them.
  guardBoard(server, app.get(SessionService));
  keepBoardToItself(server);
  tellAllowedMethods(server);
  app.useWebSocketAdapter(new IoAdapter(app));
  const origin = originsOf(config);
  if (origin.length > 0) app.enableCors({ origin, credentials: true, exposedHeaders: EXPOSED, maxAge: 600 });
  if (config.SWAGGER_ENABLED) serveSwagger(app);
  return {
    app,
    listen: async () => void (await app.listen(config.PORT, config.HOST)),
    close: async () => {
      app.get(OrdersGateway).end();
      app.get(LiveService).end();
      await drain();
      await app.close();
    },
  };
}
