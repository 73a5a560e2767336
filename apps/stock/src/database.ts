import type { ServiceDatabase } from '@suite/platform';
import { ArchivedMovementRecord, ArchivedMovementSchema } from './archived-movement.schema';
import { LowStockRecord, LowStockSchema } from './low-stock.schema';
import { MovementRecord, MovementSchema } from './movement.schema';
import { ProductRecord, ProductSchema } from './product.schema';
import { ReservationRecord, ReservationSchema } from './reservation.schema';
import { StockRecord, StockSchema } from './stock.schema';

export const database: ServiceDatabase = {
  name: 'stock',
  models: [
    { name: ProductRecord.name, schema: ProductSchema },
    { name: StockRecord.name, schema: StockSchema },
    { name: ReservationRecord.name, schema: ReservationSchema },
    { name: MovementRecord.name, schema: MovementSchema },
    { name: ArchivedMovementRecord.name, schema: ArchivedMovementSchema },
    { name: LowStockRecord.name, schema: LowStockSchema },
  ],
};
