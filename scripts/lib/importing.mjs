import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { csvRows } from './csv-rows.mjs';
import { Failure } from './failure.mjs';
import { jsonRows, ndjsonRows } from './json-rows.mjs';
import { refusal, request } from './shop.mjs';

/** What one request may carry: the API takes 500 rows and 256 KiB. */
const MAX_ROWS = 500;
const MAX_BYTES = 200 * 1_024;
/** How often a step is tried that the shop could not take just now; the pauses grow to half a minute. */
const MAX_TRIES = 12;
const LONGEST_PAUSE_S = 30;
const PASSING = [429, 502, 503, 504];
const REFUSED = [400, 413, 422];

/** @typedef {import('./csv-rows.mjs').Row} Row */
/** @typedef {Required<Pick<Row, 'line' | 'row'>>} GoodRow */
/**
 * @typedef {object} RowFailure
 * @property {number} line
 * @property {string} [sku]
 * @property {string} code MALFORMED_ROW, or one of the API's
 * @property {string} detail
 */
/** @typedef {Record<'created' | 'updated' | 'unchanged' | 'failed', number>} Tally */
/**
 * @typedef {object} Import
 * @property {string} file .csv, .json (one array) or .ndjson
 * @property {string} url
 * @property {{ email: string, password: string }} admin
 * @property {boolean} dryRun
 * @property {string} delimiter of CSV
 * @property {(failure: RowFailure) => void} onFailure
 * @property {(tally: Tally) => void} onProgress
 * @property {(text: string) => void} onWait
 */

/**
 * Sends a file of products to the shop, step by step and never more of it in memory than one step. Rows that fail are
 * told of; the others go on. May be repeated, also after it was interrupted: rows are known by their sku.
 * @param {Import} options
 * @returns {Promise<Tally>}
 * @throws {Failure} when it cannot go on at all
 */
export async function importFile(options) {
  const importer = new Importer(options);
  /** @type {GoodRow[]} */
  let step = [];
  let bytes = 0;
  for await (const { line, row, malformed } of rowsOf(options)) {
    if (!row) {
      importer.fail({ line, code: 'MALFORMED_ROW', detail: malformed ?? '' });
      continue;
    }
    const size = Buffer.byteLength(JSON.stringify(row));
    if (step.length === MAX_ROWS || (step.length > 0 && bytes + size > MAX_BYTES)) {
      await importer.send(step);
      [step, bytes] = [[], 0];
    }
    step.push({ line, row });
    bytes += size;
  }
  if (step.length > 0) await importer.send(step);
  return importer.tally;
}

/** @param {Import} options */
function rowsOf({ file, delimiter }) {
  switch (extname(file).toLowerCase()) {
    case '.csv':
      return csvRows(file, delimiter);
    case '.json':
      return jsonRows(file);
    case '.ndjson':
    case '.jsonl':
      return ndjsonRows(file);
    default:
      throw new Failure(`It is not known how to read ${file}.`, 'its name must end in .csv, .json or .ndjson');
  }
}

class Importer {
  /** @type {Tally} */ tally = { created: 0, updated: 0, unchanged: 0, failed: 0 };
  /** @type {string | undefined} */ token;

  /** @param {Import} options */
  constructor(options) {
    this.options = options;
  }

  /** @param {RowFailure} failure */
  fail(failure) {
    this.tally.failed++;
    this.options.onFailure(failure);
  }

  /** @param {GoodRow[]} step */
  async send(step) {
    await this.sendOrHalve(step);
    this.options.onProgress(this.tally);
  }

  /** What is refused as a whole is tried in halves, down to the row that is at fault. @param {GoodRow[]} step */
  async sendOrHalve(step) {
    const answer = await this.post(step);
    if (answer.ok) return this.note(step, answer.body.data.rows);
    if (!REFUSED.includes(answer.status)) throw refusal('POST', '/products/import', answer);
    if (step.length === 1) return this.fail(failureOf(step[0], answer.body));
    const half = Math.ceil(step.length / 2);
    await this.sendOrHalve(step.slice(0, half));
    await this.sendOrHalve(step.slice(half));
  }

  /** @param {GoodRow[]} step @param {{ outcome: keyof Tally, code: string, errors?: FieldError[] }[]} outcomes */
  note(step, outcomes) {
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.outcome === 'failed') this.fail(failureOf(step[i], outcome));
      else this.tally[outcome.outcome]++;
    }
  }

  /** Again while the shop cannot take it just now, or the token has become too old. @param {GoodRow[]} step */
  async post(step) {
    const body = { rows: step.map(({ row }) => row), dryRun: this.options.dryRun };
    for (let tries = 1; ; tries++) {
      this.token ??= await this.login();
      const answer = await request(this.options.url, 'POST', '/products/import', { token: this.token, body });
      const passing = PASSING.includes(answer.status);
      if ((answer.status !== 401 && !passing) || tries === MAX_TRIES) return answer;
      if (passing) await this.wait(answer, tries);
      else this.token = undefined;
    }
  }

  /** @param {import('./shop.mjs').Answer} answer @param {number} tries */
  async wait({ status, body, retryAfter }, tries) {
    const seconds = retryAfter ?? Math.min(2 ** (tries - 1), LONGEST_PAUSE_S);
    this.options.onWait(`the shop says ${body.code ?? status}; going on in ${seconds} s`);
    await pause(seconds * 1_000);
  }

  async login() {
    const { url, admin } = this.options;
    const answer = await request(url, 'POST', '/auth/login', { body: admin });
    if (answer.ok) return answer.body.token;
    if (answer.status !== 401) throw refusal('POST', '/auth/login', answer);
    throw new Failure(
      `${admin.email} cannot log in at ${url}.`,
      'set ADMIN_EMAIL and ADMIN_PASSWORD to those of an admin',
    );
  }
}

/** @typedef {{ path: string, message: string }} FieldError */

/** @param {GoodRow} row @param {{ code: string, detail?: string, errors?: FieldError[] }} said @returns {RowFailure} */
function failureOf({ line, row }, { code, detail = '', errors = [] }) {
  const { sku } = /** @type {{ sku?: unknown }} */ (row);
  const reasons = errors.map(({ message }) => message).join('; ');
  return { line, ...(typeof sku === 'string' && { sku }), code, detail: reasons || detail };
}
