import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { ALL_INDEX, NUMBER_INDEX, OrderRecord, USER_INDEX } from './order.schema';

/**
 * An order that has ended long ago, as it was: out of the way of those that move, whose indexes then stay small. What is
 * looked for here are lists and numbers; of the rest there is nothing left to be looked for.
 */
@Schema({ collection: 'ordersArchive', versionKey: false })
export class ArchivedOrderRecord extends OrderRecord {
  @Prop()
  archivedAt: Date;
}

export const ArchivedOrderSchema = SchemaFactory.createForClass(ArchivedOrderRecord);

/** By the same names as those of orders, so that one filter serves both. */
ArchivedOrderSchema.index({ userId: 1, status: 1, tier: 1, createdAt: -1, _id: -1 }, { name: USER_INDEX });
ArchivedOrderSchema.index({ status: 1, tier: 1, createdAt: -1, _id: -1 }, { name: ALL_INDEX });
ArchivedOrderSchema.index({ number: 1 }, { name: NUMBER_INDEX });
