import type { ServiceDatabase } from '@suite/platform';
import { MailRecord, MailSchema } from './mail.schema';
import { MailPreferenceRecord, MailPreferenceSchema } from './mail-preference.schema';
import { migrations } from './migrations';
import { OrderEventRecord, OrderEventSchema } from './order-event.schema';

export const database: ServiceDatabase = {
  name: 'notifications',
  models: [
    { name: MailRecord.name, schema: MailSchema },
    { name: MailPreferenceRecord.name, schema: MailPreferenceSchema },
    { name: OrderEventRecord.name, schema: OrderEventSchema },
  ],
  migrations,
};
