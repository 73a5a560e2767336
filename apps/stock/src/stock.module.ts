import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { MongoModule, PlatformModule, provideSettings, ReadCache } from '@suite/platform';
import { AuditService } from './audit.service';
import { AvailabilityService } from './availability.service';
import { CatalogueService } from './catalogue.service';
import { ImportService } from './import.service';
import { LedgerStore } from './ledger-store';
import { LedgerService } from './ledger.service';
import { LowStockRecord, LowStockSchema } from './low-stock.schema';
import { LowStockTellerService } from './low-stock-teller.service';
import { LowStockService } from './low-stock.service';
import { MovementRecord, MovementSchema } from './movement.schema';
import { MovementService } from './movement.service';
import { OffersService } from './offers.service';
import { OnSaleService } from './on-sale.service';
import { ProductStore } from './product-store';
import { ProductController } from './product.controller';
import { ProductRecord, ProductSchema } from './product.schema';
import { ProductService } from './product.service';
import { ReservationRecord, ReservationSchema } from './reservation.schema';
import { StockConfig } from './stock.config';
import { StockController } from './stock.controller';
import { StockRecord, StockSchema } from './stock.schema';
import { ValidatorService } from './validator.service';

@Module({
  imports: [
    PlatformModule.forService('stock'),
    MongoModule.forService('stock'),
    MongooseModule.forFeature([
      { name: ProductRecord.name, schema: ProductSchema },
      { name: StockRecord.name, schema: StockSchema },
      { name: ReservationRecord.name, schema: ReservationSchema },
      { name: MovementRecord.name, schema: MovementSchema },
      { name: LowStockRecord.name, schema: LowStockSchema },
    ]),
  ],
  controllers: [ProductController, StockController],
  providers: [
    provideSettings(StockConfig),
    ReadCache,
    ValidatorService,
    LedgerStore,
    LedgerService,
    LowStockService,
    LowStockTellerService,
    AvailabilityService,
    CatalogueService,
    ProductStore,
    ProductService,
    ImportService,
    OffersService,
    OnSaleService,
    MovementService,
    AuditService,
  ],
})
export class StockModule {}
