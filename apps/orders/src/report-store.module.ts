import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { BucketsService } from './buckets.service';
import { CountingService } from './counting.service';
import { FoldingService } from './folding.service';
import { OrderRecord, OrderSchema } from './order.schema';
import { ProductBucketRecord, ProductBucketSchema } from './product-bucket.schema';
import { RebuildService } from './rebuild.service';
import { ReportStateRecord, ReportStateSchema } from './report-state.schema';
import { SalesBucketRecord, SalesBucketSchema } from './sales-bucket.schema';
import { ShareRecord, ShareSchema } from './share.schema';
import { TallyRecord, TallySchema } from './tally.schema';

/** How orders are counted, and what they come to. Needs the database alone. */
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: OrderRecord.name, schema: OrderSchema },
      { name: ShareRecord.name, schema: ShareSchema },
      { name: TallyRecord.name, schema: TallySchema },
      { name: SalesBucketRecord.name, schema: SalesBucketSchema },
      { name: ProductBucketRecord.name, schema: ProductBucketSchema },
      { name: ReportStateRecord.name, schema: ReportStateSchema },
    ]),
  ],
  providers: [CountingService, BucketsService, FoldingService, RebuildService],
  exports: [CountingService, FoldingService, RebuildService],
})
export class ReportStoreModule {}
