import { OmitType } from '@nestjs/swagger';
import {
  ImportedRow,
  ImportProducts,
  ImportRow,
  IsFlag,
  IsListOf,
  IsListOfRecords,
  IsPrice,
  IsWhole,
  MAX_ROWS,
  Problem,
} from '@suite/contracts';
import { assertValid } from '@suite/platform';
import { toMinorUnits } from './money';
import { FieldErrorView } from './problem.view';

/** As `CreateProductBody`, but that only `sku` has to be there: what is absent stays as it is. */
export class ImportRowBody extends OmitType(ImportRow, ['price']) {
  @IsPrice({ optional: true })
  price?: number;
}

export class ImportProductsBody extends OmitType(ImportProducts, ['rows']) {
  @IsListOfRecords(1, MAX_ROWS, { description: 'Each is judged by itself; see `ImportRowBody` for what it may say' })
  rows: object[];
}

export class ImportedRowView extends OmitType(ImportedRow, ['errors']) {
  @IsListOf(FieldErrorView, 0, 100, { optional: true })
  errors?: FieldErrorView[];
}

export class ImportedProductsView {
  @IsListOf(ImportedRowView, 1, MAX_ROWS, { description: 'One for each row, in the same order' })
  rows: ImportedRowView[];

  @IsWhole(0, MAX_ROWS, { example: 1 })
  created: number;

  @IsWhole(0, MAX_ROWS, { example: 0 })
  updated: number;

  @IsWhole(0, MAX_ROWS, { example: 0 })
  unchanged: number;

  @IsWhole(0, MAX_ROWS, { example: 0 })
  failed: number;

  @IsFlag({ description: 'Nothing was done; this is what would be' })
  dryRun: boolean;
}

/** A row as stock takes it, or what is wrong with it. */
export type JudgedRow = { row: ImportRow } | { refused: ImportedRowView };

export function judgeRow(row: object): JudgedRow {
  try {
    assertValid(ImportRowBody, row);
    const { price, ...rest } = row as ImportRowBody;
    return { row: { ...rest, ...(price !== undefined && { price: toMinorUnits(price) }) } };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { sku } = row as { sku?: unknown };
    const { code, extra } = error;
    return { refused: { ...(typeof sku === 'string' && { sku }), outcome: 'failed', code, errors: extra.errors } };
  }
}

/** One answer for each judged row, in their order: its own refusal, or the next of what stock has said. */
export function importView(judged: JudgedRow[], done: ImportedRow[], dryRun: boolean): ImportedProductsView {
  const answers = done.values();
  const rows = judged.map((one) => ('refused' in one ? one.refused : rowView(answers.next().value!)));
  const count = (outcome: ImportedRow['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  return {
    rows,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    failed: count('failed'),
    dryRun,
  };
}

const rowView = ({ sku, outcome, code, errors }: ImportedRow): ImportedRowView => ({
  sku,
  outcome,
  ...(code && { code }),
  ...(errors && { errors }),
});
