import type { ServiceDatabase } from '@suite/platform';
import { ErasureRecord, ErasureSchema } from './erasure.schema';
import { OneTimeTokenRecord, OneTimeTokenSchema } from './one-time-token.schema';
import { SessionRecord, SessionSchema } from './session.schema';
import { UserRecord, UserSchema } from './user.schema';

export const database: ServiceDatabase = {
  name: 'auth',
  models: [
    { name: UserRecord.name, schema: UserSchema },
    { name: SessionRecord.name, schema: SessionSchema },
    { name: OneTimeTokenRecord.name, schema: OneTimeTokenSchema },
    { name: ErasureRecord.name, schema: ErasureSchema },
  ],
};
