import { appendFileSync } from 'node:fs';
import { eventually } from '../support/eventually';
import { allMails } from '../support/mailbox';
import { booksOf, wrongsOf, type Report } from '../support/oracle';
import type { Attempt } from './attempt';
import { judge, lookIn } from './judging';
import { alarms, endings, logFiles } from './records';
import type { Shop } from './shop';

export interface RowOptions {
  /** After the trouble everything has to be quiet and sound within so many ms. */
  quietWithinMs?: number;
  /** How processes may have ended besides SIGKILL, and what may stand in the error log. */
  mayEnd?: string;
  mayLog?: RegExp;
}

/**
 * One row of docs/FAILURES.md: makes the trouble, lets the oracle look in meanwhile, and recounts everything once all is
 * quiet. What came of it is a line of the table at the end of the run.
 *
 * @returns what was tried to be placed during the trouble
 */
export async function expectRow(
  name: string,
  shop: Shop,
  trouble: () => Promise<unknown>,
  { quietWithinMs = 120_000, mayEnd = 'SIGKILL', mayLog = /$^/ }: RowOptions = {},
): Promise<Attempt[]> {
  const before = { attempts: shop.attempts.length, endings: endings().length, alarms: alarms().length };
  const watch = lookIn();
  await trouble().finally(() => watch.stop());
  const begun = performance.now();
  const report = await settle(shop, quietWithinMs);
  const recoveredMs = performance.now() - begun;

  const attempts = shop.attempts.slice(before.attempts);
  const wrongs = [
    ...(await watch.wrongs),
    ...wrongsOf(report),
    ...unseen(shop),
    ...attempts.filter(isUnanswered).map(({ answers }) => `a client was left with ${answers.at(-1)!.what}`),
    ...endings()
      .slice(before.endings)
      .filter(({ how }) => how !== 'SIGKILL' && how !== mayEnd)
      .map(({ label, how }) => `${label} ended by itself (${how})`),
    ...alarms()
      .slice(before.alarms)
      .filter((line) => !mayLog.test(line))
      .map((line) => `somebody would have to act: ${line.slice(0, 300)}`),
  ];
  const countOf = (...whats: string[]) =>
    report.violations.filter(({ what }) => whats.includes(what)).reduce((sum, { count }) => sum + count, 0);
  appendRow({
    row: name,
    answered: new Set(attempts.flatMap(({ orderId }) => orderId ?? [])).size,
    lost: countOf('an order was answered and is lost'),
    doubled: countOf('an order exists that nobody was answered', 'one key made two orders'),
    retries: attempts.reduce((sum, { answers }) => sum + answers.length - 1, 0),
    slowestMs: Math.max(0, ...attempts.flatMap(({ answers }) => answers.map(({ ms }) => ms))),
    recoveredMs,
    verdict: wrongs[0] ?? 'sound',
  });
  expect(wrongs).toEqual([]);
  return attempts;
}

const isUnanswered = ({ orderId, answers }: Attempt): boolean =>
  orderId === undefined && answers.at(-1)!.what !== '409 INSUFFICIENT_STOCK';

const appendRow = (line: object): void => appendFileSync(process.env.CHAOS_ROWS!, `${JSON.stringify(line)}\n`);

/** Everything there is to know, once nothing moves any more; what is still wrong when the time is up. */
async function settle(shop: Shop, withinMs: number): Promise<Report> {
  const answered = shop.attempts.flatMap(({ customer, key, orderId }) =>
    orderId ? [{ orderId, userId: customer.id, key }] : [],
  );
  const secrets = shop.customers.flatMap(({ password, token, login }) => [password, token, login.refreshToken]);
  let report: Report | undefined;
  const look = async () => {
    const sightings = shop.watchers.flatMap((watcher) => watcher.sightings);
    const [inbox, books] = await Promise.all([allMails(), booksOf(process.env.SANDBOX_URL!)]);
    report = await judge({ quiet: true, answered, inbox, books, sightings });
    expect([...wrongsOf(report), ...unseen(shop)]).toEqual([]);
  };
  await eventually(look, { timeoutMs: withinMs, everyMs: 500 }).catch((error: unknown) => {
    if (!report) throw error;
  });
  // The logs last, and once: they are long.
  return report!.sound ? judge({ quiet: true, answered, logs: { files: logFiles, secrets } }) : report!;
}

/** What the browsers that watch have not been shown of their customers' orders. */
function unseen({ watchers, attempts }: Shop): string[] {
  return watchers.flatMap((watcher) =>
    attempts
      .filter(({ customer, orderId }) => customer === watcher.customer && orderId && watcher.lastOf(orderId) < 2)
      .map(({ orderId }) => `a browser was not shown how order ${orderId} ended`),
  );
}
