import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** Who may do what only one may do at a time, and until when, by MongoDB's clock. */
@Schema({ collection: 'leases', versionKey: false })
export class LeaseRecord {
  @Prop({ type: String })
  _id: string;

  @Prop()
  holder: string;

  @Prop()
  until: Date;
}

export const LeaseSchema = SchemaFactory.createForClass(LeaseRecord);
