import { Module } from '@nestjs/common';
import { BucketsService } from './buckets.service';
import { CountingService } from './counting.service';
import { FoldingService } from './folding.service';
import { OrderArchive } from './order-archive';
import { RebuildService } from './rebuild.service';

/** How orders are counted, and what they come to. Needs the database alone. */
@Module({
  providers: [CountingService, BucketsService, FoldingService, OrderArchive, RebuildService],
  exports: [CountingService, FoldingService, OrderArchive, RebuildService],
})
export class ReportStoreModule {}
