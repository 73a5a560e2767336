import { Controller } from '@nestjs/common';
import {
  stock,
  type ById,
  type CreateProduct,
  type ImportProducts,
  type Nothing,
  type ProductQuery,
  type UpdateProduct,
} from '@suite/contracts';
import { Answers } from '@suite/platform';
import { CatalogueService } from './catalogue.service';
import { ImportService } from './import.service';
import { ProductService } from './product.service';

@Controller()
export class ProductController {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly products: ProductService,
    private readonly imports: ImportService,
  ) {}

  @Answers(stock.products)
  list(query: ProductQuery) {
    return this.catalogue.list(query);
  }

  @Answers(stock.categories)
  categories(_body: Nothing) {
    return this.catalogue.categories();
  }

  @Answers(stock.product)
  get({ id }: ById) {
    return this.products.get(id);
  }

  @Answers(stock.createProduct)
  create(body: CreateProduct) {
    return this.products.create(body);
  }

  @Answers(stock.updateProduct)
  update(body: UpdateProduct) {
    return this.products.update(body);
  }

  @Answers(stock.archiveProduct)
  async archive({ id }: ById) {
    await this.products.archive(id);
    return {};
  }

  @Answers(stock.restoreProduct)
  restore({ id }: ById) {
    return this.products.restore(id);
  }

  @Answers(stock.importProducts)
  import(body: ImportProducts) {
    return this.imports.import(body);
  }
}
