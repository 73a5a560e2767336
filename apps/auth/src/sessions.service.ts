import { Injectable, Logger } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Problem, type Device } from '@suite/contracts';
import { RedisLink } from '@suite/platform';
import { Types, type Model } from 'mongoose';
import { AuthConfig } from './auth.config';
import { firstToken, hashOf, readToken, successorOf, type RefreshToken } from './refresh-token';
import { RevocationsService } from './revocations.service';
import { SessionRecord } from './session.schema';

/** For this long a token that was just used is answered again: parallel refreshes of one client all succeed. */
const GRACE_MS = 10_000;
const MAX_LISTED = 1_000;

export interface OpenSession {
  session: SessionRecord;
  refreshToken: string;
}

/**
 * Logins and their refresh tokens. A token works once; it is exchanged for its successor by one conditional write, so
 * that any number of requests at any number of replicas agree on who used it. (Rotation with detection of reuse: RFC
 * 9700, 4.14.2.) Times are Redis's, which all replicas share.
 */
@Injectable()
export class SessionsService {
  private readonly log = new Logger(SessionsService.name);

  constructor(
    @InjectModel(SessionRecord.name) private readonly sessions: Model<SessionRecord>,
    private readonly revocations: RevocationsService,
    private readonly link: RedisLink,
    private readonly config: AuthConfig,
  ) {}

  async start(userId: Types.ObjectId, { userAgent, address }: Device): Promise<OpenSession> {
    const _id = new Types.ObjectId();
    const token = firstToken(this.config.JWT_REFRESH_SECRET, String(_id));
    const now = this.now();
    const session: SessionRecord = {
      _id,
      userId,
      tokenHash: hashOf(token.text),
      version: 0,
      userAgent,
      address,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: this.expiry(now),
    };
    await this.sessions.insertOne(session);
    return { session, refreshToken: token.text };
  }

  /** @throws Problem INVALID_REFRESH_TOKEN, REFRESH_TOKEN_REUSED */
  async rotate(text: string): Promise<OpenSession> {
    const presented = readToken(this.config.JWT_REFRESH_SECRET, text);
    if (!presented) throw new Problem('INVALID_REFRESH_TOKEN');
    const successor = successorOf(this.config.JWT_REFRESH_SECRET, presented);
    const now = this.now();
    const rotated = await this.sessions
      .findOneAndUpdate(
        { _id: presented.sessionId, tokenHash: hashOf(text), endedAt: null, expiresAt: { $gt: now } },
        {
          tokenHash: hashOf(successor.text),
          previousHash: hashOf(text),
          rotatedAt: now,
          lastUsedAt: now,
          expiresAt: this.expiry(now),
        },
        { returnDocument: 'after' },
      )
      .lean();
    return { session: rotated ?? (await this.judge(presented)), refreshToken: successor.text };
  }

  /** Has this user logged in from there of late? */
  async isKnownPlace(userId: Types.ObjectId, address: string): Promise<boolean> {
    return (await this.sessions.exists({ userId, address })) !== null;
  }

  /** Newest first. */
  list(userId: string): Promise<SessionRecord[]> {
    return this.sessions
      .find({ userId, endedAt: null, expiresAt: { $gt: this.now() } })
      .sort({ createdAt: -1 })
      .limit(MAX_LISTED)
      .lean();
  }

  /**
   * One that has ended already may be ended again.
   * @throws Problem SESSION_NOT_FOUND for what is not the user's own.
   */
  async end(userId: string, sessionId: string): Promise<void> {
    if (!(await this.sessions.exists({ _id: sessionId, userId }))) throw new Problem('SESSION_NOT_FOUND');
    await this.endForGood(sessionId);
  }

  /**
   * Ends the session of whoever has nothing left of it but the refresh token, its next one or the one before it.
   * @throws Problem UNAUTHORIZED for any other
   */
  async endWith(text: string): Promise<void> {
    const presented = readToken(this.config.JWT_REFRESH_SECRET, text);
    const hash = hashOf(text);
    const own = presented && { _id: presented.sessionId, $or: [{ tokenHash: hash }, { previousHash: hash }] };
    if (!own || !(await this.sessions.exists(own))) throw new Problem('UNAUTHORIZED');
    await this.endForGood(own._id);
  }

  /** Of a token that is not the next one: is it a repetition, the replay of an old one, or of a session that is over? */
  private async judge({ sessionId, text }: RefreshToken): Promise<SessionRecord> {
    const session = await this.sessions.findById(sessionId).lean();
    const now = this.now();
    if (!session || session.expiresAt <= now) throw new Problem('INVALID_REFRESH_TOKEN');
    const hash = hashOf(text);
    const unused = hash === session.tokenHash;
    const justUsed = hash === session.previousHash && now.getTime() - session.rotatedAt!.getTime() <= GRACE_MS;
    if (justUsed && !session.endedAt) return session;
    if (unused || justUsed) throw new Problem('INVALID_REFRESH_TOKEN');
    if (!session.endedAt) {
      this.log.warn(`A used refresh token came again: session ${sessionId} of user ${String(session.userId)} is ended`);
      await this.endForGood(sessionId);
    }
    throw new Problem('REFRESH_TOKEN_REUSED');
  }

  private async endForGood(_id: string): Promise<void> {
    await this.revocations.end({ _id });
    await this.revocations.publish({ _id });
  }

  private expiry(from: Date): Date {
    return new Date(from.getTime() + this.config.refreshLifeMs);
  }

  private now(): Date {
    return new Date(this.link.now());
  }
}
