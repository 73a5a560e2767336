import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem } from '@suite/contracts';
import { MongoLink, RedisLink, Sweep } from '@suite/platform';
import type { Model } from 'mongoose';
import { AttemptsService } from './attempts.service';
import { OneTimeTokensService } from './one-time-tokens.service';
import { TokenMailsService } from './token-mails.service';
import { UserRecord } from './user.schema';
import { WelcomeService } from './welcome.service';

const SWEEP_MS = 2_000;
/** For this long a mail that is owed is left to whoever has just taken it on. */
const LEASE_MS = 10_000;

/** Nobody can fill somebody else's inbox by giving out its address as theirs: what is more comes later. */
const VERIFICATION_MAILS = { name: 'verify-mail', max: 5, windowMs: 60 * 60_000 };

export const mailDueSoon = (): Date => new Date(Date.now() + LEASE_MS);

/**
 * E-mail addresses are proven by a mailed token. That a mail is owed is written into the user together with the
 * address; it is sent at once, and by the sweep of any replica if that did not succeed. So registering needs no queue.
 */
@Injectable()
export class VerificationService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(VerificationService.name);
  private readonly sweep = new Sweep('verification mails', SWEEP_MS, () => this.catchUp());

  constructor(
    @InjectModel(UserRecord.name) private readonly users: Model<UserRecord>,
    private readonly attempts: AttemptsService,
    private readonly tokens: OneTimeTokensService,
    private readonly mails: TokenMailsService,
    private readonly welcome: WelcomeService,
    private readonly mongo: MongoLink,
    private readonly link: RedisLink,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.sweep.stop();
  }

  mailInBackground(user: UserRecord): void {
    this.mail(user).catch((error: Error) => this.log.warn(`A verification mail has to wait: ${error.message}`));
  }

  /** @throws Problem INVALID_TOKEN */
  async verify(secret: string): Promise<void> {
    const token = await this.tokens.find('verify-email', secret);
    const { matchedCount } = await this.users.updateOne(
      { _id: token.userId, email: token.email },
      [{ $set: { verified: true, ...this.welcome.owe() } }],
      { updatePipeline: true },
    );
    // Used only now: whoever is interrupted in between can try again.
    await this.tokens.use(token);
    if (matchedCount === 0) throw new Problem('INVALID_TOKEN');
    this.welcome.payInBackground(token.userId);
  }

  private async mail(user: UserRecord): Promise<void> {
    const { _id, email } = user;
    const waitMs = await this.attempts.take(VERIFICATION_MAILS, email);
    if (waitMs === 0) await this.mails.send('verify-email', user);
    const owed = waitMs === 0 ? { $unset: { mailDue: 1 } } : { mailDue: new Date(Date.now() + waitMs) };
    await this.users.updateOne({ _id, email }, owed);
  }

  private async catchUp(): Promise<void> {
    if (this.link.away || this.mongo.away) return;
    for (;;) {
      const owed = await this.users
        .findOneAndUpdate({ mailDue: { $lte: new Date() } }, { mailDue: mailDueSoon() }, { returnDocument: 'after' })
        .lean();
      if (!owed) return;
      await this.mail(owed);
    }
  }
}
