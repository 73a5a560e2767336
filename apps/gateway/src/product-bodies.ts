import { OmitType, PartialType } from '@nestjs/swagger';
import { AdjustStock, CreateProduct, IsPrice, ProductQuery } from '@suite/contracts';

export class CreateProductBody extends OmitType(CreateProduct, ['price']) {
  @IsPrice()
  price: number;
}

/** `null` is no way to leave a property out: it is refused. */
export class UpdateProductBody extends PartialType(OmitType(CreateProductBody, ['initialStock']), {
  skipNullProperties: false,
}) {}

export class AdjustStockBody extends OmitType(AdjustStock, ['stockId']) {}

export class CatalogueQuery extends OmitType(ProductQuery, ['minPrice', 'maxPrice']) {
  @IsPrice({ optional: true, example: undefined })
  minPrice?: number;

  @IsPrice({ optional: true, example: undefined })
  maxPrice?: number;
}
