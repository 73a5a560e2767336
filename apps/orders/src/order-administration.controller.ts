import { Controller } from '@nestjs/common';
import {
  orders,
  type AddedOrderNote,
  type AddOrderNote,
  type ChangedOrder,
  type FindOrder,
  type Order,
  type RefundOrder,
  type SetOrderStatus,
} from '@suite/contracts';
import { Answers } from '@suite/platform';
import { FulfilmentService } from './fulfilment.service';
import { NotesService } from './notes.service';
import { OrdersService } from './orders.service';
import { RefundingService } from './refunding.service';

/** What admins do to one order. */
@Controller()
export class OrderAdministrationController {
  constructor(
    private readonly orders: OrdersService,
    private readonly fulfilment: FulfilmentService,
    private readonly refunding: RefundingService,
    private readonly notes: NotesService,
  ) {}

  @Answers(orders.find)
  find(body: FindOrder): Promise<Order> {
    return this.orders.find(body);
  }

  @Answers(orders.setStatus)
  setStatus(body: SetOrderStatus): Promise<ChangedOrder> {
    return this.fulfilment.setStatus(body);
  }

  @Answers(orders.refund)
  refund(body: RefundOrder): Promise<ChangedOrder> {
    return this.refunding.refund(body);
  }

  @Answers(orders.addNote)
  addNote(body: AddOrderNote): Promise<AddedOrderNote> {
    return this.notes.add(body);
  }
}
