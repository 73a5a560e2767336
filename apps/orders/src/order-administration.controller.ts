import { Controller } from '@nestjs/common';
import {
  orders,
  type AddedOrderNote,
  type AddOrderNote,
  type ById,
  type ChangedOrder,
  type Debts,
  type FindOrder,
  type Nothing,
  type Order,
  type OrderStory,
  type RefundOrder,
  type SetOrderStatus,
  type Standing,
} from '@suite/contracts';
import { Answers } from '@suite/platform';
import { FulfilmentService } from './fulfilment.service';
import { NotesService } from './notes.service';
import { OrdersService } from './orders.service';
import { RefundingService } from './refunding.service';
import { StandingService } from './standing.service';
import { StoriesService } from './stories.service';

/** What admins do to one order, and what they look at. */
@Controller()
export class OrderAdministrationController {
  constructor(
    private readonly orders: OrdersService,
    private readonly fulfilment: FulfilmentService,
    private readonly refunding: RefundingService,
    private readonly notes: NotesService,
    private readonly standing: StandingService,
    private readonly stories: StoriesService,
  ) {}

  @Answers(orders.find)
  find(body: FindOrder): Promise<Order> {
    return this.orders.find(body);
  }

  @Answers(orders.standing)
  now(_body: Nothing): Promise<Standing> {
    return this.standing.now();
  }

  @Answers(orders.debts)
  debts(_body: Nothing): Promise<Debts> {
    return this.standing.debts();
  }

  @Answers(orders.story)
  story(body: ById): Promise<OrderStory> {
    return this.stories.story(body);
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
