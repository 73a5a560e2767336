import { Matches } from 'class-validator';

export class StockConfig {
  /** ISO 4217, of every price and every report. Prices are plain numbers: another currency relabels, never converts. */
  @Matches(/^[A-Z]{3}$/)
  CURRENCY: string = 'USD';
}
