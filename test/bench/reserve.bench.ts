import 'reflect-metadata';
import type { MongoClient } from 'mongodb';
import { assertDurable, bench, connect, mongodbUri, say, sayNothingMore, type BenchReport } from './bench';
import { baselines } from './reserve.baselines';
import { LedgerWay } from './reserve.ledger';
import { runRounds } from './rounds';
import { rowsOf, tableOf, type Row } from './table';

const CALLERS = 64;
const ROUNDS = 4;
const SLICE_MS = 1_000;

const SCENES = [
  { name: 'One hot product', products: 1 },
  { name: '200 products', products: 200 },
];

interface SceneReport {
  scene: string;
  products: number;
  callers: number;
  ways: Row[];
}

interface ReserveReport extends BenchReport {
  guarantees: string;
  scenes: SceneReport[];
}

async function measure(): Promise<ReserveReport> {
  const client = await connect();
  const ledger = new LedgerWay(mongodbUri());
  await ledger.start();
  const guarantees = await assertDurable([client, ledger.client]);
  say(`${guarantees}; ${CALLERS} callers, ${ROUNDS} rounds of ${SLICE_MS} ms each`);
  const wrongs: string[] = [];
  const scenes: SceneReport[] = [];
  for (const { name, products } of SCENES) scenes.push(await measureScene(name, products, { client, ledger, wrongs }));
  sayNothingMore();
  return { guarantees, scenes, wrongs };
}

async function measureScene(
  scene: string,
  products: number,
  { client, ledger, wrongs }: { client: MongoClient; ledger: LedgerWay; wrongs: string[] },
): Promise<SceneReport> {
  await ledger.stockUp(products);
  const ways = [ledger, ...(await baselines(client, products))];
  const outcomes = await runRounds(ways, {
    ...{ callers: CALLERS, rounds: ROUNDS, sliceMs: SLICE_MS },
    onSlice: (way, round) => say(`${scene}, round ${round} of ${ROUNDS}`, `: ${way}`),
  });
  for (const [i, way] of ways.entries()) {
    await way.verify(outcomes[i].ok).catch((error: Error) => wrongs.push(`${scene}, ${way.name}: ${error.message}`));
  }
  return { scene, products, callers: CALLERS, ways: rowsOf(outcomes) };
}

const textOf = ({ guarantees, scenes, wrongs }: ReserveReport): string =>
  [
    ...scenes.map(({ scene, callers, ways }) => tableOf(`${scene}, ${callers} callers`, 'orders', ways)),
    `${guarantees}. Rates: the median of ${ROUNDS} rounds; how much slower: the median of the rounds' own ratios.`,
    wrongs.length > 0 ? wrongs.map((wrong) => `WRONG: ${wrong}`).join('\n') : 'All counters add up.',
    '',
  ].join('\n');

bench(measure, textOf);
