import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { MongoClient } from 'mongodb';

export interface BenchReport {
  /** What does not add up, a sentence each; figures of something that is wrong are worth nothing. */
  wrongs: string[];
}

/**
 * Runs a bench as a program. Its figures go to standard output, as text or with `--json` as data; how far it is goes to
 * standard error. Exit code: 0 all adds up, 1 it does not, 2 it could not run.
 */
export function bench<Report extends BenchReport>(
  measure: () => Promise<Report>,
  textOf: (report: Report) => string,
): void {
  Logger.overrideLogger(['warn', 'error', 'fatal']);
  void measure()
    .then((report) => {
      const json = process.argv.includes('--json');
      process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
      return report.wrongs.length > 0 ? 1 : 0;
    })
    .catch((error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      return 2;
    })
    .then((code) => process.exit(code));
}

/** `--seconds`, in ms: how long each way is measured in each round. @throws Error for what is no time */
export function sliceMsOf(fallback: string): number {
  const { seconds = fallback } = parseArgs({
    options: { seconds: { type: 'string' }, json: { type: 'boolean' } },
  }).values;
  const ms = Number(seconds) * 1_000;
  if (!(ms > 0)) throw new Error('--seconds is how long each is measured in each round');
  return ms;
}

/** Says how far it is: rewritten in place on a terminal; elsewhere a line each, and nothing of the `details`. */
export function say(text: string, details = ''): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}${details}`);
  else if (text !== said) process.stderr.write(`${text}\n`);
  said = text;
}

let said = '';

export function sayNothingMore(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
}

export const mongodbUri = (): string => process.env.MONGODB_URI ?? 'mongodb://127.0.0.1:27017/?replicaSet=rs0';

/** A driver of the bench's own, with what production asks of every write. */
export function connect(): Promise<MongoClient> {
  return new MongoClient(mongodbUri(), { writeConcern: { w: 'majority', journal: true } }).connect();
}

/**
 * Figures of writes that can be lost would be another sport.
 * @param clients with which the bench writes; each has to ask for majority and journal.
 * @returns what was found, for the reader.
 * @throws Error where a write may be acknowledged before it is safe.
 */
export async function assertDurable(clients: Pick<MongoClient, 'options' | 'db'>[]): Promise<string> {
  for (const { options } of clients) {
    const { w, journal } = options.writeConcern ?? {};
    if (w !== 'majority' || !journal) throw new Error(`A client writes with w=${w}, journal=${journal}`);
  }
  const admin = clients[0].db('admin');
  const { version } = await admin.command({ buildInfo: 1 });
  const { config } = await admin.command({ replSetGetConfig: 1 });
  const { storageEngine } = await admin.command({ serverStatus: 1 });
  const { members, writeConcernMajorityJournalDefault } = config as Record<string, unknown>;
  if (writeConcernMajorityJournalDefault === false) throw new Error('Majority does not mean journalled on this server');
  if (!(storageEngine as { persistent?: boolean }).persistent) throw new Error('The data are in memory only');
  return `MongoDB ${version}, a replica set of ${(members as unknown[]).length}, majority and journal`;
}
