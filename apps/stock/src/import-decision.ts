import type { CreateProduct, ImportedRow, ImportRow } from '@suite/contracts';
import type { Types } from 'mongoose';
import type { ProductRecord } from './product.schema';

const FIELDS = ['name', 'description', 'category', 'imageUrl', 'price', 'lowStockThreshold'] as const;
const NEEDED = ['name', 'price'] as const;

/** What an import can change of a product. */
export type Sheet = Pick<CreateProduct, (typeof FIELDS)[number]>;

/** A product that is there, with the threshold of its stock. */
export type KnownProduct = Pick<ProductRecord, '_id' | 'stockId' | 'sku'> & Sheet;

export interface ProductChange {
  productId: Types.ObjectId;
  stockId: Types.ObjectId;
  /** All of it, as it is to be. */
  sheet: Sheet;
}

export interface ImportDecision {
  /** One for each row, in the same order. */
  rows: ImportedRow[];
  created: CreateProduct[];
  changed: ProductChange[];
}

interface Draft {
  sheet: Sheet;
  /** Absent: a new product. */
  known?: KnownProduct;
  initialStock?: number;
  changed: boolean;
}

/**
 * Decides rows against the products that are there under the same skus. Pure: after a conflict it is read and decided
 * again. What comes twice is made by its first row and changed by its second.
 */
export function decideImport(rows: ImportRow[], known: KnownProduct[]): ImportDecision {
  const drafts = new Map<string, Draft>(
    known.map((product) => [product.sku, { sheet: sheetOf(product) as Sheet, known: product, changed: false }]),
  );
  const outcomes = rows.map((row) => decideRow(row, drafts));
  const decided = [...drafts];
  return {
    rows: outcomes,
    created: decided.flatMap(([sku, { known, sheet, initialStock }]) =>
      known ? [] : [{ sku, ...sheet, ...(initialStock !== undefined && { initialStock }) }],
    ),
    changed: decided.flatMap(([, { known, sheet, changed }]) =>
      known && changed ? [{ productId: known._id, stockId: known.stockId, sheet }] : [],
    ),
  };
}

/** The stock of what is there is none of an import's business: a file that is sent twice must not bring goods twice. */
function decideRow(row: ImportRow, drafts: Map<string, Draft>): ImportedRow {
  const { sku, initialStock } = row;
  const draft = drafts.get(sku);
  if (draft) {
    const sheet: Sheet = { ...draft.sheet, ...sheetOf(row) };
    if (FIELDS.every((field) => isSame(sheet[field], draft.sheet[field]))) return { sku, outcome: 'unchanged' };
    drafts.set(sku, { ...draft, sheet, changed: true });
    return { sku, outcome: 'updated' };
  }
  const missing = NEEDED.filter((field) => row[field] === undefined);
  if (missing.length > 0) {
    const errors = missing.map((path) => ({ path, message: `${path} is needed for a new product` }));
    return { sku, outcome: 'failed', code: 'VALIDATION_FAILED', errors };
  }
  drafts.set(sku, { sheet: sheetOf(row) as Sheet, initialStock, changed: false });
  return { sku, outcome: 'created' };
}

/** Only what is said: an absent field is left as it is. */
const sheetOf = (source: Partial<Sheet>): Partial<Sheet> =>
  Object.fromEntries(FIELDS.flatMap((field) => (source[field] === undefined ? [] : [[field, source[field]]])));

/** An empty picture or description is none. */
const isSame = (a: string | number = '', b: string | number = ''): boolean => a === b;
