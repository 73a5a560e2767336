import { randomUUID } from 'node:crypto';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { orders } from '@suite/contracts';
import { Bus, PlatformModule } from '@suite/platform';
import { Redis } from 'ioredis';
import { CommandBatch } from '../../libs/platform/src/bus/command-batch';
import { orderFact } from '../../apps/orders/src/order.view';
import { someOrder } from './grouping.orders';
import type { Way } from './rounds';

@Module({ imports: [PlatformModule.forClient('bench')] })
class BenchModule {}

let application: Promise<INestApplicationContext> | undefined;

/** Facts told into streams of their own. The length of a stream says how often something was told. */
export async function telling() {
  const app = await (application ??= NestFactory.createApplicationContext(BenchModule, { abortOnError: false }));
  const redis = app.get(Redis);
  const bus = app.get(Bus);
  await redis.flushdb();
  const batch = new CommandBatch(redis);
  const order = someOrder();
  const fact = orderFact(order, order.history[0]);
  const envelope = JSON.stringify({ p: orders.changed.name, d: fact, h: { requestId: randomUUID() }, k: 'key' });
  const way = (name: string, stream: string, once: Way['once']) => ({
    name,
    once,
    verify: async (told: number) => assertEqual(await redis.xlen(stream), told),
  });
  return [
    way('one pipeline a turn', 'bench:grouped', async () =>
      Boolean(await batch.send(['xadd', 'bench:grouped', '*', 'm', envelope])),
    ),
    way('each XADD by itself', 'bench:single', async () =>
      Boolean(await redis.xadd('bench:single', '*', 'm', envelope)),
    ),
    way('bus.tell, all told', 'ev:{orders}', async () => {
      await bus.tell(orders.changed, fact);
      return true;
    }),
  ];
}

export function assertEqual(found: number, expected: number): void {
  if (found !== expected) throw new Error(`${found} are written down instead of ${expected}`);
}
