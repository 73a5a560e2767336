import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem } from '@suite/contracts';
import type { ClientSession, Model, Types } from 'mongoose';
import { OneTimeTokenRecord, type TokenKind } from './one-time-token.schema';
import { hashOf } from './refresh-token';
import type { UserRecord } from './user.schema';

const HOUR_MS = 3_600_000;
const LIFE_MS: Record<TokenKind, number> = { 'verify-email': 72 * HOUR_MS, 'reset-password': HOUR_MS };

@Injectable()
export class OneTimeTokensService {
  constructor(@InjectModel(OneTimeTokenRecord.name) private readonly tokens: Model<OneTimeTokenRecord>) {}

  /** For the address that the user has now; it is of no use once the user has another. */
  async issue(kind: TokenKind, { _id, email }: UserRecord): Promise<{ secret: string; expiresAt: Date }> {
    const secret = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + LIFE_MS[kind]);
    await this.tokens.insertOne({ _id: hashOf(secret), kind, userId: _id, email, expiresAt });
    return { secret, expiresAt };
  }

  /** @throws Problem INVALID_TOKEN */
  async find(kind: TokenKind, secret: string): Promise<OneTimeTokenRecord> {
    const token = await this.tokens.findOne({ _id: hashOf(secret), kind, expiresAt: { $gt: new Date() } }).lean();
    if (!token) throw new Problem('INVALID_TOKEN');
    return token;
  }

  /** @throws Problem INVALID_TOKEN if somebody else was faster. */
  async use({ _id }: OneTimeTokenRecord, transaction?: ClientSession): Promise<void> {
    const { deletedCount } = await this.tokens.deleteOne({ _id }, { session: transaction });
    if (deletedCount === 0) throw new Problem('INVALID_TOKEN');
  }

  async forgetAll(userId: Types.ObjectId, transaction?: ClientSession): Promise<void> {
    await this.tokens.deleteMany({ userId }, { session: transaction });
  }

  async forget(userId: Types.ObjectId, kind: TokenKind, transaction?: ClientSession): Promise<void> {
    await this.tokens.deleteMany({ userId, kind }, { session: transaction });
  }
}
