import { Controller } from '@nestjs/common';
import { stock, type StockLow } from '@suite/contracts';
import { Hears } from '@suite/platform';
import { AdminMailsService } from './admin-mails.service';

/** What admins are told of the stock: auth knows who they are, and their addresses go into the mails and nowhere else. */
@Controller()
export class StockEventsController {
  constructor(private readonly mails: AdminMailsService) {}

  /** The fact's key is in the mail's, so that a fact told twice is one mail to each. */
  @Hears(stock.low)
  low(low: StockLow): Promise<void> {
    const { productId, sku, name, available, threshold } = low;
    return this.mails.send('stock-low', stock.low.key(low), { productId, sku, name, available, threshold });
  }
}
