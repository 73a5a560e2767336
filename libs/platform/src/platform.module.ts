import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Redis } from 'ioredis';
import type { ServiceName } from '@suite/contracts';
import { Bus } from './bus/bus';
import { ProblemFilter } from './bus/problem.filter';
import { Seals } from './bus/seals';
import { StreamsClient } from './bus/streams-client';
import { StreamsServer } from './bus/streams-server';
import { HealthChecks } from './health-checks';
import { healthController } from './health.controller';
import { InternalServer } from './internal-server';
import { PlatformConfig } from './platform.config';
import { Pulse } from './pulse';
import { RedisLink } from './redis-link';
import { SERVICE_NAME } from './service-name';
import { provideSettings } from './settings';

const common = (name: string): Provider[] => [
  { provide: SERVICE_NAME, useValue: name },
  provideSettings(PlatformConfig),
  HealthChecks,
  RedisLink,
  { provide: Redis, useFactory: ({ redis }: RedisLink) => redis, inject: [RedisLink] },
  Seals,
  StreamsClient,
  Bus,
  InternalServer,
  Pulse,
];
const doors = [SERVICE_NAME, PlatformConfig, HealthChecks, RedisLink, Redis, Bus];

/** The wires of a process; global. */
@Module({})
export class PlatformModule {
  /** For a service that answers messages and hears facts. */
  static forService(service: ServiceName): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      controllers: [healthController(service)],
      providers: [...common(service), StreamsServer, { provide: APP_FILTER, useClass: ProblemFilter }],
      exports: [...doors, StreamsServer],
    };
  }

  /** For a process that asks and tells but answers nobody: the gateway, a worker. */
  static forClient(name: string): DynamicModule {
    return { module: PlatformModule, global: true, providers: common(name), exports: doors };
  }
}
