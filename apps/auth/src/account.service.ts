import { Injectable } from '@nestjs/common';
import { Problem, type Caller, type ChangePassword, type UpdateProfile } from '@suite/contracts';
import { isDuplicateKey } from '@suite/platform';
import { GuessesService } from './guesses.service';
import { OneTimeTokensService } from './one-time-tokens.service';
import { PasswordsService } from './passwords.service';
import { RevocationsService } from './revocations.service';
import type { UserRecord } from './user.schema';
import { UsersService } from './users.service';
import { mailDueSoon, VerificationService } from './verification.service';

/** What users do with their own accounts. */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UsersService,
    private readonly guesses: GuessesService,
    private readonly passwords: PasswordsService,
    private readonly tokens: OneTimeTokensService,
    private readonly revocations: RevocationsService,
    private readonly verification: VerificationService,
  ) {}

  /** A new address has to be verified anew. @throws Problem EMAIL_TAKEN */
  async updateProfile({ userId }: Caller, { name, email }: UpdateProfile): Promise<UserRecord> {
    await this.users.present(userId);
    const address = email?.toLowerCase();
    const after = await this.users
      .change(userId, (before) => ({
        ...(name !== undefined && { name }),
        ...(address !== undefined &&
          address !== before.email && { email: address, verified: false, mailDue: mailDueSoon() }),
      }))
      .catch((error: unknown) => {
        if (isDuplicateKey(error)) throw new Problem('EMAIL_TAKEN');
        throw error;
      });
    if (after.mailDue) this.verification.mailInBackground(after);
    return after;
  }

  /** @throws Problem INVALID_CREDENTIALS, RATE_LIMITED, OVERLOADED */
  async changePassword({ userId, sessionId }: Caller, { currentPassword, newPassword }: ChangePassword): Promise<void> {
    const user = await this.users.present(userId);
    if (!(await this.guesses.check(currentPassword, user.email, user, sessionId))) {
      throw new Problem('INVALID_CREDENTIALS', 'The current password is wrong');
    }
    const passwordHash = await this.passwords.hash(newPassword);
    await this.users.change(userId, async ({ _id, passwordVersion }, transaction) => {
      if (passwordVersion !== user.passwordVersion) throw new Problem('INVALID_CREDENTIALS');
      await this.revocations.end({ userId: _id, _id: { $ne: sessionId } }, transaction);
      await this.tokens.forget(_id, 'reset-password', transaction);
      return { passwordHash, passwordVersion: passwordVersion + 1 };
    });
  }
}
