import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { theAdmin } from '../support/builders';
import { openBrowser } from '../support/chromium';
import { Operator } from '../support/operator';
import { assertDurable, bench, connect, say, sayNothingMore, sliceMsOf, type BenchReport } from './bench';
import { Usage } from './place.usage';
import { CALLERS, SuiteWay } from './place.ways';
import { median, runRounds, type Outcome, type Way } from './rounds';
import { rowsOf, tableOf, type Row } from './table';

/** So many of each, in turns: what is looked for is smaller than what a busy machine does to one round. */
const ROUNDS = 12;
/** Of the rounds' own ratios in order, these two enclose the true median with 96 % (binomial, n = 12). */
const BETWEEN = [2, 9];
const CONSOLES = 2;

interface ConsoleReport extends BenchReport {
  rows: Row[];
  /** By how many percent fewer orders a second went through while somebody watched, and between which bounds that is. */
  slower: number;
  bounds: number[];
  /** CPU time in ms that an order cost in all processes of the suite: alone, and watched. */
  cpu: number[];
}

async function measure(): Promise<ConsoleReport> {
  const sliceMs = sliceMsOf('8');
  const client = await connect();
  await assertDurable([client]);
  const suite = await SuiteWay.open(client);
  const patient = patientChromium();
  const browsers = await Promise.all(Array.from({ length: CONSOLES }, () => openBrowser(patient.path)));
  try {
    const onSlice = (way: string, round: number) => say(`Round ${round} of ${ROUNDS}`, `: ${way}`);
    const usages = [new Usage(), new Usage()];
    const ways = [suite, await watched(suite, browsers)].map((way, i) => usages[i].watching(way));
    const outcomes = await runRounds(ways, { callers: CALLERS, rounds: ROUNDS, sliceMs, onSlice });
    sayNothingMore();
    const wrongs: string[] = [];
    await suite.verify().catch((error: Error) => wrongs.push(error.message));
    return { rows: rowsOf(outcomes), ...comparisonOf(outcomes), cpu: usages.map(cpuOf), wrongs };
  } finally {
    await Promise.all([...browsers.map((browser) => browser.close()), suite.close(), client.close()]);
    patient.remove();
  }
}

/** The suite once more, while admins have the console's flow before them, each in a browser of their own. */
async function watched(suite: SuiteWay, browsers: Browser[]): Promise<Way> {
  const admin = await theAdmin();
  const operators = await Promise.all(browsers.map((browser) => Operator.arrive(browser)));
  await Promise.all(operators.map((operator) => operator.logIn(admin)));
  const all = (url: string) => Promise.all(operators.map(({ page }) => page.goto(url)));
  await all('about:blank');
  return {
    name: `watched in ${browsers.length} browsers`,
    begin: async () => {
      await all(`${process.env.BASE_URL}/admin`);
      await Promise.all(operators.map((operator) => operator.sees('live')));
    },
    once: (i) => suite.once(i),
    settled: () => suite.settled(),
    quiet: async () => {
      await all('about:blank');
      await suite.quiet();
    },
  };
}

const cpuOf = (usage: Usage): number => usage.rows().reduce((sum, { cpu }) => sum + cpu, 0);

/**
 * Browsers draw on machines of their own; here they take what time the suite leaves. Where Linux groups processes by their
 * session, niceness counts within the group, and the group has one of its own: sched(7), "The autogroup feature".
 */
function patientChromium() {
  const folder = mkdtempSync(join(tmpdir(), 'order-suite-'));
  const path = join(folder, 'chromium');
  const group = '[ -w /proc/self/autogroup ] && echo 19 > /proc/self/autogroup';
  const script = ['#!/bin/sh', group, `exec nice -n 19 '${process.env.CHROMIUM_BIN}' "$@"`, ''];
  writeFileSync(path, script.join('\n'), { mode: 0o755 });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function comparisonOf([alone, beside]: Outcome[]): Pick<ConsoleReport, 'slower' | 'bounds'> {
  const slower = beside.rates.map((rate, round) => percent(1 - rate / alone.rates[round])).sort((a, b) => a - b);
  return { slower: median(slower), bounds: BETWEEN.map((rank) => slower[rank]) };
}

const percent = (share: number): number => Math.round(share * 1_000) / 10;

const textOf = ({ rows, slower, bounds, cpu, wrongs }: ConsoleReport): string =>
  [
    tableOf(`Accepted and confirmed, one hot product, ${CALLERS} connections`, 'orders', rows),
    `  Watched, ${slower} % fewer: the median of ${ROUNDS} rounds, which lies between ${bounds.join(' and ')} % (96 %).`,
    `  An order cost ${cpu.map((ms) => ms.toFixed(2)).join(' ms CPU, and watched ')} ms, in all processes of the suite.`,
    ...wrongs.map((wrong) => `WRONG: ${wrong}`),
    '',
  ].join('\n');

bench(measure, textOf);
