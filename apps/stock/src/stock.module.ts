import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { MongoModule, PlatformModule, provideSettings } from '@suite/platform';
import { AuditService } from './audit.service';
import { CatalogueService } from './catalogue.service';
import { LedgerStore } from './ledger-store';
import { LedgerService } from './ledger.service';
import { MovementRecord, MovementSchema } from './movement.schema';
import { MovementService } from './movement.service';
import { OffersService } from './offers.service';
import { ProductController } from './product.controller';
import { ProductRecord, ProductSchema } from './product.schema';
import { ProductService } from './product.service';
import { QuoteService } from './quote.service';
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
    ]),
  ],
  controllers: [ProductController, StockController],
  providers: [
    provideSettings(StockConfig),
    ValidatorService,
    LedgerStore,
    LedgerService,
    CatalogueService,
    ProductService,
    QuoteService,
    OffersService,
    MovementService,
    AuditService,
  ],
})
export class StockModule {}
