import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { MongoClient, type Db } from 'mongodb';
import type { AnswerOf, BodyOf, Caller, Fact, Message } from '@suite/contracts';
import { Bus, PlatformModule, runInContext } from '@suite/platform';

@Module({ imports: [PlatformModule.forClient('test')] })
class TestModule {}

export interface AskOptions {
  caller?: Caller;
  idempotencyKey?: string;
}

/** What an integration test asks a service with, and looks behind it: the bus, and stores that nobody else uses. */
export interface Wires {
  /** For the services under test. */
  environment: NodeJS.ProcessEnv;
  redis: Redis;
  /** The database of a service. */
  database(service: string): Db;
  ask: <C extends Message>(contract: C, body: BodyOf<C>, options?: AskOptions) => Promise<AnswerOf<C>>;
  tell<F extends Fact>(fact: F, body: BodyOf<F>): Promise<void>;
  /** Removes the databases and closes everything. */
  close(): Promise<void>;
}

/** Databases with a prefix of their own, and the Redis database of this worker of Jest, emptied. */
export async function openWires(): Promise<Wires> {
  const prefix = `test-${randomUUID().slice(0, 8)}-`;
  const uri = new URL(process.env.MONGODB_URI ?? 'mongodb://127.0.0.1:27017/?replicaSet=rs0');
  uri.pathname = `/${prefix}`;
  const environment = {
    MONGODB_URI: uri.href,
    REDIS_DB: process.env.REDIS_DB ?? String(1 + Number(process.env.JEST_WORKER_ID ?? 1)),
  };
  Object.assign(process.env, environment);

  const app = await NestFactory.createApplicationContext(TestModule, { logger: false });
  const redis = app.get(Redis);
  await redis.flushdb();
  const mongo = await new MongoClient(uri.href).connect();
  const used = new Set<string>();
  return {
    environment,
    redis,
    database: (service) => {
      used.add(prefix + service);
      return mongo.db(prefix + service);
    },
    ask: (contract, body, { caller, idempotencyKey } = {}) =>
      runInContext({ requestId: randomUUID(), caller, idempotencyKey }, () =>
        app.get(Bus).ask(contract, body),
      ) as Promise<AnswerOf<typeof contract>>,
    tell: (fact, body) => app.get(Bus).tell(fact, body),
    close: async () => {
      for (const name of used) await mongo.db(name).dropDatabase();
      await mongo.close();
      await app.close();
    },
  };
}
