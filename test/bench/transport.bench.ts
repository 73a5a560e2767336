import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { Bus, PlatformModule } from '@suite/platform';
import { firstValueFrom } from 'rxjs';
import { Service } from '../support/service';
import { bench, say, sayNothingMore, type BenchReport } from './bench';
import { runRounds, type Way } from './rounds';
import { rowsOf, tableOf, type Row } from './table';
import { aText, echo, PLAIN_ECHO, type Echo } from './transport.echo';

const CALLERS = [1, 64, 256];
const ROUNDS = 5;
const SLICE_MS = 1_000;

interface TransportReport extends BenchReport {
  scenes: { callers: number; ways: Row[] }[];
}

@Module({ imports: [PlatformModule.forClient('bench')] })
class BenchModule {}

/** One process asks, one answers. */
async function measure(): Promise<TransportReport> {
  const [suite, plain] = await Promise.all(
    ['suite', 'plain'].map((name) => Service.start(`test/bench/transport.${name}.main.ts`, { NODE_ENV: 'production' })),
  );
  const app = await NestFactory.createApplicationContext(BenchModule, { abortOnError: false });
  const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
  const client = ClientProxyFactory.create({ transport: Transport.REDIS, options: { host, port: Number(port) } });
  const bus = app.get(Bus);
  const ways: Way[] = [
    {
      name: 'the suite: streams, checked, kept',
      once: async () => (await bus.ask(echo, { text: aText })).text === aText,
    },
    {
      name: 'Nest: publish and subscribe',
      once: async () => (await firstValueFrom(client.send<Echo>(PLAIN_ECHO, { text: aText }))).text === aText,
    },
  ];
  const report: TransportReport = { scenes: [], wrongs: [] };
  try {
    for (const callers of CALLERS) {
      const outcomes = await runRounds(ways, {
        ...{ callers, rounds: ROUNDS, sliceMs: SLICE_MS },
        onSlice: (way, round) => say(`${callers} callers, round ${round} of ${ROUNDS}`, `: ${way}`),
      });
      for (const { name, refused } of outcomes) {
        if (refused > 0) report.wrongs.push(`${name}: ${refused} answers were not what was asked for`);
      }
      report.scenes.push({ callers, ways: rowsOf(outcomes) });
    }
    sayNothingMore();
    return report;
  } finally {
    await client.close();
    plain.process.kill();
    await Promise.all([suite.stop(), app.close()]);
  }
}

const textOf = ({ scenes, wrongs }: TransportReport): string =>
  [
    ...scenes.map(({ callers, ways }) => tableOf(`One answer each, ${callers} at a time`, 'calls', ways)),
    wrongs.length > 0 ? wrongs.map((wrong) => `WRONG: ${wrong}`).join('\n') : 'Every call had its own answer.',
    '',
  ].join('\n');

bench(measure, textOf);
