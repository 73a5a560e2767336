import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { ConnectionOptions } from 'bullmq';
import { PlatformConfig } from './platform.config';
import { WorkerDrain } from './worker.drain';
import { redisOptions } from './redis.link';

/**
 * BullMQ's root: queues and workers come from `BullModule.registerQueue` and `@Processor`. Workers stop before any
 * connection closes.
 */
@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [PlatformConfig],
      useFactory: (config: PlatformConfig) => ({
        // 0: adding a job fails at once while Redis is away. BullMQ gives its workers `null`, that is, for ever.
        connection: { ...redisOptions(config), maxRetriesPerRequest: 0 } as ConnectionOptions,
        prefix: 'bull',
      }),
    }),
  ],
  providers: [WorkerDrain],
  exports: [BullModule],
})
export class QueueModule {}
