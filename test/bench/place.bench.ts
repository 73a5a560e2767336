import { assertDurable, bench, connect, say, sayNothingMore, sliceMsOf, type BenchReport } from './bench';
import { BareWay, CALLERS, SuiteWay } from './place.ways';
import { processTable, Usage, type ProcessRow } from './place.usage';
import { runRounds } from './rounds';
import { rowsOf, tableOf, type Row } from './table';

const ROUNDS = 3;
/** Code that runs for the first times is slow, in five processes of the suite as in two of the bare pipeline. */
const WARM_UP_MS = 10_000;

interface PlaceReport extends BenchReport {
  guarantees: string;
  rows: Row[];
  processes: ProcessRow[];
}

async function measure(): Promise<PlaceReport> {
  const sliceMs = sliceMsOf('10');
  const client = await connect();
  const guarantees = await assertDurable([client]);
  const [suite, bare] = [await SuiteWay.open(client), await BareWay.open(client)];
  const usage = new Usage();
  const rounds = { callers: CALLERS, rounds: ROUNDS, sliceMs, warmUpMs: WARM_UP_MS };
  try {
    const ways = [usage.watching(suite), bare];
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
