import { Module } from '@nestjs/common';
import { MongoModule, PlatformModule } from '@suite/platform';
import { ReportStoreModule } from './report-store.module';

/** Builds the buckets of the reports anew. */
@Module({ imports: [PlatformModule.forClient('rebuild'), MongoModule.forService('orders'), ReportStoreModule] })
export class RebuildModule {}
