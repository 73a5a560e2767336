import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem, type ById, type OrderStory } from '@suite/contracts';
import { requireAdmin } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { DeadLetterRecord } from './dead-letter.schema';
import { deadLetterView } from './dead-letter.view';
import { OrdersService } from './orders.service';
import { OrderArchive } from './order-archive';
import { OrdersConfig } from './orders.config';

/** What there is to know of one order, for whoever has to explain it. */
@Injectable()
export class StoriesService {
  constructor(
    @InjectModel(DeadLetterRecord.name) private readonly letters: Model<DeadLetterRecord>,
    private readonly archive: OrderArchive,
    private readonly orders: OrdersService,
    private readonly config: OrdersConfig,
  ) {}

  /** @throws Problem ORDER_NOT_FOUND */
  async story({ id }: ById): Promise<OrderStory> {
    requireAdmin();
    const _id = new Types.ObjectId(id);
    const [order, record, letters] = await Promise.all([
      this.orders.get({ id }),
      this.archive.find({ _id }, { requestId: 1, claim: 1, crashes: 1, replays: 1, promotedAt: 1 }),
      this.letters.find({ orderId: _id }).sort({ epoch: 1 }).lean(),
    ]);
    if (!record) throw new Problem('ORDER_NOT_FOUND');
    const { requestId, claim: claims, crashes, replays = 0, promotedAt } = record;
    return {
      order,
      requestId,
      claims,
      crashes,
      replays,
      ...(promotedAt && { promotedAt: promotedAt.toISOString() }),
      letters: letters.map((letter) => deadLetterView(letter, this.config.CURRENCY)),
    };
  }
}
