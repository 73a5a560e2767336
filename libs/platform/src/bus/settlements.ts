import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { isConnectivityError } from '../problems';
import type { RedisLink } from '../redis-link';
import type { Command } from './command-batch';
import { keys } from './wire';

const MAX_REPLIES = 1_000;
const MAX_DEAD_LETTERS = 100_000;

/** How the handling of one message ended. */
export interface Settlement {
  stream: string;
  id: string;
  /** A request: who gets the answer, and the answer as the JSON of a Reply. */
  reply?: { client: string; text: string };
  /** The JSON of a DeadLetter. */
  deadLetter?: string;
}

/**
 * Writes how messages ended: answers and dead letters first, acknowledgements after, so that what is cut off in between
 * happens again rather than not at all. What ends in one turn of the event loop is written together; what cannot be
 * written because Redis is away is kept and written when it is back, rather than run again.
 */
export class Settlements {
  private readonly log = new Logger(Settlements.name);
  private waiting: (Settlement & { done: () => void })[] = [];
  private scheduled = false;

  constructor(
    private readonly link: RedisLink,
    private readonly group: string,
  ) {}

  add(settlement: Settlement): Promise<void> {
    return new Promise((done) => {
      this.waiting.push({ ...settlement, done });
      if (this.scheduled) return;
      this.scheduled = true;
      setImmediate(() => {
        this.scheduled = false;
        const batch = this.waiting;
        this.waiting = [];
        void this.write(batch);
      });
    });
  }

  private async write(batch: (Settlement & { done: () => void })[]): Promise<void> {
    const commands = this.commands(batch);
    for (;;) {
      const results = (await this.link.redis.pipeline(commands).exec()) ?? [];
      const error = results.find(([failure]) => failure)?.[0];
      if (!error) break;
      if (!isConnectivityError(error)) {
        this.log.error(error);
        break;
      }
      await pause(100);
    }
    for (const { done } of batch) done();
  }

  private commands(batch: Settlement[]): Command[] {
    const commands: Command[] = [];
    const replies = new Map<string, string[]>();
    const settled = new Map<string, string[]>();
    for (const { stream, id, reply, deadLetter } of batch) {
      gather(settled, stream, id);
      if (reply) gather(replies, reply.client, reply.text);
      if (deadLetter) {
        commands.push(['xadd', keys.deadLetters(this.group), 'MAXLEN', '~', MAX_DEAD_LETTERS, '*', 'm', deadLetter]);
      }
    }
    for (const [client, texts] of replies) {
      const text = `[${texts.join(',')}]`;
      commands.push(['xadd', keys.replies(client), 'NOMKSTREAM', 'MAXLEN', '~', MAX_REPLIES, '*', 'm', text]);
    }
    for (const [stream, ids] of settled) {
      commands.push(['xack', stream, this.group, ...ids]);
      // An inbox has one group: what it has dealt with goes, so that the stream's length is the backlog and a login's
      // password does not stay in it. Facts stay for the other groups; the janitor trims them.
      if (stream === keys.inbox(this.group)) commands.push(['xdel', stream, ...ids]);
    }
    return commands;
  }
}

function gather(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
