import { parseArgs } from 'node:util';
import { theAdmin } from '../support/builders';
import { times } from '../support/client';
import { suiteProcesses } from '../support/processes';
import { assertDurable, bench, connect, say, sayNothingMore, type BenchReport } from './bench';
import { BareWay, CALLERS, SuiteWay } from './place.ways';
import { memoryOf } from '../support/memory';
import { cpuMsOf } from './place.usage';
import { runRounds, type Way } from './rounds';
import { rowsOf, tableOf, type Row } from './table';

const ROUNDS = 3;

interface ProcessRow {
  name: string;
  /** CPU time in ms that an order cost here. */
  cpu: number;
  /** Resident, in MB, after the first round and at the end. */
  before: number;
  after: number;
}

interface PlaceReport extends BenchReport {
  guarantees: string;
  rows: Row[];
  processes: ProcessRow[];
}

const { seconds = '10', consoles = '0' } = parseArgs({
  options: { seconds: { type: 'string' }, consoles: { type: 'string' }, json: { type: 'boolean' } },
}).values;

async function measure(): Promise<PlaceReport> {
  const sliceMs = Number(seconds) * 1_000;
  if (!(sliceMs > 0)) throw new Error('--seconds is how long each is measured in each round');
  const client = await connect();
  const guarantees = await assertDurable([client]);
  const [suite, bare] = [await SuiteWay.open(client), await BareWay.open(client)];
  const usage = new Usage();
  const rounds = { callers: CALLERS, rounds: ROUNDS, sliceMs };
  try {
    const ways = [usage.watching(suite), bare, ...(consoles === '0' ? [] : [watched(suite, Number(consoles))])];
    const outcomes = await runRounds(ways, {
      ...rounds,
      onSlice: (way, round) => say(`Round ${round} of ${ROUNDS}`, `: ${way}`),
    });
    sayNothingMore();
    const wrongs: string[] = [];
    for (const way of [suite, bare]) {
      await way.verify().catch((error: Error) => wrongs.push(`${way.name}: ${error.message}`));
    }
    return { guarantees, rows: rowsOf(outcomes), processes: usage.rows(), wrongs };
  } finally {
    await Promise.all([suite.close(), bare.close(), client.close()]);
  }
}

/** The suite once more, while so many admins look at the console's flow: each asks for the picture every second. */
function watched(suite: SuiteWay, consoles: number): Way {
  let looking: NodeJS.Timeout[] | undefined;
  const look = async () => void (await (await theAdmin()).get('/admin/flow'));
  return {
    name: `watched at ${consoles} consoles`,
    once: (i) => {
      looking ??= times(consoles).map(() => setInterval(() => void look().catch(() => undefined), 1_000));
      return suite.once(i);
    },
    settled: async () => {
      await suite.settled();
      looking?.forEach(clearInterval);
      looking = undefined;
    },
    quiet: () => suite.quiet(),
  };
}

/** What each process of the suite used while the suite was measured. */
class Usage {
  private readonly processes = suiteProcesses();
  private readonly cpu = new Map<string, number>();
  private memory: number[] = [];
  private orders = 0;
  private before?: number[];

  watching(way: SuiteWay): Way {
    return {
      name: way.name,
      once: (i) => {
        this.before ??= this.processes.map(({ pid }) => cpuMsOf(pid));
        return way.once(i);
      },
      settled: () => way.settled(),
      quiet: () => {
        this.note(way);
        return way.quiet();
      },
    };
  }

  rows(): ProcessRow[] {
    return this.processes.map(({ label, pid }, i) => ({
      name: label,
      cpu: (this.cpu.get(label) ?? 0) / this.orders,
      before: this.memory[i],
      after: memoryOf(pid),
    }));
  }

  private note(way: SuiteWay): void {
    this.processes.forEach(({ label, pid }, i) => {
      this.cpu.set(label, (this.cpu.get(label) ?? 0) + cpuMsOf(pid) - this.before![i]);
    });
    this.before = undefined;
    this.orders = way.accepted;
    if (this.memory.length === 0) this.memory = this.processes.map(({ pid }) => memoryOf(pid));
  }
}

function processTable(processes: ProcessRow[]): string {
  const width = Math.max(...processes.map(({ name }) => name.length)) + 2;
  const lines = processes.map(
    ({ name, cpu, before, after }) =>
      `  ${name.padEnd(width)}${cpu.toFixed(3).padStart(12)}${before.toFixed(0).padStart(12)}${after.toFixed(0).padStart(12)}`,
  );
  const sum = processes.reduce((all, { cpu }) => all + cpu, 0);
  const heads = ['CPU ms/order', 'MB before', 'MB after'].map((head) => head.padStart(12)).join('');
  return [`  ${''.padEnd(width)}${heads}`, ...lines, `  ${'all'.padEnd(width)}${sum.toFixed(3).padStart(12)}`].join(
    '\n',
  );
}

const textOf = ({ guarantees, rows, processes, wrongs }: PlaceReport): string =>
  [
    tableOf(`Accepted and confirmed, one hot product, ${CALLERS} connections`, 'orders', rows),
    processTable(processes),
    '',
    `${guarantees}. Rates: the median of ${ROUNDS} rounds, until the last order was confirmed; p50 and p99 of accepting.`,
    wrongs.length > 0
      ? wrongs.map((wrong) => `WRONG: ${wrong}`).join('\n')
      : 'Every accepted order was confirmed, and took one unit.',
    '',
  ].join('\n');

bench(measure, textOf);
