import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '@suite/contracts';
import { RedisLink } from '@suite/platform';
import { ChatbotConfig } from './chatbot.config';
import { networkOf } from './network';

/** A day, and some hours for clocks and zones: what was counted is not needed after. */
const KEPT_MS = 30 * 3_600_000;

/** Looks and counts in one step: twenty messages at once are twenty. */
const TAKE = `
local messages, tokens = unpack(redis.call('HMGET', KEYS[1], 'messages', 'tokens'))
if tonumber(messages or 0) >= tonumber(ARGV[1]) or tonumber(tokens or 0) >= tonumber(ARGV[2]) then return 0 end
redis.call('HINCRBY', KEYS[1], 'messages', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** One day of whoever asks. */
export interface Budget {
  own: string;
  shop: string;
}

/**
 * What the model may be asked in a day, counted in Redis for all replicas: by each user, or by each network where nobody
 * is signed in, and by everybody together. Where Redis is emptied the day begins anew.
 */
@Injectable()
export class BudgetsService {
  constructor(
    private readonly link: RedisLink,
    private readonly config: ChatbotConfig,
  ) {}

  /** Counts one message. Undefined when the day's are used up. */
  async take(caller: Caller | undefined, address: string): Promise<Budget | undefined> {
    const subject = caller ? `user:${caller.userId}` : `network:${networkOf(address)}`;
    const day = new Date(this.link.now()).toISOString().slice(0, 10);
    const budget = { own: keyOf(hashOf(subject), day), shop: keyOf('shop', day) };
    const { CHATBOT_DAILY_MESSAGES: messages, CHATBOT_DAILY_TOKENS: tokens } = this.config;
    const spent = Number(await this.link.redis.hget(budget.shop, 'tokens'));
    if (spent >= this.config.CHATBOT_SHOP_DAILY_TOKENS) return undefined;
    const took = await this.link.redis.eval(TAKE, 1, budget.own, messages, tokens, KEPT_MS);
    return took === 1 ? budget : undefined;
  }

  async spend({ own, shop }: Budget, tokens: number): Promise<void> {
    if (tokens === 0) return;
    const counting = this.link.redis.pipeline();
    for (const key of [own, shop]) counting.hincrby(key, 'tokens', tokens).pexpire(key, KEPT_MS);
    await counting.exec();
  }
}

const keyOf = (subject: string, day: string): string => `chat:budget:{${subject}}:${day}`;

/** No addresses of people in Redis. */
const hashOf = (subject: string): string => createHash('sha256').update(subject).digest('base64url');
