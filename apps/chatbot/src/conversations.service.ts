import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { revokedKey, SESSION_ENDED, type Caller } from '@suite/contracts';
import { RedisLink } from '@suite/platform';
import { ChatbotConfig } from './chatbot.config';

/** A message and what was replied to it. */
export interface Exchange {
  message: string;
  reply: string;
}

export interface Conversation {
  /** Of a stranger: by this it is found again. Of a session there is one, which needs no name. */
  id?: string;
  key: string;
  /** Of a session: it ends with it. */
  sessionId?: string;
}

/** What is remembered of one conversation: about 16 KB at most. */
const MAX_EXCHANGES = 8;
const MAX_TEXT = 1_000;
const MINUTE_MS = 60_000;

/** What ended while a reply was being written is not remembered after it. KEYS[2] is only looked at for a session. */
const REMEMBER = `
if KEYS[2] and redis.call('GET', KEYS[2]) == '${SESSION_ENDED}' then return end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -${MAX_EXCHANGES}, -1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

// Two name spaces: nobody finds a session's conversation by naming the session.
const keyOfSession = (sessionId: string): string => `chat:session:{${sessionId}}`;
const keyOfStranger = (id: string): string => `chat:stranger:{${id}}`;

/**
 * What was said before, in Redis and for a while only: the last exchanges of each conversation, the same for all
 * replicas. A user's belongs to the session and is erased with it; a stranger's belongs to whoever knows its id, which
 * is drawn here and cannot be guessed.
 */
@Injectable()
export class ConversationsService {
  private readonly memoryMs: number;

  constructor(
    private readonly link: RedisLink,
    { CHATBOT_MEMORY_MINUTES }: ChatbotConfig,
  ) {
    this.memoryMs = CHATBOT_MEMORY_MINUTES * MINUTE_MS;
  }

  /** An id that is not known, any more or at all, begins a new conversation: nobody chooses where others will speak. */
  async find(caller: Caller | undefined, id: string | undefined): Promise<Conversation> {
    if (caller) return { key: keyOfSession(caller.sessionId), sessionId: caller.sessionId };
    const known = id !== undefined && (await this.link.redis.exists(keyOfStranger(id))) > 0;
    const own = known ? id : randomBytes(12).toString('hex');
    return { id: own, key: keyOfStranger(own) };
  }

  /** Oldest first. */
  async recall({ key }: Conversation): Promise<Exchange[]> {
    return (await this.link.redis.lrange(key, 0, -1)).map((text) => JSON.parse(text) as Exchange);
  }

  async remember({ key, sessionId }: Conversation, { message, reply }: Exchange): Promise<void> {
    const text = JSON.stringify({ message: message.slice(0, MAX_TEXT), reply: reply.slice(0, MAX_TEXT) });
    const keys = sessionId === undefined ? [key] : [key, revokedKey(sessionId)];
    await this.link.redis.eval(REMEMBER, keys.length, ...keys, text, this.memoryMs);
  }

  async forget(sessionId: string): Promise<void> {
    await this.link.redis.del(keyOfSession(sessionId));
  }
}
