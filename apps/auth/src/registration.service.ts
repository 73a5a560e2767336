import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem, type Register, type Role, type Tier } from '@suite/contracts';
import { isDuplicateKey } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { GuessesService } from './guesses.service';
import { mailDueSoon, VerificationService } from './verification.service';
import { PasswordsService } from './passwords.service';
import { searchTerms } from './search-terms';
import { UserRecord } from './user.schema';

export interface NewUser {
  email: string;
  password: string;
  name?: string;
  role?: Role;
  tier?: Tier;
}

@Injectable()
export class RegistrationService {
  constructor(
    @InjectModel(UserRecord.name) private readonly users: Model<UserRecord>,
    private readonly guesses: GuessesService,
    private readonly passwords: PasswordsService,
    private readonly verification: VerificationService,
  ) {}

  /** @throws Problem EMAIL_TAKEN, IDEMPOTENCY_KEY_REUSED, OVERLOADED */
  async register(body: Register, key?: string): Promise<{ user: UserRecord; replayed: boolean }> {
    // Asked first because hashing is dear; the unique index is what decides.
    const earlier = await this.users.findOne({ email: body.email.toLowerCase() }).lean();
    if (earlier) return this.repeated(body, earlier, key);
    const user = await this.create(body, {
      mailDue: mailDueSoon(),
      ...(key && { registration: { key, name: body.name, role: body.role } }),
    });
    if (!user) return this.register(body, key);
    this.verification.mailInBackground(user);
    return { user, replayed: false };
  }

  /** Undefined if the address is taken. */
  async create(wanted: NewUser, more: Partial<UserRecord> = {}): Promise<UserRecord | undefined> {
    const email = wanted.email.toLowerCase();
    const name = wanted.name ?? email.slice(0, email.lastIndexOf('@'));
    const user: UserRecord = {
      _id: new Types.ObjectId(),
      email,
      name,
      passwordHash: await this.passwords.hash(wanted.password),
      passwordVersion: 1,
      role: wanted.role ?? 'user',
      tier: wanted.tier ?? 'standard',
      disabled: false,
      verified: false,
      searchTerms: searchTerms(email, name),
      createdAt: new Date(),
      ...more,
    };
    try {
      await this.users.insertOne(user);
      return user;
    } catch (error) {
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  /** The same request again, or just the same address? A guessed key must not become a way to guess passwords. */
  private async repeated(body: Register, user: UserRecord, key?: string) {
    const { registration } = user;
    if (!key || registration?.key !== key) throw new Problem('EMAIL_TAKEN');
    const same = registration.name === body.name && registration.role === body.role;
    if (!same || !(await this.guesses.check(body.password, user.email, user, 'registration'))) {
      throw new Problem('IDEMPOTENCY_KEY_REUSED');
    }
    return { user, replayed: true };
  }
}
