import { Injectable } from '@nestjs/common';
import { Problem, type AddedOrderNote, type AddOrderNote } from '@suite/contracts';
import { CommandsService, type Attempt } from './commands.service';
import type { OrderRecord } from './order.schema';
import { noteView } from './order.view';
import { OrderStore } from './order-store';

/** A notebook is something else; it keeps the document small. */
const MAX_NOTES = 200;

/**
 * What admins write about an order for each other. Nothing has happened to the order itself: no entry in its history, no
 * fact, and a worker that has it in hand is not disturbed.
 */
@Injectable()
export class NotesService {
  constructor(
    private readonly commands: CommandsService,
    private readonly store: OrderStore,
  ) {}

  /** @throws Problem FORBIDDEN, ORDER_NOT_FOUND, VALIDATION_FAILED when there are too many, IDEMPOTENCY_KEY_REUSED */
  async add(body: AddOrderNote): Promise<AddedOrderNote> {
    const { order, made, replayed } = await this.commands.run('orders.addNote', body, (attempt) =>
      this.append(attempt, body.text),
    );
    const note = order.notes!.find(({ id }) => id === made)!;
    return { ...noteView(note), replayed };
  }

  private async append({ order, by, made: id, key }: Attempt, text: string): Promise<OrderRecord | undefined> {
    const { notes = [] } = order;
    if (notes.length >= MAX_NOTES) {
      const message = `an order has room for ${MAX_NOTES} notes`;
      throw new Problem('VALIDATION_FAILED', undefined, { errors: [{ path: 'text', message }] });
    }
    const note = { id, text, by, at: new Date() };
    const added = await this.store.updateIf({
      key: order,
      condition: key ? { 'keys.id': { $ne: key.id } } : {},
      update: { $push: { notes: note, ...(key && { keys: key }) } },
      proof: { 'notes.id': id },
    });
    return added ? { ...order, notes: [...notes, note] } : undefined;
  }
}
