import { setTimeout as pause } from 'node:timers/promises';
import { recount, withPicture, wrongsOf, type Known, type Report } from '../support/oracle';

/** The oracle looks in so often while everything is in motion, in ms. */
const LOOK_MS = 3_000;

export const judge = (known: Known = {}): Promise<Report> =>
  withPicture(process.env.MONGODB_URI!, (picture) => recount(picture, known));

/** The oracle at work while everything is in motion. What is wrong then stays wrong, whatever becomes of it. */
export function lookIn(): { stop(): void; wrongs: Promise<string[]> } {
  const aborting = new AbortController();
  return { stop: () => aborting.abort(), wrongs: look(aborting.signal) };
}

async function look(signal: AbortSignal): Promise<string[]> {
  const wrongs = new Set<string>();
  while (!signal.aborted) {
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    const report = await judge().catch((error: Error) => {
      // MongoDB is one of those that are killed.
      if (!error.name.startsWith('Mongo')) throw error;
    });
    for (const wrong of report ? wrongsOf(report) : []) wrongs.add(`while in motion: ${wrong}`);
  }
  return [...wrongs];
}
