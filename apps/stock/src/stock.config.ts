import { MAX_STOCK } from '@suite/contracts';
import { IsInt, Matches, Max, Min } from 'class-validator';

export class StockConfig {
  /** ISO 4217, of every price and every report. Prices are plain numbers: another currency relabels, never converts. */
  @Matches(/^[A-Z]{3}$/)
  CURRENCY: string = 'USD';

  /** What products without a threshold of their own count as low at, in units left: admins get a mail. -1: never. */
  @IsInt()
  @Min(-1)
  @Max(MAX_STOCK)
  LOW_STOCK_THRESHOLD: number = 5;

  /**
   * After how many days movements go to the archive beside the others; 0: never. They are listed and replayed as before.
   * The idempotency keys of receipts and adjustments are free from then on: who repeats the request moves stock anew.
   */
  @IsInt()
  @Min(0)
  @Max(36_500)
  MOVEMENT_ARCHIVE_DAYS: number = 0;

  /** How long until all stocks are looked through again for the archive, in ms. A look reads of every stock. */
  @IsInt()
  @Min(100)
  MOVEMENT_ARCHIVE_EVERY_MS: number = 3_600_000;
}
