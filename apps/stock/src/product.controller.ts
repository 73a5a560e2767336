import { Controller } from '@nestjs/common';
import { stock, type ById, type CreateProduct, type ProductQuery, type UpdateProduct } from '@suite/contracts';
import { Answers } from '@suite/platform';
import { CatalogueService } from './catalogue.service';
import { ProductService } from './product.service';

@Controller()
export class ProductController {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly products: ProductService,
  ) {}

  @Answers(stock.products)
  list(query: ProductQuery) {
    return this.catalogue.list(query);
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
}
