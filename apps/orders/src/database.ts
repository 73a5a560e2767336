import type { ServiceDatabase } from '@suite/platform';
import { ArchivedOrderRecord, ArchivedOrderSchema } from './archived-order.schema';
import { CartRecord, CartSchema } from './cart.schema';
import { DeadLetterRecord, DeadLetterSchema } from './dead-letter.schema';
import { migrations } from './migrations';
import { OrderRecord, OrderSchema } from './order.schema';
import { ProductBucketRecord, ProductBucketSchema } from './product-bucket.schema';
import { ReplayRunRecord, ReplayRunSchema } from './replay-run.schema';
import { ReportStateRecord, ReportStateSchema } from './report-state.schema';
import { SalesBucketRecord, SalesBucketSchema } from './sales-bucket.schema';
import { ShareRecord, ShareSchema } from './share.schema';
import { TallyRecord, TallySchema } from './tally.schema';

export const database: ServiceDatabase = {
  name: 'orders',
  models: [
    { name: OrderRecord.name, schema: OrderSchema },
    { name: ArchivedOrderRecord.name, schema: ArchivedOrderSchema },
    { name: DeadLetterRecord.name, schema: DeadLetterSchema },
    { name: CartRecord.name, schema: CartSchema },
    { name: ReplayRunRecord.name, schema: ReplayRunSchema },
    { name: ShareRecord.name, schema: ShareSchema },
    { name: TallyRecord.name, schema: TallySchema },
    { name: SalesBucketRecord.name, schema: SalesBucketSchema },
    { name: ProductBucketRecord.name, schema: ProductBucketSchema },
    { name: ReportStateRecord.name, schema: ReportStateSchema },
  ],
  migrations,
};
