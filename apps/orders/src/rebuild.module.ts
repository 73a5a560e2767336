import { Module } from '@nestjs/common';
import { MongoModule, PlatformModule } from '@suite/platform';
import { database } from './database';
import { ReportStoreModule } from './report-store.module';

/** Builds the buckets of the reports anew. */
@Module({ imports: [PlatformModule.forClient('rebuild'), MongoModule.forService(database), ReportStoreModule] })
export class RebuildModule {}
