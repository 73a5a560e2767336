import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem, type Login, type Refresh, type Tokens } from '@suite/contracts';
import { Types, type Model } from 'mongoose';
import { GuessesService } from './guesses.service';
import { PasswordsService } from './passwords.service';
import { SessionsService } from './sessions.service';
import { TokenIssuerService } from './token-issuer.service';
import { UserRecord } from './user.schema';

@Injectable()
export class LoginService {
  constructor(
    @InjectModel(UserRecord.name) private readonly users: Model<UserRecord>,
    private readonly guesses: GuessesService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly tokens: TokenIssuerService,
  ) {}

  /** The same work, and so the same time, for whatever is wrong. */
  async login({ email, password, device }: Login): Promise<Tokens> {
    const address = email.toLowerCase();
    const user = await this.users.findOne({ email: address }).lean();
    const known = await this.sessions.isKnownPlace(user?._id ?? new Types.ObjectId(), device.address);
    const right = await this.guesses.check(password, address, user, known ? device.address : undefined);
    if (!right || !user || user.disabled) throw new Problem('INVALID_CREDENTIALS');

    const opened = await this.sessions.start(user._id, device);
    const current = await this.users
      .findOneAndUpdate(
        { _id: user._id, passwordVersion: user.passwordVersion, disabled: false },
        { lastLoginAt: opened.session.createdAt, ...(await this.upgrade(user, password)) },
        { returnDocument: 'after' },
      )
      .lean();
    if (!current) {
      // Disabled, or given another password, while this one was being checked.
      await this.sessions.end(String(user._id), String(opened.session._id));
      throw new Problem('INVALID_CREDENTIALS');
    }
    return this.tokens.issue(current, opened);
  }

  async refresh({ refreshToken }: Refresh): Promise<Tokens> {
    const opened = await this.sessions.rotate(refreshToken);
    const user = await this.users.findOne({ _id: opened.session.userId, disabled: false }).lean();
    if (!user) throw new Problem('INVALID_REFRESH_TOKEN');
    return this.tokens.issue(user, opened);
  }

  /** The same password at today's cost. If there is no room for that now, the next login will do. */
  private async upgrade({ passwordHash }: UserRecord, password: string): Promise<{ passwordHash?: string }> {
    if (!this.passwords.isOutdated(passwordHash)) return {};
    return this.passwords.hash(password).then(
      (stronger) => ({ passwordHash: stronger }),
      () => ({}),
    );
  }
}
