import { Module, type DynamicModule } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { HealthChecks } from './health-checks';
import { MongoLink } from './mongo-link';
import { PlatformConfig } from './platform.config';

/** The service's own database. Models come from `MongooseModule.forFeature`; nobody reads another service's database. */
@Module({})
export class MongoModule {
  static forService(service: string): DynamicModule {
    return {
      module: MongoModule,
      global: true,
      providers: [
        {
          provide: MongoLink,
          useFactory: ({ MONGODB_URI }: PlatformConfig, health: HealthChecks) =>
            new MongoLink(MONGODB_URI, service, health),
          inject: [PlatformConfig, HealthChecks],
        },
        // What `@InjectConnection()` and `MongooseModule.forFeature` look for. Not `MongooseModule.forRoot`, which tries
        // to connect a few times before the application starts, and then ends the process.
        { provide: getConnectionToken(), useFactory: ({ connection }: MongoLink) => connection, inject: [MongoLink] },
      ],
      exports: [MongoLink, getConnectionToken()],
    };
  }
}
