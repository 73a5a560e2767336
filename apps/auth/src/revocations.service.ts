import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { accessToken, auth, revokedKey, SESSION_ENDED } from '@suite/contracts';
import { Bus, MongoLink, RedisLink, Sweep } from '@suite/platform';
import type { ClientSession, Model, QueryFilter } from 'mongoose';
import { AuthConfig } from './auth.config';
import { SessionRecord } from './session.schema';

const SWEEP_MS = 1_000;
const BATCH = 500;
/** Vanishes when Redis is emptied, and with it the list of revocations. */
const CANARY = 'revocations:canary';

/** Two replicas may write the same key in any order: an end is final, and a version never goes back. */
const REVOKE = `
local known = redis.call('GET', KEYS[1])
if known == '${SESSION_ENDED}' then return end
if ARGV[1] ~= '${SESSION_ENDED}' and known and tonumber(known) > tonumber(ARGV[1]) then return end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`;

/**
 * Makes access tokens invalid before their time: first in MongoDB, marked as unpublished, then in Redis, where the
 * gateway looks with each request, and as a fact for whoever keeps something of a session. What could not be published
 * is published by the next sweep of any replica. Until then nothing gets through on an old token: while Redis is away
 * the gateway lets nobody in, and once it is back the sweep comes within a second.
 */
@Injectable()
export class RevocationsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(RevocationsService.name);
  private readonly sweep = new Sweep('revocations', SWEEP_MS, () => this.catchUp());
  /** For as long as an access token may live. */
  private readonly memoryMs: number;

  constructor(
    @InjectModel(SessionRecord.name) private readonly sessions: Model<SessionRecord>,
    private readonly link: RedisLink,
    private readonly mongo: MongoLink,
    private readonly bus: Bus,
    config: AuthConfig,
  ) {
    this.memoryMs = config.accessLifeMs + 2 * accessToken.leeway * 1_000;
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.sweep.stop();
  }

  /** Ends sessions: no refresh any more, and no access token. `publish` has to follow. */
  async end(which: QueryFilter<SessionRecord>, transaction?: ClientSession): Promise<void> {
    const now = new Date(this.link.now());
    await this.sessions.updateMany(
      { ...which, endedAt: null },
      { $set: { endedAt: now, revokedAt: now, unpublished: true } },
      { session: transaction },
    );
  }

  /**
   * Ends sessions, and removes where they came from; the rest of them vanishes as soon as no access token of theirs can
   * be alive any more. `publish` has to follow.
   */
  async forget(which: QueryFilter<SessionRecord>, transaction?: ClientSession): Promise<void> {
    await this.end(which, transaction);
    await this.sessions.updateMany(
      which,
      { $set: { userAgent: '', address: '' }, $min: { expiresAt: new Date(this.link.now() + this.memoryMs) } },
      { session: transaction },
    );
  }

  /** Makes sessions ask for new access tokens. `publish` has to follow. */
  async renew(which: QueryFilter<SessionRecord>, transaction?: ClientSession): Promise<void> {
    await this.sessions.updateMany(
      { ...which, endedAt: null },
      { $inc: { version: 1 }, $set: { revokedAt: new Date(this.link.now()), unpublished: true } },
      { session: transaction },
    );
  }

  /** Never throws: it is written down what remains to be done. */
  async publish(which: QueryFilter<SessionRecord>): Promise<void> {
    try {
      while ((await this.publishBatch(which)) === BATCH);
    } catch (error) {
      this.log.warn(`Revocations wait to be published: ${(error as Error).message}`);
    }
  }

  private async publishBatch(which: QueryFilter<SessionRecord>): Promise<number> {
    const due = await this.sessions
      .find({ ...which, unpublished: true }, { version: 1, endedAt: 1, userId: 1 })
      .limit(BATCH)
      .lean();
    if (due.length === 0) return 0;
    this.link.assertThere();
    const batch = this.link.redis.pipeline();
    for (const { _id, version, endedAt } of due) {
      batch.eval(REVOKE, 1, revokedKey(String(_id)), endedAt ? SESSION_ENDED : version, this.memoryMs);
    }
    const failure = (await batch.exec())?.find(([error]) => error)?.[0];
    if (failure) throw failure;
    const ended = due.filter(({ endedAt }) => endedAt);
    await Promise.all(
      ended.map(({ _id, userId }) =>
        this.bus.tell(auth.sessionEnded, { sessionId: String(_id), userId: String(userId) }),
      ),
    );
    // Only what was published: a session that has changed again meanwhile is published again.
    await this.sessions.bulkWrite(
      due.map(({ _id, version, endedAt }) => ({
        updateOne: { filter: { _id, version, endedAt: endedAt ?? null }, update: { $unset: { unpublished: 1 } } },
      })),
      { ordered: false },
    );
    return due.length;
  }

  private async catchUp(): Promise<void> {
    if (this.link.away || this.mongo.away) return;
    if (!(await this.link.redis.exists(CANARY))) await this.rememberAll();
    await this.publish({});
  }

  /** In this order: whoever dies in between leaves the canary missing, and the next sweep does it again. */
  private async rememberAll(): Promise<void> {
    const since = new Date(this.link.now() - this.memoryMs);
    const { modifiedCount } = await this.sessions.updateMany({ revokedAt: { $gt: since } }, { unpublished: true });
    if (modifiedCount > 0) this.log.warn(`Redis has forgotten; telling it of ${modifiedCount} revocations again`);
    await this.link.redis.set(CANARY, 1);
  }
}
