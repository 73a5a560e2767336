import { writeFile } from 'node:fs/promises';
import { Api } from './api.mjs';
import { keepRun, lastRun } from './history.mjs';
import { htmlOf } from './html.mjs';
import { linesOf } from './live.mjs';
import { helpText, readOptions } from './options.mjs';
import { hammer } from './placing.mjs';
import { Progress } from './progress.mjs';
import { makeReport } from './report.mjs';
import { countSold, readOrders, readStock, waitForTheEnd } from './settling.mjs';
import { clearProducts, makeCustomers, makeProducts, signInAdmin } from './stage.mjs';
import { Tally } from './tally.mjs';
import { reportText } from './text.mjs';
import { UsageError } from './usage-error.mjs';
import { judge } from './limits.mjs';

const SOLD_EVERY_MS = 2_000;

/** @returns the exit code: 0 all is well, 1 a limit was broken or something is wrong, 2 it could not run. */
export async function main(args) {
  const progress = new Progress();
  try {
    const options = readOptions(args);
    if (options.help) return (process.stdout.write(helpText()), 0);
    const last = await lastRun(options);
    const report = await run(options, progress);
    report.limits = judge(report, options.limits);
    await keepRun(report);
    if (options.html) await writeFile(options.html, await htmlOf(report, last));
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report, last));
    return report.wrongs.length > 0 || report.limits.some(({ held }) => !held) ? 1 : 0;
  } catch (error) {
    progress.say(error instanceof UsageError ? `${error.message}\n\nnpm run load -- --help` : explain(error));
    return 2;
  } finally {
    progress.stop();
  }
}

async function run(options, progress) {
  const api = new Api(options.url, options.connections, options.timeout);
  const stop = new AbortController();
  const interrupt = () => (progress.say('Stopping; what was accepted is still followed to its end.'), stop.abort());
  process.once('SIGINT', interrupt);
  try {
    progress.say(`Preparing ${options.users} customers at ${options.url} …`);
    const admin = await signInAdmin(api);
    const customers = await makeCustomers(api, admin, options);
    const products = await makeProducts(api, admin, options);

    const tally = new Tally();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(options.duration * 1_000)]);
    const pace = options.rate > 0 ? `${options.rate} each second` : `${options.connections} at once`;
    progress.say(`${options.orders} requests, ${pace} (${options.scenario}) …`);
    let sold = 0;
    const count = () => countSold(api, products).then((units) => (sold = units));
    const watch = setInterval(() => void count().catch(() => {}), SOLD_EVERY_MS);
    progress.follow((width) => linesOf({ tally, options, sold, width }));
    await hammer({ api, options, customers, products, tally, signal }).finally(() => clearInterval(watch));
    const placingMs = performance.now() - tally.begun;

    let pending = '…';
    progress.follow(() => [`Waiting for the last orders to end: ${pending} pending`]);
    const deadline = Date.now() + options.settle * 1_000;
    await waitForTheEnd({ api, customers, deadline, onProgress: (left) => (pending = left) });

    const orders = await readOrders(api, customers);
    const levels = await readStock(api, products);
    await clearProducts(api, admin, products);
    return makeReport({ options, tally, placingMs, orders, levels });
  } finally {
    process.off('SIGINT', interrupt);
    await api.close();
  }
}

function explain(error) {
  const refused = error.code === 'ECONNREFUSED' || error.cause?.code === 'ECONNREFUSED';
  return refused ? 'The suite does not answer there. Is it started (npm start)?' : `It could not run: ${error.message}`;
}
