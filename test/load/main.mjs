import { Api } from './api.mjs';
import { helpText, readOptions, UsageError } from './options.mjs';
import { placeOrders } from './placing.mjs';
import { Progress } from './progress.mjs';
import { makeReport, reportText } from './report.mjs';
import { countSold, readOrders, readStock, waitForTheEnd } from './settling.mjs';
import { clearProducts, makeCustomers, makeProducts, signInAdmin } from './stage.mjs';
import { Tally } from './tally.mjs';

/** @returns the exit code: 0 all is well, 1 something was oversold, lost or left pending, 2 it could not run. */
export async function main(args) {
  const progress = new Progress();
  try {
    const options = readOptions(args);
    if (options.help) return (process.stdout.write(helpText()), 0);
    const report = await run(options, progress);
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    return report.wrongs.length > 0 ? 1 : 0;
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
    const begun = performance.now();
    progress.say(`Placing ${options.orders} orders (${options.scenario}), ${options.connections} at once …`);
    let sold = 0;
    const watch = setInterval(
      () =>
        void countSold(api, products)
          .then((count) => (sold = count))
          .catch(() => {}),
      2_000,
    );
    progress.follow(() => placingLine(tally, options, performance.now() - begun, sold));
    await placeOrders({ api, options, customers, products, tally, signal }).finally(() => clearInterval(watch));
    const placingMs = performance.now() - begun;

    let pending = '…';
    progress.follow(() => `Waiting for the last orders to end: ${pending} pending`);
    const deadline = Date.now() + options.settle * 1_000;
    await waitForTheEnd({ api, customers, deadline, onProgress: (count) => (pending = count) });

    const orders = await readOrders(api, customers);
    const levels = await readStock(api, products);
    await clearProducts(api, admin, products);
    return makeReport({ options, tally, placingMs, orders, levels });
  } finally {
    process.off('SIGINT', interrupt);
    await api.close();
  }
}

function placingLine(tally, { orders }, ms, sold) {
  const { p50, p99 } = tally.acceptedIn.standard.summary() ?? tally.acceptedIn.vip.summary() ?? { p50: '–', p99: '–' };
  const share = Math.round(((tally.accepted.size + tally.refused) / orders) * 100);
  const rate = Math.round(tally.accepted.size / (ms / 1_000));
  return `${share} %  ${tally.accepted.size} accepted  ${rate}/s  p50 ${p50} ms  p99 ${p99} ms  ${sold} sold  ${tally.refused} refused  ${tally.repeated} repeated`;
}

function explain(error) {
  const refused = error.code === 'ECONNREFUSED' || error.cause?.code === 'ECONNREFUSED';
  return refused ? 'The suite does not answer there. Is it started (npm start)?' : `It could not run: ${error.message}`;
}
