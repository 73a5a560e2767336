import type { ServiceDatabase } from '@suite/platform';
import { PaymentRecord, PaymentSchema } from './payment.schema';
import { WebhookRecord, WebhookSchema } from './webhook.schema';

export const database: ServiceDatabase = {
  name: 'payments',
  models: [
    { name: PaymentRecord.name, schema: PaymentSchema },
    { name: WebhookRecord.name, schema: WebhookSchema },
  ],
};
