import { Module, type DynamicModule } from '@nestjs/common';
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import { HealthChecks } from './health-checks';
import { Leases } from './leases';
import type { ServiceDatabase } from './migrator';
import { MongoLink } from './mongo-link';
import { PlatformConfig } from './platform.config';

/** The service's own database, with all of its models; nobody reads another service's. Global. */
@Module({})
export class MongoModule {
  static forService(database: ServiceDatabase): DynamicModule {
    const models = MongooseModule.forFeature(database.models);
    return {
      module: MongoModule,
      global: true,
      imports: [models],
      providers: [
        {
          provide: MongoLink,
          useFactory: ({ MONGODB_URI, MIGRATE_AT_START }: PlatformConfig, health: HealthChecks) =>
            new MongoLink(MONGODB_URI, database, health, { migrate: MIGRATE_AT_START }),
          inject: [PlatformConfig, HealthChecks],
        },
        // What `@InjectConnection()` and the models look for. Not `MongooseModule.forRoot`, which tries
        // to connect a few times before the application starts, and then ends the process.
        { provide: getConnectionToken(), useFactory: ({ connection }: MongoLink) => connection, inject: [MongoLink] },
        { provide: Leases, useFactory: ({ connection }: MongoLink) => new Leases(connection), inject: [MongoLink] },
      ],
      exports: [MongoLink, getConnectionToken(), Leases, models],
    };
  }
}
