import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem, type CreatedProduct, type CreateProduct, type Product, type UpdateProduct } from '@suite/contracts';
import { currentContext, isDuplicateKey, ReadCache, requireAdmin } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { AvailabilityService } from './availability.service';
import { movementIdOf } from './movement-id';
import { MovementRecord } from './movement.schema';
import { newProduct, type NewProduct } from './new-product';
import { CATALOGUE } from './product-data';
import { ProductStore, settingOf } from './product-store';
import { ProductRecord, SKU_INDEX } from './product.schema';

/** Products as admins and customers know them, one at a time. */
@Injectable()
export class ProductService {
  constructor(
    @InjectModel(ProductRecord.name) private readonly products: Model<ProductRecord>,
    @InjectModel(MovementRecord.name) private readonly movements: Model<MovementRecord>,
    private readonly store: ProductStore,
    private readonly availability: AvailabilityService,
    private readonly cache: ReadCache,
  ) {}

  /** @throws Problem PRODUCT_NOT_FOUND; an archived product is there for admins only. */
  async get(id: string): Promise<Product> {
    const data = await this.cache.read(CATALOGUE, `product:${id}`, async () => {
      const product = await this.products.findById(id).lean();
      if (!product) throw new Problem('PRODUCT_NOT_FOUND');
      return this.availability.dataOf(product);
    });
    const admin = currentContext()?.caller?.role === 'admin';
    if (data.archived && !admin) throw new Problem('PRODUCT_NOT_FOUND');
    const [product] = await this.availability.join([data]);
    return product;
  }

  /** @throws Problem SKU_TAKEN, IDEMPOTENCY_KEY_REUSED */
  async create(body: CreateProduct): Promise<CreatedProduct> {
    const { userId } = requireAdmin();
    const born = newProduct(plain(body), {
      productId: new Types.ObjectId(),
      stockId: new Types.ObjectId(),
      receiptId: new Types.ObjectId(movementIdOf(userId, currentContext()?.idempotencyKey)),
      by: new Types.ObjectId(userId),
      at: new Date(),
    });
    try {
      await this.cache.change(CATALOGUE, () => this.store.transaction((session) => this.store.insert([born], session)));
      return { ...this.viewOf(born), replayed: false };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const first = await this.firstTime(born.receipt._id, born.product.created);
      if (first) return { ...this.viewOf(first), replayed: true };
      if (isDuplicateKey(error, SKU_INDEX)) throw new Problem('SKU_TAKEN', undefined, { sku: body.sku });
      throw error;
    }
  }

  /** @throws Problem PRODUCT_NOT_FOUND, SKU_TAKEN, VERSION_CONFLICT (with the `version` it has now) */
  async update({ id, version, ...body }: UpdateProduct): Promise<Product> {
    requireAdmin();
    const said = plain(body);
    const { lowStockThreshold, ...data } = said;
    const changes = { ...settingOf(data), $inc: { version: Object.keys(said).length > 0 ? 1 : 0 } };
    const expected = version === undefined ? { _id: id } : { _id: id, version };
    const product = await this.cache
      .change(CATALOGUE, () => this.store.update(expected, changes, lowStockThreshold))
      .catch((error: unknown) => {
        throw isDuplicateKey(error, SKU_INDEX) ? new Problem('SKU_TAKEN', undefined, { sku: body.sku }) : error;
      });
    if (product) return this.availability.of(product);
    const other = await this.products.findById(id).lean();
    if (!other) throw new Problem('PRODUCT_NOT_FOUND');
    throw new Problem('VERSION_CONFLICT', undefined, { version: other.version });
  }

  /** Takes the product out of the shop; doing it again changes nothing. @throws Problem PRODUCT_NOT_FOUND */
  async archive(id: string): Promise<void> {
    await this.shelve(id, { archived: true });
  }

  /** Puts an archived product back into the shop. @throws Problem PRODUCT_NOT_FOUND */
  async restore(id: string): Promise<Product> {
    return this.availability.of(await this.shelve(id, { archived: false }));
  }

  private async shelve(id: string, where: Pick<ProductRecord, 'archived'>): Promise<ProductRecord> {
    requireAdmin();
    const expected = { _id: id, archived: !where.archived };
    const moved = await this.cache.change(CATALOGUE, () =>
      this.store.update(expected, { $set: where, $inc: { version: 1 } }),
    );
    // Otherwise it is there already, or not at all.
    const product = moved ?? (await this.products.findById(id).lean());
    if (!product) throw new Problem('PRODUCT_NOT_FOUND');
    return product;
  }

  /** What was created before under this receipt, as it was then. @throws Problem IDEMPOTENCY_KEY_REUSED */
  private async firstTime(receiptId: Types.ObjectId, created: CreateProduct): Promise<NewProduct | undefined> {
    const receipt = await this.movements.findById(receiptId).lean();
    if (!receipt) return undefined;
    const product = await this.products.findOne({ stockId: receipt.stockId }).lean();
    // A stock begins with its receipt; what came in later belongs to another request.
    if (receipt.version !== 1 || !product || !isDeepStrictEqual(product.created, created)) {
      throw new Problem('IDEMPOTENCY_KEY_REUSED');
    }
    const { _id: productId, stockId } = product;
    return newProduct(product.created, { productId, stockId, receiptId, by: receipt.by!, at: receipt.at });
  }

  private viewOf({ product, stock }: NewProduct): Product {
    return this.availability.view(this.availability.dataOf(product), stock);
  }
}

/** A body as a plain object, with only what was sent. */
const plain = <T extends object>(body: T): T =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as T;
