import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { each } from '../support/client';
import { eventually } from '../support/eventually';
import { allMails } from '../support/mailbox';
import { recount, withPicture, wrongsOf, type Known, type Report } from '../support/oracle';
import type { OrderView } from '../support/views';
import type { Attempt } from './load';
import type { Shop } from './shop';
import { endings } from './trouble';

/** The oracle looks in so often while everything is in motion, in ms. */
const LOOK_MS = 3_000;
const LOGS = ['combined.log', 'error.log'];

const judge = (known: Known = {}): Promise<Report> =>
  withPicture(process.env.MONGODB_URI!, (picture) => recount(picture, known));

export interface RowOptions {
  /** After the trouble everything has to be quiet and sound within so many ms. */
  quietWithinMs?: number;
  /** How processes may have ended besides SIGKILL. */
  mayEnd?: string[];
}

/**
 * One row of docs/FAILURES.md: does the trouble, lets the oracle look in meanwhile, and recounts everything once all is
 * quiet. What came of it is printed as a line of the table at the end of the run.
 */
export async function expectRow(
  name: string,
  shop: Shop,
  trouble: () => Promise<Attempt[]>,
  { quietWithinMs = 60_000, mayEnd = [] }: RowOptions = {},
): Promise<Attempt[]> {
  const before = endings().length;
  const watch = lookIn();
  const attempts = await trouble();
  shop.attempts.push(...attempts);
  const begun = performance.now();
  const report = await settle(shop, quietWithinMs);
  const recoveredMs = performance.now() - begun;

  const wrongs = [...(await watch.end()), ...wrongsOf(report), ...unseen(shop)];
  const wrongEndings = endings()
    .slice(before)
    .filter(({ how }) => !['SIGKILL', ...mayEnd].includes(how));
  wrongs.push(...wrongEndings.map(({ label, how }) => `${label} ended by itself (${how})`));
  wrongs.push(...attempts.filter(isUnanswered).map(({ status, code }) => `a client was left with ${status} ${code}`));
  const countOf = (...whats: string[]) =>
    report.violations.filter(({ what }) => whats.includes(what)).reduce((sum, { count }) => sum + count, 0);
  note({
    row: name,
    answered: attempts.filter(({ orderId }) => orderId).length,
    lost: countOf('an order was answered and is lost'),
    doubled: countOf('an order exists that nobody was answered', 'one key made two orders'),
    retries: attempts.reduce((sum, { retries }) => sum + retries, 0),
    slowestMs: Math.max(0, ...attempts.map(({ slowestMs }) => slowestMs)),
    recoveredMs,
    verdict: wrongs[0] ?? 'sound',
  });
  expect(wrongs).toEqual([]);
  return attempts;
}

const isUnanswered = ({ status, code }: Attempt) => status !== 201 && code !== 'INSUFFICIENT_STOCK';

/** A line of the table; what a row has nothing to say of stays empty. */
export const note = (line: object): void => appendFileSync(process.env.CHAOS_ROWS!, `${JSON.stringify(line)}\n`);

/** The oracle at work while everything is in motion. What is wrong then stays wrong, whatever becomes of it. */
function lookIn(): { end(): Promise<string[]> } {
  const wrongs = new Set<string>();
  const aborting = new AbortController();
  const { signal } = aborting;
  const running = (async () => {
    while (!signal.aborted) {
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const report = await judge().catch((error: Error) => {
        if (!error.name.startsWith('Mongo')) throw error;
      });
      if (report) wrongsOf(report).forEach((wrong) => wrongs.add(`while in motion: ${wrong}`));
    }
  })();
  return {
    end: async () => {
      aborting.abort();
      await running;
      return [...wrongs];
    },
  };
}

/** Everything there is to know, once nothing moves any more; what is still wrong when the time is up. */
async function settle(shop: Shop, withinMs: number): Promise<Report> {
  const answered = shop.attempts.flatMap(({ customer, key, orderId }) =>
    orderId ? [{ orderId, userId: customer.id, key }] : [],
  );
  const logs = {
    files: LOGS.map((file) => join(process.env.SUITE_LOG_DIR!, file)),
    secrets: shop.customers.flatMap(({ password, token, login }) => [password, token, login.refreshToken]),
  };
  let report: Report | undefined;
  const look = async () => {
    report = undefined;
    const sightings = shop.watchers.flatMap((watcher) => watcher.sightings);
    report = await judge({ quiet: true, answered, inbox: await allMails(), sightings });
    expect(wrongsOf(report)).toEqual([]);
    expect(unseen(shop)).toEqual([]);
  };
  await eventually(look, { timeoutMs: withinMs, everyMs: 500 }).catch((error: unknown) => {
    if (!report) throw error;
  });
  if (!report!.sound) return report!;
  return judge({ quiet: true, answered, logs });
}

/** What the browsers that watch have not been shown of their customers' orders. */
function unseen({ watchers, attempts }: Shop): string[] {
  return watchers.flatMap((watcher) =>
    attempts
      .filter(({ customer, orderId }) => customer === watcher.customer && orderId && watcher.lastOf(orderId) < 2)
      .map(({ orderId }) => `a browser was not shown how order ${orderId} ended`),
  );
}

/** How each of these orders stands, for what only a row itself knows. */
export const ordersOf = (attempts: Attempt[]) =>
  each(
    attempts.filter(({ orderId }) => orderId),
    8,
    async ({ customer, orderId }) => (await customer.get<OrderView>(`/orders/${orderId}`)).data,
  );
