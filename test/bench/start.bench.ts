import { randomUUID } from 'node:crypto';
import { times } from '../support/client';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { bench, mongodbUri, say, sayNothingMore, type BenchReport } from './bench';
import { median } from './rounds';
import { nest, plain, Started, suite, type Kind } from './start.processes';

const ROUNDS = 5;
const WHOLE_ROUNDS = 3;

interface StartRow {
  name: string;
  /** From exec to ready, and CPU until then: medians of the rounds, in ms. */
  ms: number;
  cpuMs: number;
  /** How many times as long as the baseline: the median of the rounds' own ratios. */
  ratio: number;
}

interface StartReport extends BenchReport {
  single: StartRow[];
  whole: StartRow[];
}

interface Taken {
  ms: number;
  cpuMs: number;
}

/** Ways of starting something, which ends again, in turns, so that what else the machine has to do hits all alike. */
async function inTurns(ways: Map<string, () => Promise<Taken>>, rounds: number, baseline: string): Promise<StartRow[]> {
  const taken = new Map([...ways.keys()].map((name) => [name, [] as Taken[]]));
  for (let round = 1; round <= rounds; round++) {
    for (const [name, start] of ways) {
      say(`Round ${round} of ${rounds}`, `: ${name}`);
      taken.get(name)!.push(await start());
    }
  }
  const compared = taken.get(baseline)!;
  return [...taken].map(([name, starts]) => ({
    name,
    ms: Math.round(median(starts.map(({ ms }) => ms))),
    cpuMs: Math.round(median(starts.map(({ cpuMs }) => cpuMs))),
    ratio: Math.round(100 * median(starts.map(({ ms }, round) => ms / compared[round].ms))) / 100,
  }));
}

async function alone(kind: Kind): Promise<Taken> {
  const started = await Started.process(kind, { PORT: String(await freePort()) });
  await started.stop();
  return started;
}

/** All at once, as a launcher starts them, until the last is ready; and, with a gateway, until it says so of the whole. */
async function together(kinds: Kind[], environment: NodeJS.ProcessEnv = {}): Promise<Taken> {
  const port = await freePort();
  const begun = performance.now();
  const started = await Promise.all(kinds.map((kind) => Started.process(kind, { ...environment, PORT: String(port) })));
  if (kinds.some(({ name }) => name === 'gateway'))
    await eventually(() => assertReady(port), { timeoutMs: 60_000, everyMs: 20 });
  const ms = performance.now() - begun;
  await Promise.all(started.map((one) => one.stop()));
  return { ms, cpuMs: started.reduce((sum, { cpuMs }) => sum + cpuMs, 0) };
}

/** Databases that nobody has used: collections and indexes have to be made, users and migrations written down. */
function unused(): NodeJS.ProcessEnv {
  const uri = new URL(mongodbUri());
  uri.pathname = `/start-${randomUUID().slice(0, 8)}-`;
  return { MONGODB_URI: uri.href };
}

async function assertReady(port: number): Promise<void> {
  const { status } = await fetch(`http://127.0.0.1:${port}/health/ready`);
  if (status !== 200) throw new Error(`The gateway answers ${status}`);
}

async function measure(): Promise<StartReport> {
  say('One start to warm up');
  await together(suite);
  const kinds = [nest, plain, ...suite];
  const single = await inTurns(new Map(kinds.map((kind) => [kind.name, () => alone(kind)])), ROUNDS, nest.name);
  const crowd = `${suite.length} bare Nest microservices`;
  const whole = await inTurns(
    new Map([
      [crowd, () => together(times(suite.length).map(() => nest))],
      [`the suite: ${suite.length} processes`, () => together(suite)],
      ['the same on databases that nobody has used', () => together(suite, unused())],
    ]),
    WHOLE_ROUNDS,
    crowd,
  );
  sayNothingMore();
  return { single, whole, wrongs: [] };
}

function textOf({ single, whole }: StartReport): string {
  const all = [...single, ...whole];
  const width = Math.max(...all.map(({ name }) => name.length)) + 2;
  const cells = (values: (string | number)[]) =>
    values.map((value) => value.toLocaleString('en').padStart(11)).join('');
  const lines = (rows: StartRow[]) =>
    rows.map(({ name, ms, cpuMs, ratio }, i) =>
      `  ${name.padEnd(width)}${cells([ms, cpuMs, i === 0 ? '' : `${ratio.toFixed(2)} ×`])}`.trimEnd(),
    );
  const heading = `  ${''.padEnd(width)}${cells(['ms', 'CPU ms', 'longer'])}`;
  return [
    '',
    'One process at a time, from exec until it is ready (its stores connected, its indexes there)',
    heading,
    ...lines(single),
    '',
    'All at once, until the gateway says that the whole is ready',
    heading,
    ...lines(whole),
    '',
  ].join('\n');
}

bench(measure, textOf);
