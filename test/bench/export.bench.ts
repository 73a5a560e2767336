import 'reflect-metadata';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { parseArgs } from 'node:util';
import { Types } from 'mongoose';
import type { OrderRecord } from '../../apps/orders/src/order.schema';
import { GatewayProcess, makeToken } from '../support/gateways';
import { growthOf, memoryOf } from '../support/memory';
import { OrderSuite } from '../support/orders';
import { bench, say, sayNothingMore, type BenchReport } from './bench';
import { placeMany } from './reads.shop';

/** What the export promises, in ms and MB. */
const FIRST_BYTE_MS = 300;
const MOST_MB = 150;
/** How often a file is begun, to know how long its first byte takes. */
const BEGINNINGS = 50;
const HOLD_BACK_MS = 3_000;

interface ExportReport extends BenchReport {
  orders: number;
  /** Of the whole file. */
  megabytes: number;
  seconds: number;
  firstByte: { first: number; p50: number; most: number };
  processes: { name: string; idle: number; grown: number; grownForSlowReader: number }[];
}

const { orders: given } = parseArgs({ options: { orders: { type: 'string' }, json: { type: 'boolean' } } }).values;

/** Two replicas of orders and a gateway, in front of many orders; the client is this process. */
async function measure(): Promise<ExportReport> {
  const size = Number(given ?? 200_000);
  if (!Number.isInteger(size) || size < 1_000) throw new Error('--orders is a whole number from 1,000 on');
  const suite = await OrderSuite.start('orders', 'orders');
  const gateway = await GatewayProcess.start(suite.wires);
  try {
    const many = { size, latest: Date.now(), user: new Types.ObjectId() };
    await placeMany(suite.wires.database('orders').collection<OrderRecord>('orders'), many);
    const pids = [gateway.service, ...suite.services].map((service) => service.process.pid!);
    const file = new CsvFile(gateway.origin);
    say('Beginning files');
    const first = await file.begin();
    const beginnings: number[] = [];
    for (let i = 0; i < BEGINNINGS; i++) beginnings.push(await file.begin());
    beginnings.sort((a, b) => a - b);
    const idle = pids.map(memoryOf);
    say('Reading the whole file');
    const { result, grown } = await growthOf(pids, () => file.read());
    say('Reading it slowly');
    const slow = await growthOf(pids, () => file.read({ holdBackMs: HOLD_BACK_MS }));
    sayNothingMore();
    const firstByte = { first, p50: beginnings[BEGINNINGS >> 1], most: beginnings.at(-1)! };
    const processes = ['gateway', 'orders', 'orders'].map((name, i) => ({
      name,
      idle: idle[i],
      grown: grown[i],
      grownForSlowReader: slow.grown[i],
    }));
    const { lines, megabytes, seconds } = result;
    const wrongs = wrongsOf(lines - 1, size, firstByte.p50, processes);
    return { orders: size, megabytes, seconds, firstByte, processes, wrongs };
  } finally {
    await gateway.stop();
    await suite.stop();
  }
}

function wrongsOf(rows: number, size: number, firstByte: number, processes: ExportReport['processes']): string[] {
  const wrongs = rows === size ? [] : [`${rows} rows of ${size} orders`];
  if (firstByte > FIRST_BYTE_MS) wrongs.push(`a first byte takes ${Math.round(firstByte)} ms`);
  for (const { name, grown, grownForSlowReader } of processes) {
    const most = Math.max(grown, grownForSlowReader);
    if (most > MOST_MB) wrongs.push(`${name} grew by ${Math.round(most)} MB`);
  }
  return wrongs;
}

/** The file of all orders, as an admin's program reads it. */
class CsvFile {
  private readonly headers = { authorization: `Bearer ${makeToken({ role: 'admin' })}` };

  constructor(private readonly origin: string) {}

  /** @returns after how many ms its first bytes were there; the rest is not read. */
  async begin(): Promise<number> {
    const began = performance.now();
    const answer = await this.open();
    await once(answer, 'data');
    const ms = performance.now() - began;
    answer.destroy();
    return ms;
  }

  /** Holding back: not reading for so long, after the first bytes. */
  async read({ holdBackMs = 0 } = {}): Promise<{ lines: number; megabytes: number; seconds: number }> {
    const began = performance.now();
    const answer = await this.open();
    let [lines, bytes, held] = [0, 0, false];
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      for (const byte of chunk) if (byte === 10) lines++;
      if (holdBackMs > 0 && !held) held = await new Promise((resolve) => setTimeout(resolve, holdBackMs, true));
    }
    return { lines, megabytes: bytes / 1_048_576, seconds: (performance.now() - began) / 1_000 };
  }

  private async open(): Promise<IncomingMessage> {
    const sent = request(`${this.origin}/admin/orders/export.csv`, { headers: this.headers, agent: false }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    if (answer.statusCode !== 200) throw new Error(`The export was answered with ${answer.statusCode}`);
    return answer;
  }
}

function textOf({ orders, megabytes, seconds, firstByte, processes, wrongs }: ExportReport): string {
  const { first, p50, most } = firstByte;
  const row = ({ name, idle, grown, grownForSlowReader }: ExportReport['processes'][number]) =>
    `  ${name.padEnd(22)}${[idle, grown, grownForSlowReader].map((value) => figure(value).padStart(8)).join('')}`;
  return [
    '',
    `A file of ${orders.toLocaleString('en')} orders: ${megabytes.toFixed(1)} MB in ${seconds.toFixed(1)} s`,
    `First byte: ${figure(p50)} ms in the median, ${figure(most)} ms at most, ${figure(first)} ms the very first time`,
    '',
    `  ${'MB'.padEnd(22)}    idle    more    more for a reader that holds back`,
    ...processes.map(row),
    '',
    wrongs.length > 0
      ? wrongs.map((wrong) => `WRONG: ${wrong}`).join('\n')
      : 'It has every order, and keeps its promises.',
    '',
  ].join('\n');
}

const figure = (value: number): string => value.toFixed(0);

bench(measure, textOf);
