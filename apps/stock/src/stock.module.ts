import { Module } from '@nestjs/common';
import { MongoModule, PlatformModule, provideSettings, ReadCache } from '@suite/platform';
import { AuditService } from './audit.service';
import { AvailabilityService } from './availability.service';
import { CatalogueService } from './catalogue.service';
import { database } from './database';
import { ImportService } from './import.service';
import { LedgerStore } from './ledger-store';
import { LedgerService } from './ledger.service';
import { LowStockTellerService } from './low-stock-teller.service';
import { LowStockService } from './low-stock.service';
import { MovementArchiveService } from './movement-archive.service';
import { MovementService } from './movement.service';
import { OffersService } from './offers.service';
import { OnSaleService } from './on-sale.service';
import { ProductStore } from './product-store';
import { ProductController } from './product.controller';
import { ProductService } from './product.service';
import { StockConfig } from './stock.config';
import { StockController } from './stock.controller';
import { ValidatorService } from './validator.service';

@Module({
  imports: [PlatformModule.forService('stock'), MongoModule.forService(database)],
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
    MovementArchiveService,
    AuditService,
  ],
})
export class StockModule {}
