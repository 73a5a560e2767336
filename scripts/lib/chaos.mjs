/** What a run of the chaos tests needs besides a suite: its seed, its form, and the table of what came of it. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './table.mjs';

/** Killed again and again, a process still comes back a second later. */
const BACKOFF_MS = [1_000];

/** One run of chaos: short within `npm test`, long by itself. */
export class Chaos {
  seed = process.env.CHAOS_SEED || String(Math.floor(Math.random() * 2 ** 31));

  /** @param {string} dataDir @param {{ long: boolean }} options */
  constructor(dataDir, { long }) {
    this.long = long;
    this.folder = join(dataDir, 'chaos');
    this.events = join(this.folder, 'events');
    this.rows = join(this.folder, 'rows');
    this.failpoints = join(this.folder, 'failpoints');
  }

  /** Begins anew. @returns how the supervisor is to behave */
  begin() {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    appendFileSync(this.events, '');
    const onEvent = (/** @type {string} */ text) => appendFileSync(this.events, `${text}\n`);
    return { backoffMs: BACKOFF_MS, onEvent };
  }

  /** For every process: as in production but for what would only make the tests wait. */
  get suiteEnvironment() {
    return {
      FAILPOINTS: this.failpoints,
      JWT_EXPIRATION: '12h',
      SANDBOX_MAX_MAILS: '100000',
      MAILS_PER_SECOND: '1000',
      // What a killed sender holds is free again soon; nothing is promised of how soon a mail comes.
      MAIL_TIMEOUT_MS: '2000',
      MAIL_LEASE_MS: '5000',
      MAIL_SWEEP_MS: '2000',
    };
  }

  /** For the tests. */
  get testEnvironment() {
    return {
      CHAOS_SEED: this.seed,
      CHAOS_FORM: this.long ? 'long' : 'short',
      CHAOS_ROWS: this.rows,
      CHAOS_EVENTS: this.events,
      FAILPOINTS: this.failpoints,
    };
  }

  get announcement() {
    return `Chaos, ${this.long ? 'the long form' : 'the short form'}; CHAOS_SEED=${this.seed} repeats it.`;
  }

  /** What came of it, a line for each row of docs/FAILURES.md. @returns {string} */
  get summary() {
    if (!existsSync(this.rows)) return '';
    const rows = readFileSync(this.rows, 'utf8')
      .trim()
      .split('\n')
      .map((line) => /** @type {Record<string, string | number | undefined>} */ (JSON.parse(line)));
    const seconds = (/** @type {unknown} */ ms) => (typeof ms === 'number' ? `${(ms / 1_000).toFixed(1)} s` : '');
    const cells = rows.map(({ row, answered, lost, doubled, retries, slowestMs, recoveredMs, verdict }) =>
      [row, answered, lost, doubled, retries, seconds(slowestMs), seconds(recoveredMs), verdict].map(
        (cell) => cell ?? '',
      ),
    );
    const heads = ['row', 'answered', 'lost', 'doubled', 'retries', 'slowest', 'quiet after', 'verdict'];
    return `\n${table([heads, ...cells], { right: [1, 2, 3, 4, 5, 6] })}\n\n${this.announcement}`;
  }
}
