import { IsId, IsText, IsTime, IsWhole } from './fields';
import { MAX_STOCK } from './limits';

/** A stock has gone from above its threshold to it or below. */
export class StockLow {
  @IsId()
  stockId: string;

  @IsId()
  productId: string;

  @IsText(1, 64)
  sku: string;

  @IsText(1, 200)
  name: string;

  @IsWhole(0, MAX_STOCK, { description: 'As it was then' })
  available: number;

  @IsWhole(0, MAX_STOCK)
  threshold: number;

  @IsWhole(1, Number.MAX_SAFE_INTEGER, { description: 'Of the stock document; with its id it names the crossing' })
  version: number;

  @IsTime()
  at: string;
}
