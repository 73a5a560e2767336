import { Injectable } from '@nestjs/common';
import { Problem, type ById, type Order } from '@suite/contracts';
import { callerOf } from '@suite/platform';
import { Types } from 'mongoose';
import { cancellation } from './cancellation';
import { MovesService } from './moves.service';
import { OrderArchive } from './order-archive';
import { OrderStore } from './order-store';
import { orderView } from './order.view';
import { SettlingService } from './settling.service';

/**
 * Cancels orders against everything that can happen at the same time: the order moves first, in one conditional write
 * that bumps its epoch, so that whatever still works on it changes nothing from then on; the stock goes back after it.
 */
@Injectable()
export class CancellingService {
  constructor(
    private readonly store: OrderStore,
    private readonly archive: OrderArchive,
    private readonly moves: MovesService,
    private readonly settling: SettlingService,
  ) {}

  /** @throws Problem ORDER_NOT_FOUND, INVALID_TRANSITION */
  async cancel({ id }: ById): Promise<Order> {
    const { userId } = callerOf();
    const key = { _id: new Types.ObjectId(id), userId: new Types.ObjectId(userId) };
    for (;;) {
      // What is in the archive has ended, and says so.
      const order = (await this.store.find(key)) ?? (await this.archive.find(key));
      if (!order) throw new Problem('ORDER_NOT_FOUND');
      const cancelled = await this.moves.move(order, cancellation(order, { by: userId, as: 'customer' }));
      // Otherwise somebody else moved or claimed it in between: read it again and decide anew.
      if (cancelled) {
        await this.settling.settle(cancelled);
        return orderView(cancelled);
      }
    }
  }
}
