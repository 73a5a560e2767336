import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem, type CreatedProduct, type CreateProduct, type Product, type UpdateProduct } from '@suite/contracts';
import { currentContext, isDuplicateKey, requireAdmin } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { LedgerStore } from './ledger-store';
import { movementIdOf } from './movement-id';
import { MovementRecord } from './movement.schema';
import { newProduct, type NewProduct } from './new-product';
import { ProductRecord, SKU_INDEX } from './product.schema';
import { productView } from './product.view';
import { patience, retrying } from './retrying';
import { StockConfig } from './stock.config';
import { StockRecord } from './stock.schema';

/** Products as admins and customers know them, one at a time. */
@Injectable()
export class ProductService {
  constructor(
    @InjectModel(ProductRecord.name) private readonly products: Model<ProductRecord>,
    @InjectModel(StockRecord.name) private readonly stocks: Model<StockRecord>,
    @InjectModel(MovementRecord.name) private readonly movements: Model<MovementRecord>,
    private readonly store: LedgerStore,
    private readonly config: StockConfig,
  ) {}

  /** @throws Problem PRODUCT_NOT_FOUND; an archived product is there for admins only. */
  async get(id: string): Promise<Product> {
    const product = await this.products.findById(id).lean();
    const admin = currentContext()?.caller?.role === 'admin';
    if (!product || (product.archived && !admin)) throw new Problem('PRODUCT_NOT_FOUND');
    return this.view(product);
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
      await retrying(() => this.insert(born), patience());
      return { ...productView(born.product, born.stock, this.config.CURRENCY), replayed: false };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const first = await this.firstTime(born.receipt._id, born.product.created);
      if (first) return { ...productView(first.product, first.stock, this.config.CURRENCY), replayed: true };
      if (isDuplicateKey(error, SKU_INDEX)) throw new Problem('SKU_TAKEN', undefined, { sku: body.sku });
      throw error;
    }
  }

  /** @throws Problem PRODUCT_NOT_FOUND, SKU_TAKEN, VERSION_CONFLICT (with the `version` it has now) */
  async update({ id, version, ...body }: UpdateProduct): Promise<Product> {
    requireAdmin();
    const changes = plain(body);
    const expected = version === undefined ? { _id: id } : { _id: id, version };
    const update = Object.keys(changes).length > 0 ? { $set: changes, $inc: { version: 1 } } : {};
    const product = await this.products
      .findOneAndUpdate(expected, update, { returnDocument: 'after' })
      .lean()
      .catch((error: unknown) => {
        throw isDuplicateKey(error, SKU_INDEX) ? new Problem('SKU_TAKEN', undefined, { sku: body.sku }) : error;
      });
    if (product) return this.view(product);
    const other = await this.products.findById(id).lean();
    if (!other) throw new Problem('PRODUCT_NOT_FOUND');
    throw new Problem('VERSION_CONFLICT', undefined, { version: other.version });
  }

  /** Takes the product out of the shop; doing it again changes nothing. @throws Problem PRODUCT_NOT_FOUND */
  async archive(id: string): Promise<void> {
    requireAdmin();
    const change = { $set: { archived: true }, $inc: { version: 1 } };
    const { matchedCount } = await this.products.updateOne({ _id: id, archived: false }, change);
    if (matchedCount === 0 && !(await this.products.exists({ _id: id }))) throw new Problem('PRODUCT_NOT_FOUND');
  }

  /** The receipt comes first: its id tells a repetition from a sku that somebody else took. */
  private insert({ product, stock, receipt }: NewProduct): Promise<void> {
    return this.store.transaction(async (session) => {
      await this.movements.collection.insertOne(receipt, { session });
      await this.products.collection.insertOne(product, { session });
      await this.stocks.collection.insertOne(stock, { session });
    });
  }

  /** What was created before under this receipt, as it was then. @throws Problem IDEMPOTENCY_KEY_REUSED */
  private async firstTime(receiptId: Types.ObjectId, created: CreateProduct): Promise<NewProduct | undefined> {
    const receipt = await this.movements.findById(receiptId).lean();
    if (!receipt) return undefined;
    const product = await this.products.findOne({ stockId: receipt.stockId }).lean();
    if (receipt.kind !== 'receipt' || !product || !isDeepStrictEqual(product.created, created)) {
      throw new Problem('IDEMPOTENCY_KEY_REUSED');
    }
    const { _id: productId, stockId } = product;
    return newProduct(product.created, { productId, stockId, receiptId, by: receipt.by!, at: receipt.at });
  }

  private async view(product: ProductRecord): Promise<Product> {
    const stock = await this.stocks.findById(product.stockId).orFail().lean();
    return productView(product, stock, this.config.CURRENCY);
  }
}

/** A body as a plain object, with only what was sent. */
const plain = <T extends object>(body: T): T =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as T;
