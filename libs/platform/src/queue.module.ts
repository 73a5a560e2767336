import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Queue, Worker, type ConnectionOptions } from 'bullmq';
import { PlatformConfig } from './platform.config';
import { QueueErrors } from './queue-errors';
import { redisOptions } from './redis-link';
import { WorkerDrain } from './worker-drain';

const errors = new QueueErrors();
/** Without a listener BullMQ writes to the console at each try. */
const hear = (error: Error) => errors.hear(error);

BullModule.queueClass = class extends Queue {
  constructor(...options: ConstructorParameters<typeof Queue>) {
    super(...options);
    this.on('error', hear);
  }
};
BullModule.workerClass = class extends Worker {
  constructor(...options: ConstructorParameters<typeof Worker>) {
    super(...options);
    this.on('error', hear);
  }
};

/** BullMQ's root: queues and workers come from `BullModule.registerQueue` and `@Processor`. */
@Module({
  imports: [
    DiscoveryModule,
    BullModule.forRootAsync({
      inject: [PlatformConfig],
      useFactory: (config: PlatformConfig) => ({
        // 0: adding a job fails at once while Redis is away. BullMQ gives its workers `null`, that is, for ever.
        connection: { ...redisOptions(config), maxRetriesPerRequest: 0 } as ConnectionOptions,
      }),
    }),
  ],
  providers: [WorkerDrain],
})
export class QueueModule {}
