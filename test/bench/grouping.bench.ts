import 'reflect-metadata';
import { assertDurable, bench, mongodbUri, say, sayNothingMore, type BenchReport } from './bench';
import { assertEqual, telling } from './grouping.facts';
import { BenchOrders } from './grouping.orders';
import type { Checked } from './reserve.baselines';
import { runRounds, type Way } from './rounds';
import { rowsOf, tableOf, type Row } from './table';

const CALLERS = 64;
/** So many facts at most are told at once: of a whole group of orders that were accepted together. */
const TELLERS = 256;
const ROUNDS = 5;
const SLICE_MS = 700;

interface GroupingReport extends BenchReport {
  guarantees: string;
  scenes: { scene: string; what: string; callers: number; ways: Row[] }[];
}

async function measure(): Promise<GroupingReport> {
  const [grouped, single, movedTogether, movedAlone] = await Promise.all(
    ['accepted-grouped', 'accepted-single', 'moved-grouped', 'moved-single'].map((name) =>
      BenchOrders.open(mongodbUri(), name),
    ),
  );
  const guarantees = await assertDurable([grouped.client, single.client]);
  const counted = (orders: BenchOrders) => async (expected: number) => assertEqual(await orders.count(), expected);
  const moved = (orders: BenchOrders) => async (expected: number) => assertEqual(await orders.moves(), expected);
  const report: GroupingReport = { guarantees, scenes: [], wrongs: [] };
  await measureScene(report, 'Accepting orders', 'orders', [
    { name: 'insertMany of what has gathered', once: grouped.accepting().grouped, verify: counted(grouped) },
    { name: 'each insert by itself', once: single.accepting().single, verify: counted(single) },
  ]);
  await measureScene(report, 'Moving orders', 'moves', [
    {
      name: 'bulkWrite of what has gathered',
      once: (await movedTogether.moving()).grouped,
      verify: moved(movedTogether),
    },
    { name: 'each update by itself', once: (await movedAlone.moving()).single, verify: moved(movedAlone) },
  ]);
  await measureScene(report, 'Telling facts', 'facts', await telling());
  await measureScene(report, 'Telling facts', 'facts', await telling(), TELLERS);
  sayNothingMore();
  return report;
}

async function measureScene(
  report: GroupingReport,
  scene: string,
  what: string,
  ways: (Way & Checked)[],
  callers = CALLERS,
) {
  const outcomes = await runRounds(ways, {
    ...{ callers, rounds: ROUNDS, sliceMs: SLICE_MS },
    onSlice: (way, round) => say(`${scene}, ${callers} callers, round ${round} of ${ROUNDS}`, `: ${way}`),
  });
  for (const [i, way] of ways.entries()) {
    await way.verify(outcomes[i].ok).catch(({ message }: Error) => report.wrongs.push(`${way.name}: ${message}`));
  }
  report.scenes.push({ scene, what, callers, ways: rowsOf(outcomes) });
}

const textOf = ({ guarantees, scenes, wrongs }: GroupingReport): string =>
  [
    ...scenes.map(({ scene, what, callers, ways }) => tableOf(`${scene}, ${callers} callers`, what, ways)),
    `${guarantees}. Rates: the median of ${ROUNDS} rounds; how much slower: the median of the rounds' own ratios.`,
    wrongs.length > 0 ? wrongs.map((wrong) => `WRONG: ${wrong}`).join('\n') : 'All of it is written down.',
    '',
  ].join('\n');

bench(measure, textOf);
