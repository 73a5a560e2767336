import { setTimeout as pause } from 'node:timers/promises';
import { Chaos } from '../../scripts/lib/chaos.mjs';
import { booksOf } from '../../scripts/lib/oracle/books.mjs';
import { withPicture } from '../../scripts/lib/oracle/database.mjs';
import { recount } from '../../scripts/lib/oracle/recount.mjs';
import { OwnSuite } from '../../scripts/lib/own-suite.mjs';
import { runSteps } from '../../scripts/lib/steps.mjs';
import { Api } from '../load/api.mjs';
import { makeCustomers, makeProducts, signInAdmin } from '../load/stage.mjs';
import { UsageError } from '../load/usage-error.mjs';
import { certify, textOf, write } from './certificate.mjs';
import { killInTurn } from './kills.mjs';
import { helpText, readOptions } from './options.mjs';
import { sell } from './sale.mjs';

const CUSTOMERS = 20;
const VIPS = 0.1;
const CONNECTIONS = 256;
const TIMEOUT_MS = 10_000;
/** So long what the sale began may take to its end; looked at so often. */
const SETTLING_MS = 120_000;
const LOOK_MS = 1_000;

/** @returns the exit code: 0 signed, 1 refused, 2 it could not run. */
export async function main(args) {
  try {
    const options = readOptions(args);
    if (options.help) return (process.stdout.write(helpText()), 0);
    const certificate = await prove(options);
    const files = await write(certificate, options.out);
    console.log(textOf(certificate, files));
    return certificate.signed ? 0 : 1;
  } catch (error) {
    console.error(error instanceof UsageError ? `${error.message}\n\nnpm run prove -- --help` : error);
    return 2;
  }
}

async function prove(options) {
  process.env.REPLICAS = '2';
  const own = await OwnSuite.claim('prove', { what: 'A proof', onEvent: () => {}, backoffMs: [500] });
  try {
    const run = { options };
    await runSteps([
      { title: 'MongoDB', run: () => own.startMongodb() },
      { title: 'Redis', run: () => own.startRedis() },
      { title: 'Two replicas of everything', run: () => own.startSuite(ofChaos(own)) },
      { title: 'Customers and a product', run: () => prepare(run, own) },
      { title: `${options.buyers} buyers, ${options.units} units, and kills`, run: () => hold(run, own) },
      { title: 'The oracle recounts', run: () => judge(run, own) },
    ]);
    return certify(run);
  } finally {
    await own.end();
  }
}

/** As in production but for what would only make it take longer. */
function ofChaos({ settings }) {
  return { ...new Chaos(settings.dataDir, { long: false }).suiteEnvironment, FAILPOINTS: undefined };
}

async function prepare(run, { environment }) {
  run.api = new Api(environment.BASE_URL, CONNECTIONS, TIMEOUT_MS);
  const admin = await signInAdmin(run.api);
  run.customers = await makeCustomers(run.api, admin, { users: CUSTOMERS, vip: VIPS });
  [run.product] = await makeProducts(run.api, admin, { scenario: 'flash-sale', stock: run.options.units });
}

async function hold(run, { supervisor }) {
  const { options, api, customers, product } = run;
  run.begun = performance.now();
  const killer = killInTurn({ supervisor, seed: options.seed, everyMs: options['kill-every'] });
  run.sale = await sell({ api, options, customers, product });
  await killer.stop();
  run.kills = killer.kills;
  return `${run.kills.length} processes killed, ${run.sale.asked} requests`;
}

/** Again and again, until everything adds up or the time is over. */
async function judge(run, { environment }) {
  const answered = run.sale.answers.filter(({ orderId }) => orderId);
  const look = async () => {
    const [books, inbox] = await Promise.all([booksOf(environment.SANDBOX_URL), inboxOf(environment.SANDBOX_URL)]);
    const known = { quiet: true, answered, books, inbox };
    return withPicture(environment.MONGODB_URI, (picture) => recount(picture, known));
  };
  const until = Date.now() + SETTLING_MS;
  do {
    run.report = await look().catch((error) => {
      if (Date.now() > until) throw error;
    });
    if (run.report?.sound) break;
    await pause(LOOK_MS);
  } while (Date.now() < until);
  const { data } = await run.api.need('GET', `/stock/products-with-stock/${run.product.id}`);
  run.left = data.stock;
  await run.api.close();
  return run.report.sound ? 'everything adds up' : 'something is wrong';
}

async function inboxOf(sandboxUrl) {
  const answer = await fetch(`${sandboxUrl}/api/mails`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return (await answer.json()).data;
}
