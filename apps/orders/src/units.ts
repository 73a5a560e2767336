import { Problem, type LineUnits } from '@suite/contracts';
import type { UnitsRecord } from './order-details';
import type { ItemRecord, OrderRecord } from './order.schema';

/** Units of the lines of one order: numbers in the order of its items, 0 where a line has no part in it. */
export type Units = number[];

export const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

/** How many of this line are among them. */
export const unitsOf = ({ stockId }: ItemRecord, records: UnitsRecord[]): number =>
  sum(records.filter((record) => record.stockId.equals(stockId)).map(({ quantity }) => quantity));

/** As they are kept: the lines that have a part in it. */
export const unitRecords = ({ items }: OrderRecord, units: Units): UnitsRecord[] =>
  items.flatMap(({ stockId }, i) => (units[i] > 0 ? [{ stockId, quantity: units[i] }] : []));

/**
 * As somebody asks for them; the same line twice is summed.
 * @param path of the field, for whoever has to mend it.
 * @throws Problem VALIDATION_FAILED for what is no line of this order.
 */
export function wantedUnits({ items }: OrderRecord, wanted: LineUnits[], path: string): Units {
  const ids = items.map(({ stockId }) => String(stockId));
  const errors = wanted.flatMap(({ stockId }, i) =>
    ids.includes(stockId)
      ? []
      : [{ path: `${path}.${i}.stockId`, message: 'stockId must be that of a line of the order' }],
  );
  if (errors.length > 0) throw new Problem('VALIDATION_FAILED', undefined, { errors });
  return ids.map((id) => sum(wanted.filter(({ stockId }) => stockId === id).map(({ quantity }) => quantity)));
}
