/** `npm run import -- products.csv`: brings a list of products into the running suite (BASE_URL), as an admin would. */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, messageOf, report } from './lib/failure.mjs';
import { importFile } from './lib/importing.mjs';
import { loadEnvFile, readSettings } from './lib/settings.mjs';
import { shopUrl } from './lib/shop.mjs';
import { table } from './lib/table.mjs';

const USAGE = `npm run import -- <file> [--dry-run] [--delimiter=";"]

  <file>       .csv with a header, .json (one array of objects), or .ndjson (one object a line); UTF-8
  --dry-run    say what would be done, and do nothing
  --delimiter  what is between the cells of a CSV file; a comma unless given

  Columns, or properties: sku, name, description, category, imageUrl, price, initialStock, lowStockThreshold.
  Rows are known by their sku. A new one needs name and price; of one that is there, what a row does not say (an empty
  cell says nothing) stays as it is, and initialStock is left alone: goods come in by a receipt.
  It logs in as ADMIN_EMAIL with ADMIN_PASSWORD. Exit code 1: some rows failed; each is named with its line.`;

/** Of the demo, outside production. */
const DEMO = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'admin123' };

/** @param {string[]} args */
async function main(args) {
  const { values, positionals } = options(args);
  if (values.help) return console.log(USAGE);
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new Failure('Which file is to be imported?', `\n${USAGE}`);
  if (values.delimiter.length !== 1) throw new Failure('A delimiter is one character.', 'for example --delimiter=";"');
  loadEnvFile();
  const { mode, ports } = readSettings();
  const { ADMIN_EMAIL, ADMIN_PASSWORD } = { ...(mode !== 'production' && DEMO), ...given(process.env) };
  if (!ADMIN_EMAIL || !ADMIN_PASSWORD)
    throw new Failure('Nobody is named to log in as.', 'set ADMIN_EMAIL and ADMIN_PASSWORD');
  const dryRun = values['dry-run'];
  const progress = new Progress();
  const tally = await importFile({
    file,
    url: shopUrl(ports.NGINX_PORT),
    admin: { email: ADMIN_EMAIL, password: ADMIN_PASSWORD },
    dryRun,
    delimiter: values.delimiter,
    onFailure: ({ line, sku, code, detail }) =>
      progress.say(console.error, `✖ line ${line}${sku === undefined ? '' : ` (${sku})`}: ${code}: ${detail}`),
    onProgress: (now) => progress.show(now),
    onWait: (text) => progress.say(console.error, `… ${text}`),
  });
  progress.clear();
  console.log(summary(basename(file), tally, dryRun));
  if (tally.failed > 0) process.exitCode = 1;
}

/** @param {string[]} args */
function options(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        delimiter: { type: 'string', default: ',' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new Failure(messageOf(error), `\n${USAGE}`);
  }
}

/** @param {NodeJS.ProcessEnv} env @returns {NodeJS.ProcessEnv} without what is empty, which is how shells say "not set" */
const given = (env) => Object.fromEntries(Object.entries(env).filter(([, value]) => value));

/** @typedef {import('./lib/importing.mjs').Tally} Tally */

/** @param {string} name @param {Tally} tally @param {boolean} dryRun */
function summary(name, tally, dryRun) {
  const rows = Object.values(tally).reduce((sum, count) => sum + count, 0);
  const counts = Object.entries({ rows, ...tally }).map(([what, count]) => [what, count.toLocaleString('en')]);
  const title = `${tally.failed > 0 ? '✖' : '✔'} ${name}${dryRun ? ' (dry run: nothing was done)' : ''}`;
  return `${title}\n${table(counts, { right: [1] })}`;
}

/** One line that is written over on a terminal; elsewhere a line every so many rows. */
class Progress {
  static EVERY = 10_000;
  next = Progress.EVERY;

  /** @param {Tally} tally */
  show(tally) {
    const rows = Object.values(tally).reduce((sum, count) => sum + count, 0);
    const text = `  ${rows.toLocaleString('en')} rows, ${tally.failed.toLocaleString('en')} failed`;
    if (process.stdout.isTTY) process.stdout.write(`\r${text}`);
    else if (rows >= this.next) {
      console.log(text);
      this.next = rows - (rows % Progress.EVERY) + Progress.EVERY;
    }
  }

  /** @param {(line: string) => void} print @param {string} line */
  say(print, line) {
    this.clear();
    print(line);
  }

  clear() {
    if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
  }
}

try {
  await main(process.argv.slice(process.argv[2] === 'import' ? 3 : 2));
} catch (error) {
  report(error);
  process.exitCode = 1;
}
