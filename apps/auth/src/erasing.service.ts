import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import { auth, Problem, type Caller, type EraseAccount } from '@suite/contracts';
import { Bus, MongoLink, RedisLink, Sweep } from '@suite/platform';
import { Types, type ClientSession, type Connection, type Model } from 'mongoose';
import { ErasureRecord } from './erasure.schema';
import { GuessesService } from './guesses.service';
import { OneTimeTokensService } from './one-time-tokens.service';
import { RevocationsService } from './revocations.service';

import { UserRecord } from './user.schema';
import { UsersService } from './users.service';

const SWEEP_MS = 1_000;
/** For this long an erasure is left to whoever has just taken it on. */
const LEASE_MS = 10_000;
/** After this nothing is under way any more that had begun before: a login, an order with the name in it. */
const LATE_MS = 60_000;

/**
 * Erases accounts. What makes somebody a user goes in one transaction, and the address is free again; the erasure stays
 * behind with what it owes. Other services hear of it, at once and once more later, when what was under way has
 * arrived: both times everything that is still there is forgotten, so each step may be repeated after a crash.
 */
@Injectable()
export class ErasingService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(ErasingService.name);
  private readonly sweep = new Sweep('erasures', SWEEP_MS, () => this.catchUp());

  constructor(
    @InjectConnection() private readonly connection: Connection,
    @InjectModel(UserRecord.name) private readonly records: Model<UserRecord>,
    @InjectModel(ErasureRecord.name) private readonly erasures: Model<ErasureRecord>,
    private readonly users: UsersService,
    private readonly guesses: GuessesService,
    private readonly tokens: OneTimeTokensService,
    private readonly revocations: RevocationsService,
    private readonly bus: Bus,
    private readonly mongo: MongoLink,
    private readonly link: RedisLink,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.sweep.stop();
  }

  /** The caller's own. @throws Problem INVALID_CREDENTIALS, LAST_ADMIN, RATE_LIMITED, OVERLOADED */
  async eraseOwn({ userId, sessionId }: Caller, { password }: EraseAccount): Promise<void> {
    await this.unlessErased(userId, async () => {
      const user = await this.users.present(userId);
      if (!(await this.guesses.check(password, user.email, user, sessionId))) {
        throw new Problem('INVALID_CREDENTIALS', 'The password is wrong');
      }
      await this.erase(user._id, userId, ({ passwordVersion }) => {
        if (passwordVersion !== user.passwordVersion) throw new Problem('INVALID_CREDENTIALS');
      });
    });
  }

  /** @throws Problem USER_NOT_FOUND, LAST_ADMIN */
  async eraseUser(id: string, by: string): Promise<void> {
    await this.unlessErased(id, () => this.erase(new Types.ObjectId(id), by));
  }

  /** What fails because it was done before is done. */
  private async unlessErased(id: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(await this.erasures.exists({ _id: id }))) throw error;
    }
  }

  private async erase(_id: Types.ObjectId, by: string, admit?: (user: UserRecord) => void): Promise<void> {
    const at = new Date();
    const erasure: ErasureRecord = { _id, by: new Types.ObjectId(by), at, due: new Date(at.getTime() + LEASE_MS) };
    await this.connection.transaction(async (session) => {
      const user = await this.users.find(String(_id), session);
      admit?.(user);
      await this.users.assertDispensable(user, session);
      await this.forget(_id, session);
      await this.records.deleteOne({ _id }, { session });
      await this.erasures.insertOne(erasure, { session });
    });
    this.settle(erasure).catch((error: Error) => this.log.warn(`An erasure has to wait: ${error.message}`));
    await this.revocations.publish({ userId: _id });
  }

  /** Also what came after the user had gone: a login that had begun before leaves a session. */
  private async forget(userId: Types.ObjectId, session?: ClientSession): Promise<void> {
    await this.revocations.forget({ userId }, session);
    await this.tokens.forgetAll(userId, session);
  }

  private async settle({ _id, at }: ErasureRecord): Promise<void> {
    const last = Date.now() >= at.getTime() + LATE_MS;
    if (last) {
      await this.forget(_id);
      await this.revocations.publish({ userId: _id });
    }
    await this.bus.tell(auth.userErased, { userId: String(_id), at: at.toISOString() });
    await this.erasures.updateOne({ _id }, last ? { $unset: { due: 1 } } : { due: new Date(at.getTime() + LATE_MS) });
  }

  private async catchUp(): Promise<void> {
    if (this.link.away || this.mongo.away) return;
    for (;;) {
      const now = Date.now();
      const due = await this.erasures
        .findOneAndUpdate({ due: { $lte: new Date(now) } }, { due: new Date(now + LEASE_MS) })
        .lean();
      if (!due) return;
      await this.settle(due);
    }
  }
}
