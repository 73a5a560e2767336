import { IsDuration } from '@suite/platform';
import { IsInt, Matches, Max, Min } from 'class-validator';

export class OrdersConfig {
  /** ISO 4217, of every price and every report. Prices are plain numbers: another currency relabels, never converts. */
  @Matches(/^[A-Z]{3}$/)
  CURRENCY: string = 'USD';

  /**
   * How many orders one processor works on at once. They mostly wait for each other's writes to go out together: too few
   * leave batches small, too many only grow the queue in front of stock.
   */
  @IsInt()
  @Min(1)
  @Max(2_000)
  PROCESSOR_CONCURRENCY: number = 128;

  /**
   * How long a standard order may wait at most before it is taken up, however many VIPs come. When the processors cannot
   * keep up at all, everything waits for longer, and promoted orders leave little room for VIPs: add processors.
   */
  @IsDuration()
  STANDARD_MAX_WAIT: string = '30s';

  /**
   * How many orders may wait for a processor. VIPs are turned away beyond it, standard orders from 80 % of it on, with
   * OVERLOADED. As many as are worked off in the time that people put up with: more only wait for longer.
   */
  @IsInt()
  @Min(1)
  ORDERS_MAX_WAITING: number = 5_000;

  /**
   * How long an order that is paid online waits for its payment; then it is cancelled and its stock is back. The time
   * counts from the moment the stock is held. At most 23h: a page of Stripe's stays for a day, and half an hour longer than
   * this.
   */
  @IsDuration({ atMost: '23h' })
  PAYMENT_TTL: string = '15m';

  /** How often an order may kill the worker that processes it before it becomes a dead letter. */
  @IsInt()
  @Min(1)
  PROCESSOR_MAX_CRASHES: number = 3;

  /** How often an order may be sent on its way again from the dead letters: what dies so often will die again. */
  @IsInt()
  @Min(1)
  DEAD_LETTER_MAX_REPLAYS: number = 3;

  /**
   * After how many days without a change an order that has ended, and owes nothing, goes to the archive beside the others;
   * 0: never. It can be read, listed, reported and counted as before, and comes back when somebody does something to it. Its
   * idempotency key is free from then on: who repeats the request orders anew.
   */
  @IsInt()
  @Min(0)
  @Max(36_500)
  ORDER_ARCHIVE_DAYS: number = 0;

  /**
   * After how many minutes without an audit the reconciler makes one, so that drift is told of by the metrics and not by a
   * customer; 0: never. It reads whole collections: a shop with millions of orders takes days, or runs `npm run audit`.
   */
  @IsInt()
  @Min(0)
  @Max(525_600)
  AUDIT_EVERY_MINUTES: number = 60;

  /**
   * How long until orders are looked through again for the archive once there was nothing left to put there, in ms. Each
   * look costs the more the more orders stay: often is for small shops.
   */
  @IsInt()
  @Min(100)
  ORDER_ARCHIVE_EVERY_MS: number = 600_000;

  /** How often the reconciler looks whether waiting orders still have a live job, in ms. */
  @IsInt()
  @Min(100)
  RECONCILE_EVERY_MS: number = 5_000;

  /** How often what is owed (jobs to enqueue, facts to tell, stock to give back) is looked for, in ms. */
  @IsInt()
  @Min(100)
  RELAY_EVERY_MS: number = 1_000;
}
