import { OmitType } from '@nestjs/swagger';
import { AdjustStock, ChangesOf, CreateProduct, IsPrice, ProductQuery, ReceiveStock } from '@suite/contracts';

export class CreateProductBody extends OmitType(CreateProduct, ['price']) {
  @IsPrice()
  price: number;
}

export class UpdateProductBody extends ChangesOf(OmitType(CreateProductBody, ['initialStock'])) {}

export class ReceiveStockBody extends OmitType(ReceiveStock, ['stockId']) {}

export class AdjustStockBody extends OmitType(AdjustStock, ['stockId']) {}

export class CatalogueQuery extends OmitType(ProductQuery, ['minPrice', 'maxPrice']) {
  @IsPrice({ optional: true, example: undefined })
  minPrice?: number;

  @IsPrice({ optional: true, example: undefined })
  maxPrice?: number;
}
