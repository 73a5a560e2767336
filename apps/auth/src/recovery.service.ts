import { Injectable, Logger } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem, type ResetPassword } from '@suite/contracts';
import type { Model } from 'mongoose';
import { AttemptsService } from './attempts.service';
import { OneTimeTokensService } from './one-time-tokens.service';
import { PasswordsService } from './passwords.service';
import { RevocationsService } from './revocations.service';
import { TokenMailsService } from './token-mails.service';
import { UserRecord } from './user.schema';
import { UsersService } from './users.service';

/** Nobody can fill somebody else's inbox. */
const RESET_MAILS = { name: 'reset-mail', max: 5, windowMs: 60 * 60_000 };

/** The way back in for those who forgot their password. */
@Injectable()
export class RecoveryService {
  private readonly log = new Logger(RecoveryService.name);

  constructor(
    @InjectModel(UserRecord.name) private readonly records: Model<UserRecord>,
    private readonly users: UsersService,
    private readonly attempts: AttemptsService,
    private readonly passwords: PasswordsService,
    private readonly tokens: OneTimeTokensService,
    private readonly mails: TokenMailsService,
    private readonly revocations: RevocationsService,
  ) {}

  /** Done when the user was looked up; the mail follows, so that neither answer nor time tells whether there is one. */
  async forgot(email: string): Promise<void> {
    const user = await this.records.findOne({ email: email.toLowerCase(), disabled: false }).lean();
    if (!user) return;
    this.mail(user).catch((error: Error) => this.log.warn(`A reset mail was not sent: ${error.message}`));
  }

  /** Whoever read the mail also proved the address. @throws Problem INVALID_TOKEN, OVERLOADED */
  async reset({ token: secret, newPassword }: ResetPassword): Promise<void> {
    const token = await this.tokens.find('reset-password', secret);
    const passwordHash = await this.passwords.hash(newPassword);
    await this.users.change(String(token.userId), async (before, transaction) => {
      await this.tokens.use(token, transaction);
      if (before.email !== token.email || before.disabled) throw new Problem('INVALID_TOKEN');
      await this.tokens.forget(before._id, 'reset-password', transaction);
      await this.revocations.end({ userId: before._id }, transaction);
      return { passwordHash, passwordVersion: before.passwordVersion + 1, verified: true };
    });
  }

  private async mail(user: UserRecord): Promise<void> {
    if ((await this.attempts.take(RESET_MAILS, String(user._id))) > 0) return;
    await this.mails.send('reset-password', user);
  }
}
