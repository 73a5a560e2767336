import { Injectable } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import {
  Problem,
  type CountUsers,
  type UpdateUser,
  type UserCount,
  type UserPage,
  type UserQuery,
} from '@suite/contracts';
import { following, pageOf, sortOf, type ListOrder } from '@suite/platform';
import type { ClientSession, Connection, Model, QueryFilter } from 'mongoose';
import { RevocationsService } from './revocations.service';
import { searchTerms, termPattern } from './search-terms';
import { UserRecord } from './user.schema';
import { userDetails } from './user-views';

const NEWEST_FIRST: ListOrder = { name: 'users', by: 'createdAt', tie: '_id', direction: -1 };

type Changes = Partial<Omit<UserRecord, '_id'>>;

@Injectable()
export class UsersService {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    @InjectModel(UserRecord.name) private readonly users: Model<UserRecord>,
    private readonly revocations: RevocationsService,
  ) {}

  /** Of an enabled user. @throws Problem UNAUTHORIZED: whoever asks for it has a token, but is nobody any more. */
  async present(id: string): Promise<UserRecord> {
    const user = await this.users.findOne({ _id: id, disabled: false }).lean();
    if (!user) throw new Problem('UNAUTHORIZED');
    return user;
  }

  async find(id: string, session?: ClientSession): Promise<UserRecord> {
    const user = await this.users.findById(id, null, { session }).lean();
    if (!user) throw new Problem('USER_NOT_FOUND');
    return user;
  }

  /** Those who can log in. */
  admins(): Promise<UserRecord[]> {
    return this.users.find({ role: 'admin', disabled: false }).lean();
  }

  async list({ q, role, tier, cursor, page = 1, limit = 20 }: UserQuery): Promise<UserPage> {
    const filter: QueryFilter<UserRecord> = {
      ...(q !== undefined && { searchTerms: termPattern(q) }),
      ...(role && { role }),
      ...(tier && { tier }),
    };
    const [total, found] = await Promise.all([
      this.users.countDocuments(filter),
      this.users
        .find(cursor === undefined ? filter : { $and: [filter, following(NEWEST_FIRST, cursor)] })
        .sort(sortOf(NEWEST_FIRST))
        .skip(cursor === undefined ? (page - 1) * limit : 0)
        .limit(limit + 1)
        .lean(),
    ]);
    const { shown, nextCursor } = pageOf(NEWEST_FIRST, found, limit);
    return { items: shown.map(userDetails), meta: { total, page, limit, nextCursor } };
  }

  /** Counted on the index of the lists, without looking at a user. */
  async count({ from, to, tier }: CountUsers): Promise<UserCount> {
    const createdAt = { $gte: new Date(from ?? 0), ...(to !== undefined && { $lt: new Date(to) }) };
    return { users: await this.users.countDocuments({ ...(tier && { tier }), createdAt }) };
  }

  /** @throws Problem USER_NOT_FOUND, LAST_ADMIN */
  async update({ id, name, ...rights }: UpdateUser): Promise<UserRecord> {
    return this.change(id, async (before, transaction) => {
      const after = { ...before, ...rights };
      if (!isActingAdmin(after)) await this.assertDispensable(before, transaction);
      if (after.disabled && !before.disabled) await this.revocations.end({ userId: before._id }, transaction);
      else if (after.role !== before.role || after.tier !== before.tier) {
        await this.revocations.renew({ userId: before._id }, transaction);
      }
      return name === undefined ? rights : { ...rights, name };
    });
  }

  /**
   * Reads a user, decides and writes, in one transaction; tries again when somebody else was faster. Then publishes what
   * the decision revoked. Logins write to the user after they have made a session, so that none slips by between
   * ending the sessions and writing the reason for it.
   * @throws Problem USER_NOT_FOUND, and what `decide` throws: then nothing is written.
   */
  async change(
    id: string,
    decide: (before: UserRecord, transaction: ClientSession) => Promise<Changes> | Changes,
  ): Promise<UserRecord> {
    const after = await this.connection.transaction(async (session) => {
      const before = await this.find(id, session);
      const changes: Changes = await decide(before, session);
      const { email = before.email, name = before.name } = changes;
      if (changes.email !== undefined || changes.name !== undefined) changes.searchTerms = searchTerms(email, name);
      return this.users.findByIdAndUpdate(id, changes, { session, returnDocument: 'after' }).lean();
    });
    await this.revocations.publish({ userId: after!._id });
    return after!;
  }

  /**
   * The shop can do without this user. If it is an admin, it writes to all others, so that of two who take each other
   * away one has to begin again, and then finds nobody.
   * @throws Problem LAST_ADMIN
   */
  async assertDispensable(user: UserRecord, session: ClientSession): Promise<void> {
    if (!isActingAdmin(user)) return;
    const { _id } = user;
    const others = { role: 'admin', disabled: false, _id: { $ne: _id } } as const;
    const { matchedCount } = await this.users.updateMany(others, { $inc: { adminGuard: 1 } }, { session });
    if (matchedCount === 0) throw new Problem('LAST_ADMIN');
  }
}

const isActingAdmin = ({ role, disabled }: UserRecord): boolean => role === 'admin' && !disabled;
