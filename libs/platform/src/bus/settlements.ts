import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { counter } from '../metrics';
import { isConnectivityError } from '../problems';
import type { RedisLink } from '../redis-link';
import type { Command } from './command-batch';
import { keys, REPLIES_KEPT_MS } from './wire';

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
  private readonly deadLetters = counter(
    'transport_dead_letters_total',
    'Messages and facts that were given up, by the stream they came from',
    ['stream'],
  );

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
    const replies = repliesOf(batch);
    const results = await this.send([...replies.map(append), ...this.endings(batch)]);
    // No stream yet: the first answer to this client, or Redis was emptied. If it is the client that is gone, so will
    // the stream be, in a minute.
    const missing = replies.filter((_, i) => results[i] === null);
    if (missing.length > 0) await this.send(missing.flatMap(create));
    for (const { done } of batch) done();
  }

  /** Until Redis takes it, however long that is. */
  private async send(commands: Command[]): Promise<unknown[]> {
    for (;;) {
      const results = (await this.link.redis.pipeline(commands).exec()) ?? [];
      const error = results.find(([failure]) => failure)?.[0];
      if (!error || !isConnectivityError(error)) {
        if (error) this.log.error(error);
        return results.map(([, result]) => result);
      }
      await pause(100);
    }
  }

  private endings(batch: Settlement[]): Command[] {
    const commands: Command[] = [];
    const settled = new Map<string, string[]>();
    for (const { stream, id, deadLetter } of batch) {
      gather(settled, stream, id);
      if (deadLetter) {
        this.deadLetters.inc({ stream });
        commands.push(['xadd', keys.deadLetters(this.group), 'MAXLEN', '~', MAX_DEAD_LETTERS, '*', 'm', deadLetter]);
      }
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

/** All answers to one client, as one entry of its stream. */
type ClientReplies = [client: string, texts: string[]];

function repliesOf(batch: Settlement[]): ClientReplies[] {
  const replies = new Map<string, string[]>();
  for (const { reply } of batch) if (reply) gather(replies, reply.client, reply.text);
  return [...replies];
}

const append = ([client, texts]: ClientReplies): Command => [
  ...([
    'xadd',
    keys.replies(client),
    'NOMKSTREAM',
    'MAXLEN',
    '~',
    MAX_REPLIES,
    '*',
    'm',
    `[${texts.join(',')}]`,
  ] as const),
];

const create = ([client, texts]: ClientReplies): Command[] => [
  ['xadd', keys.replies(client), '*', 'm', `[${texts.join(',')}]`],
  ['pexpire', keys.replies(client), REPLIES_KEPT_MS],
];

function gather(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
