import { OmitType } from '@nestjs/swagger';
import { ChangesOf, IsFlag, IsListOf, IsListOfRecords, IsOneOf, IsText } from './fields';
import { MAX_ROWS } from './limits';
import { problems, type FieldError, type ProblemCode } from './problem';
import { CreateProduct } from './product';

/** What an import says of one product: everything about a new one, anything about one that is there. */
export class ImportRow extends ChangesOf(OmitType(CreateProduct, ['sku'])) {
  @IsText(1, 64, { example: 'TEA-0001' })
  sku: string;
}

export class ImportProducts {
  @IsListOf(ImportRow, 1, MAX_ROWS)
  rows: ImportRow[];

  @IsFlag({ optional: true, description: 'Say what would be done, and do nothing' })
  dryRun?: boolean;
}

export const importOutcomes = ['created', 'updated', 'unchanged', 'failed'] as const;
export type ImportOutcome = (typeof importOutcomes)[number];

/** What became of one row. */
export class ImportedRow {
  @IsText(1, 64, { optional: true, example: 'TEA-0001', description: 'Absent where the row has none' })
  sku?: string;

  @IsOneOf(importOutcomes)
  outcome: ImportOutcome;

  @IsOneOf(Object.keys(problems) as ProblemCode[], { optional: true, example: 'VALIDATION_FAILED' })
  code?: ProblemCode;

  @IsListOfRecords(0, 100, { optional: true, example: [{ path: 'price', message: 'price must not be less than 0' }] })
  errors?: FieldError[];
}

export class ImportedProducts {
  @IsListOf(ImportedRow, 1, MAX_ROWS, { description: 'One for each row, in the same order' })
  rows: ImportedRow[];
}
